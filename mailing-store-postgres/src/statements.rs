//! Every statement of this store, for the tests that prepare each and read the plans of the hot
//! ones. No part of the interface.

use mailing_store_sql::ledger::{closing, freezing, planning, settling, sweeping};
use mailing_store_sql::{rates, users};

use crate::ledger::claim::{CLAIM, CLAIMED, FORGET_EMPTY, SHRINK_CLAIM, SUPPRESS};
use crate::ledger::settle::SETTLE;
use crate::ledger::{LAPSED, LAPSED_RUNS, LOCK_RUNS, RENEW, STALE, WALL_CLOCK};
use crate::tally::TALLY;

const OWN: &[&str] = &[
    CLAIM,
    CLAIMED,
    FORGET_EMPTY,
    LAPSED,
    LAPSED_RUNS,
    LOCK_RUNS,
    RENEW,
    SETTLE,
    SHRINK_CLAIM,
    STALE,
    SUPPRESS,
    TALLY,
    WALL_CLOCK,
    users::FIND_LOCKED,
];

/// Those that are repeated while a run is sent, whose work must not grow with what is stored.
pub const HOT: &[&str] = &[
    CLAIM,
    CLAIMED,
    LOCK_RUNS,
    SETTLE,
    settling::COUNT,
    settling::SUPPRESSED_BY,
    planning::DUE,
    planning::OPEN_RUNS,
    planning::NEXT_INSTANT,
    closing::COMPLETE,
    closing::STOPPED,
    closing::CANCEL_AHEAD,
    closing::CANCEL_BEHIND,
    closing::KEEP_DOUBTS,
    sweeping::DOUBT,
    sweeping::DOUBTED_ATTEMPTS,
    sweeping::RELEASE,
    sweeping::RETRYING,
    sweeping::RETRY,
    rates::POSTPONED,
    rates::RECALL,
    freezing::SUPPRESSED,
    freezing::EVERYBODY.bound,
    freezing::EVERYBODY.copy,
    freezing::LIST_MEMBERS.bound,
    freezing::LIST_MEMBERS.copy,
    freezing::CHOSEN.bound,
    freezing::CHOSEN.copy,
];

/// Settings of the connections that the hot ones go over.
pub const DELIVERY_SETTINGS: [(&str, &str); 6] = crate::connect::DELIVERY_SETTINGS;

/// All of them.
#[must_use]
pub fn all() -> Vec<&'static str> {
    [
        mailing_store_sql::statements(),
        crate::bulk::ALL.into(),
        OWN.into(),
    ]
    .concat()
}
