//! Finding the addresses of the mail server.

use std::fmt;
use std::net::SocketAddr;

use async_trait::async_trait;
use mailing_core::ports::transport::Fault;

/// Finds the addresses of a host.
#[async_trait]
pub trait Resolver: fmt::Debug + Send + Sync {
    /// The addresses of `host`, best first; never empty.
    ///
    /// # Errors
    /// [`Fault::NameNotFound`] when the name does not exist or has no address,
    /// [`Fault::NameLookup`] when that cannot be found out now.
    async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Fault>;
}

/// The operating system's resolver.
#[derive(Debug, Clone, Copy)]
pub struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Fault> {
        let found = match tokio::net::lookup_host((host, port)).await {
            Ok(found) => found.collect::<Vec<_>>(),
            Err(error) => return Err(fault(&error.to_string())),
        };
        if found.is_empty() {
            return Err(Fault::NameNotFound);
        }
        Ok(found)
    }
}

/// The standard library gives the resolver's verdict (`EAI_NONAME` and its kin) in words only.
fn fault(words: &str) -> Fault {
    const NOT_FOUND: &[&str] = &[
        "not known",
        "No address associated",
        "nodename nor servname",
    ];
    if NOT_FOUND.iter().any(|part| words.contains(part)) {
        Fault::NameNotFound
    } else {
        Fault::NameLookup
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_is_read_from_the_words_of_the_c_libraries() {
        for words in [
            "failed to lookup address information: Name or service not known",
            "failed to lookup address information: No address associated with hostname",
            "failed to lookup address information: nodename nor servname provided, or not known",
        ] {
            assert_eq!(fault(words), Fault::NameNotFound);
        }
        let later = "failed to lookup address information: Temporary failure in name resolution";
        assert_eq!(fault(later), Fault::NameLookup);
    }

    #[tokio::test]
    async fn an_address_needs_no_server() {
        let found = SystemResolver.resolve("127.0.0.1", 25).await.unwrap();
        assert_eq!(found, ["127.0.0.1:25".parse().unwrap()]);
    }
}
