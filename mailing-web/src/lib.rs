//! Pages and HTTP interface of Mailing.
