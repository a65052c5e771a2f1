//! SMTP dialogue, message preparation and the file outbox of Mailing.
