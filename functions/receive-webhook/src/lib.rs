//! `POST /v1/hooks/chatwoot/{connection_id}/{key}`: the events of connected accounts of Chatwoot.
//!
//! The function records what an event says before it responds. What needs a call to the platform
//! becomes a task, because the platform waits for the response for 5 seconds only.

mod chatwoot_event;
mod event_body;

use ::chatwoot::{
    Connection, ConversationPrefix, SignatureHeaders, WebhookSecret, verify_signature,
};
use aws::{Environment, EnvironmentError};
use domain::{ConnectionId, HookKey, Platform};
use dynamodb::Table;
use errors::{Failure, Refusal, RefusalCode};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse};
use lambda_http::http::HeaderName;
use platform_store::{FoundConnection, find_by_hook};
use store::HookPurpose;

use crate::chatwoot_event::{Action, handle_action, handle_event};

/// The headers with which Chatwoot signs an event.
const SIGNATURE: HeaderName = HeaderName::from_static("x-chatwoot-signature");
const TIMESTAMP: HeaderName = HeaderName::from_static("x-chatwoot-timestamp");

/// Receives the events of chat platforms.
#[derive(Clone, Debug)]
pub struct ReceiveWebhook {
    table: Table,
}

impl ReceiveWebhook {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let table = Table::from_environment(environment)?;
        Ok(Self { table })
    }
}

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// An event of Chatwoot.
    Chatwoot,
}

impl HttpHandler for ReceiveWebhook {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[(
        "POST /v1/hooks/chatwoot/{connection_id}/{key}",
        Route::Chatwoot,
    )];

    // A message has up to 150,000 characters, and an event may contain it twice.
    const MAXIMUM_BODY_BYTES: usize = 4_000_000;

    async fn handle(&self, route: Route, request: HttpRequest) -> Result<HttpResponse, Failure> {
        let Route::Chatwoot = route;
        let found = find_connection(&self.table, &request).await?;
        let (found, purpose) = found.ok_or_else(hook_not_found)?;
        let connection = Connection {
            prefix: ConversationPrefix::new(&found.connection.url, found.connection.account_id),
            account_id: found.connection.account_id,
            bot_id: found.connection.bot_id,
        };
        let outcome = match purpose {
            HookPurpose::Event => {
                check_signature(&found, &request)?;
                handle_event(&self.table, &found, &connection, &request).await?
            }
            HookPurpose::Ask => {
                handle_action(&self.table, &found, &connection, Action::Ask, &request).await?
            }
            HookPurpose::SendTranscript => {
                let action = Action::SendTranscript;
                handle_action(&self.table, &found, &connection, action, &request).await?
            }
        };
        Ok(outcome.respond())
    }
}

/// Finds the connection of the path. A path that cannot be right takes no read.
async fn find_connection(
    table: &Table,
    request: &HttpRequest,
) -> Result<Option<(FoundConnection, HookPurpose)>, Failure> {
    let id = request.path_parameter("connection_id", ConnectionId::parse);
    let key = request.path_parameter("key", HookKey::parse);
    match (id, key) {
        (Ok(id), Ok(key)) => Ok(find_by_hook(table, Platform::Chatwoot, &id, &key).await?),
        _ => Ok(None),
    }
}

/// Checks the signature, if the secret of the connection is known. A server that is too old to sign has no
/// secret.
fn check_signature(found: &FoundConnection, request: &HttpRequest) -> Result<(), Refusal> {
    let Some(secret) = &found.secrets.webhook_secret else {
        return Ok(());
    };
    let headers = SignatureHeaders {
        signature: request.header(&SIGNATURE),
        timestamp: request.header(&TIMESTAMP),
    };
    let secret = WebhookSecret::new(secret.reveal());
    let verified = verify_signature(&secret, headers, request.body(), request.now());
    verified.map_err(|error| {
        let detail = format!("The event is not signed as expected: {error}.");
        Refusal::new(RefusalCode::InvalidSignature, detail)
    })
}

/// The same refusal for an unknown connection and an unknown key.
fn hook_not_found() -> Refusal {
    Refusal::new(
        RefusalCode::HookNotFound,
        "No connection has a hook with this URL.",
    )
}
