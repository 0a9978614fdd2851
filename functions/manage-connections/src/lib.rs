//! The connections of an organisation to its accounts on chat platforms. `GET /v1/connections` lists
//! them, and `PUT` and `DELETE /v1/connections/chatwoot/{connection_id}` create, change and delete one.
//!
//! With an administrator's token, a `PUT` creates the webhook and the bot on the platform.

mod connect;
mod connection_body;
mod connection_request;
mod connection_write;
mod delete;
mod list;
mod platform_setup;

use std::time::Duration;

use aws::{Environment, EnvironmentError};
use chatwoot_client::ChatwootClient;
use domain::ConnectionSecret;
use dynamodb::Table;
use errors::Failure;
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use platform_client::{Origin, Targets};

/// How long one call to the platform may take.
const TIME_PER_CALL: Duration = Duration::from_secs(5);

/// Manages connections.
#[derive(Clone, Debug)]
pub struct ManageConnections {
    table: Table,
    tenants: TenantResolver,
    targets: Targets,
    /// `BRAND_NAME`: the name of the bot that posts.
    bot_name: String,
}

impl ManageConnections {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
            targets: environment
                .parsed("PLATFORM_TARGETS", Targets::parse)?
                .unwrap_or_default(),
            bot_name: environment.required("BRAND_NAME")?,
        })
    }

    /// A client for an account of the server at `origin`.
    fn client(&self, origin: Origin, account_id: u64, token: &ConnectionSecret) -> ChatwootClient {
        ChatwootClient::new(
            origin,
            self.targets,
            account_id,
            token.clone(),
            TIME_PER_CALL,
        )
    }
}

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// Lists the connections.
    List,
    /// Creates or changes a connection.
    Connect,
    /// Deletes a connection.
    Delete,
}

impl HttpHandler for ManageConnections {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        ("GET /v1/connections", Route::List),
        (
            "PUT /v1/connections/chatwoot/{connection_id}",
            Route::Connect,
        ),
        (
            "DELETE /v1/connections/chatwoot/{connection_id}",
            Route::Delete,
        ),
    ];

    async fn handle(&self, route: Route, request: HttpRequest) -> Result<HttpResponse, Failure> {
        let organisation = self.tenants.organisation(&request)?;
        match route {
            Route::List => self.list(&organisation, &request).await,
            Route::Connect => self.connect(organisation, &request).await,
            Route::Delete => self.delete(&organisation, &request).await,
        }
    }
}
