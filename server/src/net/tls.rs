//! Encryption: the operator's certificate and key, read when the server starts, when the files change and when he says
//! so. Connections that are there keep what they began with.
//!
//! Must never: log a key, or give up a certificate that works for one that does not.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::ring::{default_provider, sign::any_supported_type};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// The certificate that new connections are shown.
#[derive(Debug)]
pub(crate) struct Certificate {
    files: [PathBuf; 2],
    current: ArcSwap<CertifiedKey>,
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

impl Certificate {
    /// Reads the files.
    ///
    /// # Errors
    /// When they can't be read, or do not belong together.
    pub(crate) fn read(cert: PathBuf, key: PathBuf) -> io::Result<Arc<Self>> {
        let current = ArcSwap::from_pointee(read(&cert, &key)?);
        Ok(Arc::new(Self { files: [cert, key], current }))
    }

    /// Makes connections encrypted with it.
    ///
    /// # Errors
    /// Never, with the library's own choice of ciphers.
    pub(crate) fn acceptor(self: &Arc<Self>) -> io::Result<TlsAcceptor> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_cert_resolver(self.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // A record holds one frame at most, and a frame is far shorter than a record may be.
        config.send_tls13_tickets = 1;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Reads the files again; what can't be used is logged and changes nothing.
    pub(crate) fn reload(&self) {
        let [cert, key] = &self.files;
        match read(cert, key) {
            Ok(new) => {
                self.current.store(Arc::new(new));
                tracing::info!("the certificate was read again");
            }
            Err(error) => tracing::error!(%error, "the certificate can't be read again: the old one stays"),
        }
    }

    /// Reads the files again whenever they change, for ever.
    pub(crate) async fn follow(self: Arc<Self>) {
        let mut known = self.changed();
        loop {
            tokio::time::sleep(LOOK).await;
            let now = self.changed();
            if now != known {
                known = now;
                self.reload();
            }
        }
    }

    fn changed(&self) -> [Option<SystemTime>; 2] {
        self.files.each_ref().map(|file| fs::metadata(file).and_then(|file| file.modified()).ok())
    }
}

fn read(cert: &PathBuf, key: &PathBuf) -> io::Result<CertifiedKey> {
    let wrong = |file: &PathBuf, error: String| io::Error::other(format!("{}: {error}", file.display()));
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(cert).and_then(|certificates| certificates.collect());
    let chain = chain.map_err(|error| wrong(cert, error.to_string()))?;
    if chain.is_empty() {
        return Err(wrong(cert, "there is no certificate in it".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, error.to_string()))?;
    let private = any_supported_type(&private).map_err(|error| wrong(key, error.to_string()))?;
    let both = CertifiedKey::new(chain, private);
    both.keys_match().map_err(|error| wrong(key, error.to_string()))?;
    Ok(both)
}
