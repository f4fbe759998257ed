//! TLS by ring, the same as the database's.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

/// Makes ring the process's cryptography. Whoever came first stays; calling it twice does nothing.
pub fn install() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// TLS that trusts nobody, for who speaks plain HTTP: the machine's certificates need not be there then, and reading
/// them costs milliseconds. `None` if this build of ring knows no version of TLS, which can't be.
pub fn trusting_nobody() -> Option<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().ok()?;
    Some(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}
