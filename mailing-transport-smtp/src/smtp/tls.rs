//! Encryption: whom to trust, and when.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;

use super::certificate;
use crate::options::{Roots, TlsMode};
use crate::target::{OpenError, Security, Server};

/// How connections to one server are encrypted.
pub(super) struct Encryption {
    /// When the handshake takes place, if ever.
    pub(super) start: Start,
    /// Makes the handshake.
    pub(super) connector: TlsConnector,
    /// The name that the certificate must have.
    pub(super) name: ServerName<'static>,
}

/// When the handshake takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// Before the greeting.
    AtOnce,
    /// By STARTTLS, which the server must offer.
    Demanded,
    /// By STARTTLS, when the server offers it.
    WhenOffered,
    /// Never.
    Never,
}

impl Encryption {
    /// Decides from the URL and the option. On loopback a server is believed without a certificate.
    pub(super) fn new(
        server: &Server,
        option: Option<TlsMode>,
        roots: &Roots,
    ) -> Result<Self, OpenError> {
        let by_host = if server.is_loopback() {
            TlsMode::Opportunistic
        } else {
            TlsMode::Required
        };
        let start = match (server.security, option.unwrap_or(by_host)) {
            (Security::Implicit, _) => Start::AtOnce,
            (Security::StartTls, _) | (Security::ByOption, TlsMode::Required) => Start::Demanded,
            (Security::ByOption, TlsMode::Opportunistic) => Start::WhenOffered,
            (Security::ByOption, TlsMode::None) => Start::Never,
        };
        let checked = matches!(start, Start::AtOnce | Start::Demanded);
        if server.credentials.is_some() && !checked && !server.is_loopback() {
            return Err(OpenError::CredentialsInClear {
                host: server.host.clone(),
            });
        }
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| OpenError::Malformed(error.to_string()))?;
        let config = if checked {
            builder
                .dangerous()
                .with_custom_certificate_verifier(certificate::verifier(trusted(roots)?, provider)?)
        } else {
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyServer(provider)))
        };
        let name = ServerName::try_from(server.host.clone())
            .map_err(|error| OpenError::Malformed(error.to_string()))?;
        Ok(Self {
            start,
            connector: TlsConnector::from(Arc::new(config.with_no_client_auth())),
            name,
        })
    }
}

/// The operating system's certificates and those of the configuration.
fn trusted(extra: &Roots) -> Result<RootCertStore, OpenError> {
    let mut store = RootCertStore::empty();
    let native = rustls_native_certs::load_native_certs();
    for problem in &native.errors {
        tracing::warn!(%problem, "some root certificates of the system cannot be read");
    }
    store.add_parsable_certificates(native.certs);
    for root in &extra.0 {
        store
            .add(root.clone())
            .map_err(|error| OpenError::Roots(error.to_string()))?;
    }
    Ok(store)
}

/// Opportunistic encryption (RFC 7435): against listeners, not against impostors.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Target;

    fn encryption(url: &str, option: Option<TlsMode>) -> Result<Start, OpenError> {
        let Ok(Target::Smtp(server)) = Target::parse(url) else {
            panic!("{url}");
        };
        Encryption::new(&server, option, &Roots::default()).map(|made| made.start)
    }

    #[test]
    fn a_server_elsewhere_must_encrypt_unless_told_otherwise() {
        use TlsMode::{None as Never, Opportunistic, Required};
        for (url, option, start) in [
            ("smtp://relay.example", None, Start::Demanded),
            (
                "smtp://relay.example",
                Some(Opportunistic),
                Start::WhenOffered,
            ),
            ("smtp://relay.example", Some(Never), Start::Never),
            ("smtp://127.0.0.1", None, Start::WhenOffered),
            ("smtp://127.0.0.1", Some(Required), Start::Demanded),
            ("smtp+starttls://127.0.0.1", Some(Never), Start::Demanded),
            ("smtps://127.0.0.1", Some(Never), Start::AtOnce),
        ] {
            assert_eq!(encryption(url, option).unwrap(), start, "{url} {option:?}");
        }
    }

    #[test]
    fn credentials_are_not_taken_for_an_unchecked_connection_off_loopback() {
        let url = "smtp://ann:hunter2@relay.example";
        for option in [TlsMode::Opportunistic, TlsMode::None] {
            let error = encryption(url, Some(option)).unwrap_err();
            assert!(matches!(error, OpenError::CredentialsInClear { .. }));
            assert!(!error.to_string().contains("hunter2"));
        }
        assert!(encryption(url, None).is_ok());
        assert!(encryption("smtp://ann:hunter2@localhost", Some(TlsMode::None)).is_ok());
    }
}
