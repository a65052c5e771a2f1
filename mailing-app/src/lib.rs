//! Configuration and composition root of Mailing.
