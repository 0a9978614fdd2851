//! The routes for the chat platform's server. `PUT /v1/conversations/{conversation_id}` records a
//! conversation, and `POST /v1/conversations/{conversation_id}/messages` records its messages. Both
//! can be retried safely.

mod conversation;
mod messages;

use aws::{Environment, EnvironmentError};
use dynamodb::Table;
use errors::Failure;
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};

use crate::conversation::record_conversation;
use crate::messages::record_messages;

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

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// Records a conversation.
    Conversation,
    /// Records messages of a conversation.
    Messages,
}

impl HttpHandler for RecordConversation {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        (
            "PUT /v1/conversations/{conversation_id}",
            Route::Conversation,
        ),
        (
            "POST /v1/conversations/{conversation_id}/messages",
            Route::Messages,
        ),
    ];

    async fn handle(&self, route: Route, request: HttpRequest) -> Result<HttpResponse, Failure> {
        match route {
            Route::Conversation => record_conversation(&self.table, &self.tenants, &request).await,
            Route::Messages => record_messages(&self.table, &self.tenants, &request).await,
        }
    }
}
