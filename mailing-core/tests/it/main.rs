//! Stories: the real services and the real engine over the memory store, a virtual clock and a
//! scripted mail server. Nothing sleeps; a test's world polls the engine's parts itself.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a story that cannot go on fails, and says where"
)]

mod calendar;
mod commit_fails;
mod control;
mod crash;
mod doubt;
mod drawings;
mod due_mailing;
mod failpoints;
mod fairness;
mod hanging_store;
mod housekeeping;
mod journal;
mod mail_servers;
mod missed;
mod once;
mod outage;
mod post;
mod rates;
mod recall;
mod refusing_domain;
mod replies;
mod services;
mod simulation;
mod slow_connection;
mod stops;
mod store_faults;
mod tally;
mod test_send;
mod workers;
mod world;
