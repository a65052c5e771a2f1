//! What the transports do, seen from the port.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod build;
#[cfg(test)]
mod encryption;
#[cfg(test)]
mod garbage;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod pipelining;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod reuse;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod server;
#[cfg(test)]
mod taken;
