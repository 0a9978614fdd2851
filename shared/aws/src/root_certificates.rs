use std::borrow::Cow;
use std::{fmt, fs};

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::environment::{Environment, EnvironmentError};

/// The root CAs of Amazon Trust Services, which issue the certificates of all AWS endpoints
/// (<https://www.amazontrust.com/repository/>). The first of them expires in 2037.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// The root CAs that are trusted for AWS.
///
/// The operating system's list is not used. Reading its 140 or so certificates takes longer than
/// everything else that a function does before its first call.
#[derive(Clone)]
pub(crate) struct RootCertificates(Cow<'static, [u8]>);

/// The file is not a list of certificates in PEM.
#[derive(Debug, thiserror::Error)]
#[error("must name a file of certificates in PEM")]
struct InvalidBundle;

impl fmt::Debug for RootCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootCertificates")
    }
}

impl RootCertificates {
    /// Amazon's roots, or the certificates in the file that the SDKs' common `AWS_CA_BUNDLE` names.
    pub(crate) fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let bundle = environment.parsed("AWS_CA_BUNDLE", read_bundle)?;
        Ok(Self(bundle.map_or(Cow::Borrowed(AMAZON_ROOTS), Cow::Owned)))
    }

    /// The TLS configuration of a client.
    pub(crate) fn tls_context(&self) -> TlsContext {
        let roots = TrustStore::empty().with_pem_certificate(&*self.0);
        let context = TlsContext::builder().with_trust_store(roots).build();
        context.unwrap_or_default()
    }
}

/// The content of the file, if it is at least one valid certificate.
fn read_bundle(path: &str) -> Result<Vec<u8>, InvalidBundle> {
    let pem = fs::read(path).map_err(|_| InvalidBundle)?;
    match count_certificates(&pem) {
        Ok(0) | Err(InvalidBundle) => Err(InvalidBundle),
        Ok(_) => Ok(pem),
    }
}

fn count_certificates(pem: &[u8]) -> Result<usize, InvalidBundle> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| InvalidBundle)?;
        roots.add(certificate).map_err(|_| InvalidBundle)?;
    }
    Ok(roots.len())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn with_bundle(path: &str) -> Result<RootCertificates, EnvironmentError> {
        let bundle = ("AWS_CA_BUNDLE".to_owned(), path.to_owned());
        RootCertificates::from_environment(&Environment::from_variables(HashMap::from([bundle])))
    }

    #[test]
    fn all_five_amazon_roots_are_valid_certificates() {
        assert_eq!(count_certificates(AMAZON_ROOTS).unwrap(), 5);
    }

    #[test]
    fn without_a_bundle_the_amazon_roots_are_trusted() {
        assert_eq!(*with_bundle("").unwrap().0, *AMAZON_ROOTS);
    }

    #[test]
    fn a_bundle_replaces_the_amazon_roots() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/amazon-roots.pem");
        let roots = with_bundle(path).unwrap();
        assert!(matches!(roots.0, Cow::Owned(_)));
        roots.tls_context();
    }

    #[test]
    fn an_unusable_bundle_is_an_error_that_names_the_variable() {
        for path in [
            "/no/such/file",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ] {
            let error = with_bundle(path).unwrap_err().to_string();
            assert!(error.contains("AWS_CA_BUNDLE"), "{error}");
        }
    }
}
