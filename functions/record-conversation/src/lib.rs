//! The chat platform's server tells what is going on:
//! `PUT /v1/conversations/{conversation_id}` records a conversation,
//! `POST /v1/conversations/{conversation_id}/messages` its messages. Both may be repeated safely.

mod conversation;
mod messages;

use aws::{Environment, EnvironmentError};
use dynamodb::Table;
use errors::{Failure, Fault};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use lambda_http::http::Method;

/// The function.
#[derive(Clone, Debug)]
pub struct RecordConversation {
    table: Table,
    tenancy: TenantResolver,
}

impl RecordConversation {
    /// The function as the environment wires it.
    ///
    /// # Errors
    /// Where a variable is missing or breaks its rule.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenancy: TenantResolver::from_environment(environment)?,
        })
    }
}

impl HttpHandler for RecordConversation {
    async fn handle(&self, call: HttpRequest) -> Result<HttpResponse, Failure> {
        match *call.method() {
            Method::PUT => self.record_conversation(&call).await,
            Method::POST => self.record_messages(&call).await,
            _ => Err(Fault::internal("a route of another function came here").into()),
        }
    }
}
