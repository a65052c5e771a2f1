//! What the transports do, seen from the port.

mod build;
mod outbox;
mod sample;
