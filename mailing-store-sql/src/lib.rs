//! What the SQL stores of Mailing share: rows, codecs, statements, and the bodies of the
//! repositories that both databases take as they are.
//!
//! A body is written once, in a macro that each adapter expands for its own unit of work: bounds
//! generic over sqlx's `Database` would grow to a screen for each function, and its `Any` driver
//! loses types. Where the databases really differ (claims, bulk loads, locks, errors), each adapter
//! has its own statements.
//!
//! A unit that expands the macros has `fn connection(&mut self)` and `fn failed(sqlx::Error) ->
//! StoreError`, and its crate the statements that a macro's documentation names.

pub mod audit;
pub mod blog;
pub mod bulk;
pub mod codec;
pub mod cursor;
pub mod erasure;
pub mod exports;
pub mod filter;
pub mod folding;
pub mod imports;
pub mod instance;
pub mod leased;
pub mod ledger;
pub mod lists;
pub mod mailing_audience;
pub mod mailings;
pub mod messages;
pub mod migration;
pub mod names;
pub mod open;
pub mod owned;
pub mod posts;
pub mod rates;
pub mod recipient_pages;
pub mod recipients;
pub mod reports;
pub mod rows;
pub mod run_control;
pub mod run_log;
pub mod run_retry;
pub mod runs;
pub mod second_factors;
pub mod senders;
pub mod sessions;
pub mod shared_queries;
pub mod statistics;
pub mod submissions;
pub mod supervision;
pub mod suppressions;
pub mod system_mails;
pub mod throttle;
pub mod tokens;
pub mod unreadable;
pub mod uploads;
pub mod users;

/// Every statement that both databases take, for the tests that prepare each.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    [
        &erasure::all(),
        users::ALL,
        sessions::ALL,
        throttle::ALL,
        senders::ALL,
        audit::ALL,
        blog::ALL,
        exports::ALL,
        imports::ALL,
        instance::ALL,
        lists::ALL,
        mailing_audience::ALL,
        mailings::ALL,
        messages::ALL,
        posts::ALL,
        rates::ALL,
        recipient_pages::ALL,
        recipients::ALL,
        reports::ALL,
        run_control::ALL,
        run_log::ALL,
        run_retry::ALL,
        runs::ALL,
        second_factors::ALL,
        statistics::ALL,
        folding::ALL,
        submissions::ALL,
        supervision::ALL,
        suppressions::ALL,
        system_mails::ALL,
        tokens::ALL,
        uploads::ALL,
        ledger::barring::ALL,
        ledger::check::ALL,
        ledger::closing::ALL,
        ledger::freezing::ALL,
        ledger::planning::ALL,
        ledger::recovering::ALL,
        ledger::settling::ALL,
        ledger::sweeping::ALL,
    ]
    .concat()
}
