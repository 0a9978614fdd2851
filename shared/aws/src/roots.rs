use std::borrow::Cow;
use std::{fmt, fs};

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::environment::{Environment, EnvironmentError};

/// The root CAs of Amazon Trust Services, which issue the certificates of all AWS endpoints
/// (<https://www.amazontrust.com/repository/>). The first of them expires in 2037.
const AMAZON: &[u8] = include_bytes!("amazon-roots.pem");

/// The root CAs that are trusted for AWS.
///
/// The machine's own list is not used, because reading its 140 or so certificates takes longer than
/// everything else that a function does before its first call.
#[derive(Clone)]
pub(super) struct Roots(Cow<'static, [u8]>);

/// The file is not a list of certificates in PEM.
#[derive(Debug)]
struct Unusable;

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must name a file of certificates in PEM")
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Roots")
    }
}

impl Roots {
    /// Amazon's roots, or the certificates in the file that the SDKs' common `AWS_CA_BUNDLE` names.
    pub(super) fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let bundle = environment.parsed("AWS_CA_BUNDLE", read)?;
        Ok(Self(bundle.map_or(Cow::Borrowed(AMAZON), Cow::Owned)))
    }

    /// The TLS configuration of a client.
    pub(super) fn tls_context(&self) -> TlsContext {
        let roots = TrustStore::empty().with_pem_certificate(&*self.0);
        let context = TlsContext::builder().with_trust_store(roots).build();
        context.unwrap_or_default()
    }
}

/// The file's content, if a client accepts it.
fn read(path: &str) -> Result<Vec<u8>, Unusable> {
    let pem = fs::read(path).map_err(|_| Unusable)?;
    match count(&pem) {
        Ok(0) | Err(Unusable) => Err(Unusable),
        Ok(_) => Ok(pem),
    }
}

fn count(pem: &[u8]) -> Result<usize, Unusable> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| Unusable)?;
        roots.add(certificate).map_err(|_| Unusable)?;
    }
    Ok(roots.len())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn with_bundle(path: &str) -> Result<Roots, EnvironmentError> {
        let bundle = ("AWS_CA_BUNDLE".to_owned(), path.to_owned());
        Roots::from_environment(&Environment::given(HashMap::from([bundle])))
    }

    #[test]
    fn all_roots_of_amazon_are_read() {
        assert_eq!(count(AMAZON).unwrap(), 5);
    }

    #[test]
    fn without_a_bundle_the_roots_are_amazons() {
        assert_eq!(*with_bundle("").unwrap().0, *AMAZON);
    }

    #[test]
    fn a_bundle_takes_their_place() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/amazon-roots.pem");
        let roots = with_bundle(path).unwrap();
        assert!(matches!(roots.0, Cow::Owned(_)));
        roots.tls_context();
    }

    #[test]
    fn a_bundle_that_no_client_could_use_is_an_error_at_the_start() {
        for path in [
            "/no/such/file",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ] {
            let error = with_bundle(path).unwrap_err().to_string();
            assert!(error.contains("AWS_CA_BUNDLE"), "{error}");
        }
    }
}
