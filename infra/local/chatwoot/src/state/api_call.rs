//! A record of an API call.

use domain::Timestamp;

/// A request to the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCall {
    /// When it arrived.
    pub at: Timestamp,
    /// The method, such as `GET`.
    pub method: String,
    /// The path with the query.
    pub path: String,
}
