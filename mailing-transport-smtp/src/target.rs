//! What a URL names: a mail server or a folder.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use url::Url;

/// The schemes that [`open`](crate::open) knows.
pub const SCHEMES: &[&str] = &["smtp://", "smtp+starttls://", "smtps://", "file://"];

/// Where messages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A mail server.
    Smtp(Server),
    /// A folder of files.
    Folder(PathBuf),
}

/// A mail server, as the URL names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// Name as A-label, or an IP address.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) credentials: Option<Credentials>,
}

/// What the scheme says about encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// `smtp://`: the option decides.
    ByOption,
    /// `smtp+starttls://`.
    StartTls,
    /// `smtps://`: TLS before the greeting.
    Implicit,
}

/// User and password for `AUTH`. Neither shows in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user's name at the mail server.
    pub(crate) user: String,
    /// The password.
    pub(crate) password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(hidden)")
    }
}

/// Why a transport cannot be opened. Never holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The scheme is none of [`SCHEMES`].
    #[error("{scheme:?} is no mail transport; known are {}", SCHEMES.join(", "))]
    UnknownScheme {
        /// What stood before `://`.
        scheme: String,
    },
    /// The URL cannot be read.
    #[error("the mail server's URL cannot be read: {0}")]
    Malformed(String),
    /// A password would go over the network in clear, or to nobody knows whom.
    #[error(
        "credentials for {host} need encryption: use smtp+starttls:// or smtps://, or tls = \"required\""
    )]
    CredentialsInClear {
        /// The server.
        host: String,
    },
    /// The name for `EHLO` is neither a domain nor an address literal.
    #[error("{0:?} is no name for EHLO: give a domain name or an address in brackets")]
    Helo(String),
    /// The additional root certificates cannot be read.
    #[error("the root certificates cannot be read: {0}")]
    Roots(String),
    /// The folder of a file outbox cannot be made.
    #[error("the outbox folder {folder} cannot be made: {source}")]
    Folder {
        /// Which folder.
        folder: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
}

impl Target {
    /// Reads a URL.
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        let (scheme, rest) = url.split_once("://").unwrap_or((url, ""));
        match scheme {
            "file" => folder(rest).map(Self::Folder),
            "smtp" => server(url, Security::ByOption, 25).map(Self::Smtp),
            "smtp+starttls" => server(url, Security::StartTls, 587).map(Self::Smtp),
            "smtps" => server(url, Security::Implicit, 465).map(Self::Smtp),
            // Without "://" the text may be anything, a password included.
            _ => Err(OpenError::UnknownScheme {
                scheme: if url.contains("://") { scheme } else { "" }.to_owned(),
            }),
        }
    }
}

impl Server {
    /// True when the connection cannot leave this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.to_canonical().is_loopback())
    }
}

fn malformed(problem: impl fmt::Display) -> OpenError {
    OpenError::Malformed(problem.to_string())
}

fn folder(rest: &str) -> Result<PathBuf, OpenError> {
    let path = decode(rest, "folder")?;
    if path.is_empty() || path.contains('\0') {
        return Err(malformed("file:// needs a folder, as in file://outbox/"));
    }
    Ok(PathBuf::from(path))
}

fn server(url: &str, security: Security, default_port: u16) -> Result<Server, OpenError> {
    let url = Url::parse(url).map_err(malformed)?;
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(malformed("nothing may follow the port"));
    }
    let host = match url.host() {
        Some(url::Host::Domain(name)) => domain(name)?,
        Some(url::Host::Ipv4(address)) => address.to_string(),
        Some(url::Host::Ipv6(address)) => address.to_string(),
        None => return Err(malformed("the server's name is missing")),
    };
    let credentials = match (url.username(), url.password()) {
        ("", None) => None,
        (user, Some(password)) if !user.is_empty() => Some(Credentials {
            user: secret(user)?,
            password: secret(password)?,
        }),
        _ => return Err(malformed("user and password go together")),
    };
    Ok(Server {
        host,
        port: url.port().unwrap_or(default_port),
        security,
        credentials,
    })
}

