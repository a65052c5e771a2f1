//! What the SQL stores of Mailing share: rows, codecs and common repositories.
