//! The routes for the chat platform's server. `PUT /v1/conversations/{conversation_id}` records a
//! conversation, and `POST /v1/conversations/{conversation_id}/messages` records its messages. Both
//! can be retried safely.

mod conversation;
mod messages;

use aws::{Environment, EnvironmentError};
use dynamodb::Table;
use errors::{Failure, Fault};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use lambda_http::http::Method;

/// Records conversations and their messages.
#[derive(Clone, Debug)]
pub struct RecordConversation {
    table: Table,
    tenants: TenantResolver,
}

impl RecordConversation {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
        })
    }
}

impl HttpHandler for RecordConversation {
    async fn handle(&self, request: HttpRequest) -> Result<HttpResponse, Failure> {
        match *request.method() {
            Method::PUT => self.record_conversation(&request).await,
            Method::POST => self.record_messages(&request).await,
            _ => Err(Fault::internal("a route of another function came here").into()),
        }
    }
}
