//! Every statement of this store, for the tests that prepare each and read the plans of the hot
//! ones. No part of the interface.

use mailing_store_sql::ledger::{closing, freezing, planning, settling, sweeping};
use mailing_store_sql::rates;

use crate::ledger::claim::{AHEAD, BEHIND, CLAIMED, FIND_RUN, INSERT_CLAIM, MOVE_CURSOR, TAKE};
use crate::ledger::settle::{FORGET_SETTLED, INSERT_ATTEMPTS, SETTLE, SETTLE_CLAIM};
use crate::ledger::{LAPSED, RENEW, STALE};
use crate::tally::TALLY;

const OWN: &[&str] = &[
    AHEAD,
    BEHIND,
    CLAIMED,
    FIND_RUN,
    FORGET_SETTLED,
    INSERT_ATTEMPTS,
    INSERT_CLAIM,
    LAPSED,
    MOVE_CURSOR,
    RENEW,
    SETTLE,
    SETTLE_CLAIM,
    STALE,
    TAKE,
    TALLY,
];

/// Those that are repeated while a run is sent, whose work must not grow with what is stored.
pub const HOT: &[&str] = &[
    AHEAD,
    BEHIND,
    CLAIMED,
    FIND_RUN,
    INSERT_ATTEMPTS,
    MOVE_CURSOR,
    SETTLE,
    SETTLE_CLAIM,
    TAKE,
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

/// Those that take a batch or a page of recipients, whose work must not grow with the others.
#[must_use]
pub fn batches() -> Vec<&'static str> {
    [crate::bulk::ALL, mailing_store_sql::imports::ALL].concat()
}

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
