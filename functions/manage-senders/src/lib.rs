//! Manages the From addresses of an organisation. `GET /v1/senders` lists them. `PUT
//! /v1/senders/{address}` claims one, and SES verifies it. `DELETE /v1/senders/{address}` releases
//! it.

mod claim;
mod identities;
mod list;
mod marks;
mod notes;
mod release;
mod sender_update;

use std::time::Duration;

use aws::{Environment, EnvironmentError};
use domain::{SenderAddress, SenderName};
use dynamodb::Table;
use errors::{Failure, Fault};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use lambda_http::http::Method;
use serde::Serialize;
use store::{SenderItem, Verification};

use crate::identities::Identities;

/// The maximum time for the SES calls of a claim or a release, including the pauses between them.
/// The gateway waits 30 seconds for the whole function.
const TIME_FOR_SES: Duration = Duration::from_secs(15);

/// Lists, claims and releases senders.
#[derive(Clone, Debug)]
pub struct ManageSenders {
    table: Table,
    identities: Identities,
    tenants: TenantResolver,
}

/// A sender in a response.
#[derive(Debug, Serialize)]
struct SenderBody {
    address: SenderAddress,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<SenderName>,
    verification: Verification,
}

impl From<SenderItem> for SenderBody {
    fn from(item: SenderItem) -> Self {
        Self {
            address: item.address,
            name: item.name,
            verification: item.verification,
        }
    }
}

impl SenderBody {
    fn to_json(&self) -> Result<String, Fault> {
        serde_json::to_string(self)
            .map_err(|_| Fault::internal("a sender cannot be written as JSON"))
    }
}

impl ManageSenders {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let tenants = TenantResolver::from_environment(environment)?;
        Ok(Self {
            table: Table::from_environment(environment)?,
            identities: Identities::from_environment(environment, tenants.is_single())?,
            tenants,
        })
    }
}

impl HttpHandler for ManageSenders {
    async fn handle(&self, request: HttpRequest) -> Result<HttpResponse, Failure> {
        match *request.method() {
            Method::GET => self.list(&request).await,
            Method::PUT => self.claim(&request).await,
            Method::DELETE => self.release(&request).await,
            _ => Err(Fault::internal("a route of another function came here").into()),
        }
    }
}
