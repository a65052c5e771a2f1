//! Mailings: what is planned, launched, held and ended.

mod control;
mod desk;
mod launch;
mod made;
mod refused;

pub(super) use self::desk::draft;
