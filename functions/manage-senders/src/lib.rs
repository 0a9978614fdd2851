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

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// Lists the senders.
    List,
    /// Claims an address.
    Claim,
    /// Releases an address.
    Release,
}

impl HttpHandler for ManageSenders {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        ("GET /v1/senders", Route::List),
        ("PUT /v1/senders/{address}", Route::Claim),
        ("DELETE /v1/senders/{address}", Route::Release),
    ];

    async fn handle(&self, route: Route, request: HttpRequest) -> Result<HttpResponse, Failure> {
        match route {
            Route::List => self.list(&request).await,
            Route::Claim => self.claim(&request).await,
            Route::Release => self.release(&request).await,
        }
    }
}
