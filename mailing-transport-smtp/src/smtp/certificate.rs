//! What is wrong with a server's certificate, in a sentence with its name, issuer and end.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

use crate::target::OpenError;

/// Longest piece of a certificate that is told.
const PIECE_MAX: usize = 100;

/// Checks certificates against `roots`, and says whose certificate it refuses.
///
/// # Errors
/// [`OpenError::Roots`] when there is no root at all.
pub(super) fn verifier(
    roots: RootCertStore,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, OpenError> {
    let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| OpenError::Roots(error.to_string()))?;
    Ok(Arc::new(Telling(inner)))
}

/// What a failed handshake says: the sentence about the certificate, if it was that.
pub(super) fn told(error: &io::Error) -> String {
    let inner = error
        .get_ref()
        .and_then(|error| error.downcast_ref::<Error>());
    match inner {
        Some(Error::InvalidCertificate(CertificateError::Other(OtherError(refused)))) => {
            refused.to_string()
        }
        _ => error.to_string(),
    }
}

/// The usual check, whose refusal names the certificate.
#[derive(Debug)]
struct Telling(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for Telling {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.0
            .verify_server_cert(certificate, intermediates, name, ocsp, now)
            .map_err(|error| refused(certificate, name, error))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// A refused certificate.
#[derive(Debug)]
struct Refused {
    /// The names that it is for.
    names: String,
    issuer: String,
    /// Its last day.
    until: String,
    why: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            names,
            issuer,
            until,
            why,
        } = self;
        write!(
            f,
            "certificate of {names}, issued by {issuer}, valid until {until}: {why}"
        )
    }
}

impl std::error::Error for Refused {}

/// The same refusal, with the certificate in words. One that cannot be read is refused as it was.
fn refused(der: &CertificateDer<'_>, name: &ServerName<'_>, error: Error) -> Error {
    let Error::InvalidCertificate(problem) = error else {
        return error;
    };
    let Ok((_, read)) = X509Certificate::from_der(der) else {
        return Error::InvalidCertificate(problem);
    };
    let refused = Refused {
        names: names(&read),
        issuer: piece(&read.issuer().to_string()),
        until: day(read.validity().not_after.timestamp()),
        why: why(&read, name, &problem),
    };
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refused))))
}

fn why(read: &X509Certificate<'_>, name: &ServerName<'_>, problem: &CertificateError) -> String {
    use CertificateError as Problem;
    match problem {
        Problem::NotValidForName | Problem::NotValidForNameContext { .. } => {
            format!("it is not for {}", name.to_str())
        }
        Problem::Expired | Problem::ExpiredContext { .. } => "it has expired".to_owned(),
        Problem::NotValidYet | Problem::NotValidYetContext { .. } => {
            let from = day(read.validity().not_before.timestamp());
            format!("it is not valid before {from}")
        }
        Problem::UnknownIssuer if read.issuer() == read.subject() => {
            "it is signed by itself and not trusted here".to_owned()
        }
        Problem::UnknownIssuer => "its issuer is not trusted here".to_owned(),
        other => other.to_string(),
    }
}

/// The names in it, or its subject where it has none.
fn names(read: &X509Certificate<'_>) -> String {
    let alternative = read.subject_alternative_name().ok().flatten();
    let names: Vec<String> = alternative
        .iter()
        .flat_map(|extension| &extension.value.general_names)
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => address(bytes),
            _ => None,
        })
        .collect();
    if names.is_empty() {
        piece(&read.subject().to_string())
    } else {
        piece(&names.join(", "))
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let v4 = <[u8; 4]>::try_from(bytes).map(std::net::IpAddr::from);
    let v6 = || <[u8; 16]>::try_from(bytes).map(std::net::IpAddr::from);
    v4.or_else(|_| v6()).ok().map(|address| address.to_string())
}

/// The first characters, control characters escaped: the other end wrote it.
fn piece(text: &str) -> String {
    let mut told: String = text
        .chars()
        .take(PIECE_MAX)
        .flat_map(char::escape_debug)
        .collect();
    if told.is_empty() {
        told.push('?');
    }
    told
}

fn day(seconds: i64) -> String {
    chrono::DateTime::from_timestamp(seconds, 0).map_or_else(
        || "?".to_owned(),
        |instant| instant.date_naive().to_string(),
    )
}
