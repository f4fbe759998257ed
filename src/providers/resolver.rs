//! Names become addresses here and nowhere else, and only those that [`address::allowed`] allows are handed to a
//! socket. So the address that was checked is the one that is connected to, however often a name changes its mind.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::{self, Reach, Refused};

/// Who knows the addresses of names: the system, or a test.
pub trait Lookup: Send + Sync {
    /// All addresses of a name.
    fn lookup(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The system's own way.
#[derive(Clone, Copy, Debug)]
pub struct System;

impl Lookup for System {
    fn lookup(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let host = host.to_owned();
        async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect()) }.boxed()
    }
}

/// Why a name led nowhere.
#[derive(Debug, thiserror::Error)]
pub enum Unresolved {
    /// There is no such name, or nobody could be asked.
    #[error("the name is not found")]
    NotFound,
    /// It leads where this provider may not.
    #[error("the name leads to an address that is refused")]
    Refused(#[from] Refused),
}

/// Hands out the addresses of names that a provider with this reach may be asked at.
#[derive(Clone)]
pub struct Checked {
    /// Who knows the addresses.
    pub lookup: Arc<dyn Lookup>,
    /// How far they may lie.
    pub reach: Reach,
}

impl Checked {
    /// The addresses of a name that are allowed: at least one.
    ///
    /// # Errors
    /// [`Unresolved`]
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Unresolved> {
        let found = self.lookup.lookup(host).await.map_err(|_| Unresolved::NotFound)?;
        let mut refused = Unresolved::NotFound;
        let mut good = Vec::new();
        for ip in found {
            match address::allowed(ip, self.reach) {
                Ok(()) => good.push(ip),
                Err(reason) => refused = reason.into(),
            }
        }
        if good.is_empty() { Err(refused) } else { Ok(good) }
    }
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        async move {
            let good = this.addresses(name.as_str()).await?;
            // The port is the one of the address that is asked.
            Ok(Box::new(good.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        }
        .boxed()
    }
}
