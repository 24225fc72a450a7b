//! TLS: whom the host believes to be whom.

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use souk_core::{Blame, Blamed, Origin, Scheme};
use tokio_rustls::TlsConnector;

use crate::net::Stream;
use crate::refusal::Refusal;

/// The authorities whose certificates are believed.
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

/// Why there is no trust.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// A certificate that is none.
    #[error("a root certificate cannot be read: {0}")]
    Certificate(String),
    /// The cryptography is not what it was built for.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}

impl Blamed for TrustError {
    fn blame(&self) -> Blame {
        match self {
            Self::Certificate(_) => Blame::Operator,
            Self::Setup(_) => Blame::Host,
        }
    }
}

impl Trust {
    /// Believes whom this machine believes.
    ///
    /// # Errors
    /// When TLS cannot be set up. A machine without certificates believes nobody.
    pub fn of_machine() -> Result<Self, TrustError> {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        let (known, _) = roots.add_parsable_certificates(found.certs);
        if known == 0 {
            tracing::warn!("this machine has no root certificates: no app can reach an https host");
        }
        Self::in_roots(roots)
    }

    /// Believes only these, each in DER.
    ///
    /// # Errors
    /// When one is not a certificate.
    pub fn in_only(certificates: Vec<Vec<u8>>) -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        for certificate in certificates {
            let added = roots.add(CertificateDer::from(certificate));
            added.map_err(|error| TrustError::Certificate(error.to_string()))?;
        }
        Self::in_roots(roots)
    }

    fn in_roots(roots: RootCertStore) -> Result<Self, TrustError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| TrustError::Setup(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }

    /// Speaks to an origin as its scheme says.
    pub(crate) async fn speak(&self, origin: &Origin, stream: Stream) -> Result<Stream, Refusal> {
        match origin.scheme {
            Scheme::Http => Ok(stream),
            Scheme::Https => {
                let name = ServerName::try_from(origin.host.clone()).map_err(|_| Refusal::Tls)?;
                let connector = TlsConnector::from(Arc::clone(&self.0));
                let spoken = connector.connect(name, stream).await;
                Ok(Box::new(spoken.map_err(|_| Refusal::Tls)?))
            }
        }
    }
}
