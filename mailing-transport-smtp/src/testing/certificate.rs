//! A certificate made for one server.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

use super::script::Script;

/// An acceptor with a certificate that it signed itself, and that certificate in PEM form.
pub(super) fn acceptor(script: &Script) -> io::Result<(TlsAcceptor, String)> {
    let mut wanted = rcgen::CertificateParams::new(script.certificate_names.clone())
        .map_err(io::Error::other)?;
    if script.certificate_expired {
        wanted.not_before = rcgen::date_time_ymd(2020, 1, 1);
        wanted.not_after = rcgen::date_time_ymd(2021, 2, 3);
    }
    let key = rcgen::KeyPair::generate().map_err(io::Error::other)?;
    let certificate = wanted.self_signed(&key).map_err(io::Error::other)?;
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(io::Error::other)?;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .map_err(io::Error::other)?;
    Ok((TlsAcceptor::from(Arc::new(config)), certificate.pem()))
}
