use std::io;
use std::net::IpAddr;

use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};

use crate::address::is_public;
use crate::origin::Targets;

/// Resolves the host for each TCP connection, which uses the addresses that were checked. So a name
/// cannot resolve to another address between the check and the use.
#[derive(Clone, Debug)]
pub(crate) struct CheckedResolver<L> {
    pub(crate) targets: Targets,
    pub(crate) lookup: L,
}

/// Finds the addresses of a host name.
pub(crate) trait Lookup: Clone + std::fmt::Debug + Send + Sync + 'static {
    fn addresses(&self, host: &str) -> impl Future<Output = io::Result<Vec<IpAddr>>> + Send;
}

/// The resolver of the operating system.
#[derive(Clone, Debug)]
pub(crate) struct SystemLookup;

/// At least one of the host's addresses is not public.
#[derive(Debug, thiserror::Error)]
#[error("the host has a private address")]
pub(crate) struct PrivateAddress;

impl Lookup for SystemLookup {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let addresses = tokio::net::lookup_host((host, 0)).await?;
        Ok(addresses.map(|address| address.ip()).collect())
    }
}

impl<L: Lookup> ResolveDns for CheckedResolver<L> {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let addresses = self.lookup.addresses(name).await;
            let addresses = addresses.map_err(ResolveDnsError::new)?;
            match self.targets {
                Targets::Public if !addresses.iter().copied().all(is_public) => {
                    Err(ResolveDnsError::new(PrivateAddress))
                }
                Targets::Public | Targets::Any => Ok(addresses),
            }
        })
    }
}
