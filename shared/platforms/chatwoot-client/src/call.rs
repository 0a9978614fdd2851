use std::time::Duration;

use domain::ConnectionSecret;
use platform_client::{Method, Origin, PlatformClient, ServerRequest, Targets};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::ChatwootError;

/// The header with the token. Chatwoot also reads `api_access_token`, but proxies such as nginx drop
/// headers with underscores.
const TOKEN_HEADER: &str = "api-access-token";

/// A client for one account of a Chatwoot server.
#[derive(Debug)]
pub struct ChatwootClient {
    client: PlatformClient,
    pub(crate) token: ConnectionSecret,
    /// The token of the bot, if it is known.
    pub(crate) bot_token: Option<ConnectionSecret>,
    pub(crate) account_id: u64,
}

impl ChatwootClient {
    /// A client for the account `account_id` of the server at `origin`. Each call takes at most `time`.
    pub fn new(
        origin: Origin,
        targets: Targets,
        account_id: u64,
        token: ConnectionSecret,
        time: Duration,
    ) -> Self {
        Self {
            client: PlatformClient::new(origin, targets, time),
            token,
            bot_token: None,
            account_id,
        }
    }

    /// The same client, which posts with the token of the bot.
    #[must_use]
    pub fn with_bot_token(self, bot_token: Option<ConnectionSecret>) -> Self {
        Self { bot_token, ..self }
    }

    /// Calls an operation of the account, and returns the body of a successful response.
    pub(crate) async fn call_account(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Vec<u8>, ChatwootError> {
        let path = self.account_path(path);
        self.call(&self.token, method, &path, body).await
    }

    /// The path of an operation of the account.
    pub(crate) fn account_path(&self, path: &str) -> String {
        format!("/api/v1/accounts/{}/{path}", self.account_id)
    }

    /// Calls an operation of the server with `token`, and returns the body of a successful response.
    pub(crate) async fn call(
        &self,
        token: &ConnectionSecret,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Vec<u8>, ChatwootError> {
        let request = ServerRequest {
            method,
            path,
            headers: &[(TOKEN_HEADER, token.reveal())],
            body: body.map(|body| body.to_string()),
        };
        let response = self.client.send(request).await?;
        match ChatwootError::of_status(response.status) {
            None => Ok(response.body),
            Some(error) => Err(error),
        }
    }
}

/// Reads a response.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ChatwootError> {
    serde_json::from_slice(body).map_err(|_| ChatwootError::Unreadable)
}
