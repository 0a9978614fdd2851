//! Manages the From addresses of an organisation. `GET /v1/senders` lists them. `PUT
//! /v1/senders/{address}` claims one, and SES verifies it. `DELETE /v1/senders/{address}` releases
//! it.

mod claim;
mod identities;
mod identity_names;
mod list;
mod marks;
mod notes;
mod release;
mod sender_body;
mod sender_update;
mod throttling;

use aws::{Environment, EnvironmentError};
use dynamodb::Table;
use errors::Failure;
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};

use crate::claim::claim;
use crate::identities::Identities;
use crate::list::list;
use crate::release::release;

/// Lists, claims and releases senders.
#[derive(Clone, Debug)]
pub struct ManageSenders {
    table: Table,
    identities: Identities,
    tenants: TenantResolver,
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
        let Self {
            table,
            identities,
            tenants,
        } = self;
        match route {
            Route::List => list(table, identities, tenants, &request).await,
            Route::Claim => claim(table, identities, tenants, &request).await,
            Route::Release => release(table, identities, tenants, &request).await,
        }
    }
}
