//! Pages and HTTP interface of Mailing.

pub mod i18n;
