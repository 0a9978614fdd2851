//! Calls to the servers of chat platforms.
//!
//! An administrator enters the server's URL, so it may name any host. A call therefore goes to the origin of the
//! connection only: redirects are not followed, the time and the size of a response are limited, and a host
//! name must not resolve to a private address.

mod address;
mod client;
mod error;
mod origin;
mod resolver;

pub use client::{Method, PlatformClient, PlatformResponse, ServerRequest};
pub use error::PlatformError;
pub use origin::{InvalidOrigin, Origin, Targets};
