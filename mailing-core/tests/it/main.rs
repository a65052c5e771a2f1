//! Stories: the real services and the real engine over the memory store, a virtual clock and a
//! scripted mail server. Nothing sleeps; a test's world polls the engine's parts itself.

mod calendar;
mod commit_fails;
mod due_mailing;
mod missed;
mod world;
