//! Mailings: what is planned, launched, held and ended.

mod control;
mod desk;
mod edited;
mod launch;
mod made;
mod refused;
mod reviewed;

pub(super) use self::desk::draft;