/// The A-label of a name, or an IPv4 address (which the URL's reader leaves to us for our schemes).
fn domain(name: &str) -> Result<String, OpenError> {
    let name = decode(name, "server's name")?;
    idna::domain_to_ascii(&name)
        .ok()
        .filter(|ascii| {
            let legal =
                |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
            !ascii.is_empty() && ascii.bytes().all(legal)
        })
        .ok_or_else(|| malformed("the server's name is no domain name"))
}

fn secret(encoded: &str) -> Result<String, OpenError> {
    let decoded = decode(encoded, "user or password")?;
    // NUL separates the fields of AUTH PLAIN (RFC 4616).
    if decoded.contains('\0') {
        return Err(malformed("the user or password holds a NUL"));
    }
    Ok(decoded)
}

fn decode(encoded: &str, what: &str) -> Result<String, OpenError> {
    percent_decode_str(encoded)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| malformed(format!("the {what} is not UTF-8")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(url: &str) -> Server {
        match Target::parse(url) {
            Ok(Target::Smtp(server)) => server,
            other => panic!("{url}: {other:?}"),
        }
    }

    #[test]
    fn each_scheme_has_its_port_and_security() {
        for (url, port, security) in [
            ("smtp://relay.example", 25, Security::ByOption),
            ("smtp://relay.example:2525/", 2525, Security::ByOption),
            ("smtp+starttls://relay.example", 587, Security::StartTls),
            ("smtps://relay.example", 465, Security::Implicit),
        ] {
            let server = smtp(url);
            assert_eq!((server.port, server.security), (port, security), "{url}");
            assert_eq!(server.host, "relay.example");
        }
    }

    #[test]
    fn user_and_password_are_percent_decoded_and_hidden() {
        let server = smtp("smtps://ann%40example.org:p%3A%2Fs%D1%8F@relay.example");
        let credentials = server.credentials.clone().unwrap();
        assert_eq!(credentials.user, "ann@example.org");
        assert_eq!(credentials.password, "p:/sя");
        assert!(!format!("{server:?}").contains("p:/s"));
        assert!(!format!("{server:?}").contains("ann"));
    }

    #[test]
    fn hosts_are_names_idns_and_addresses() {
        assert_eq!(smtp("smtp://почта.рф").host, "xn--80a1acny.xn--p1ai");
        assert_eq!(smtp("smtp://[::1]:25").host, "::1");
        assert!(smtp("smtp://[::1]").is_loopback());
        assert!(smtp("smtp://127.0.0.1").is_loopback());
        assert!(smtp("smtp://localhost").is_loopback());
        assert!(!smtp("smtp://10.0.0.1").is_loopback());
        assert!(!smtp("smtp://localhost.example").is_loopback());
    }

    #[test]
    fn a_folder_is_relative_or_absolute() {
        for (url, folder) in [
            ("file://outbox/", "outbox/"),
            ("file:///tmp/x", "/tmp/x"),
            ("file://my%20box", "my box"),
        ] {
            assert_eq!(Target::parse(url).unwrap(), Target::Folder(folder.into()));
        }
    }

    #[test]
    fn an_unknown_scheme_lists_the_known_ones() {
        let problem = Target::parse("http://relay.example")
            .unwrap_err()
            .to_string();
        for scheme in SCHEMES {
            assert!(problem.contains(scheme), "{problem}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_without_telling_the_password() {
        for url in [
            "",
            "relay.example",
            "user:hunter2@relay.example",
            "smtp://",
            "smtp://user@relay.example",
            "smtp://:hunter2@relay.example",
            "smtp://user:hunter2@relay.example:port",
            "smtp://user:hunter2@relay.example/path",
            "smtp://user:hunter2@relay.example?tls=none",
            "smtp://user:hunter2%00@relay.example",
            "smtp://user:hunter2%FF@relay.example",
            "smtp://user:hunter2@relay%0D%0A.example",
            "file://",
        ] {
            let error = Target::parse(url).unwrap_err();
            assert!(
                !format!("{error} {error:?}").contains("hunter2"),
                "{error:?}"
            );
        }
    }
}
