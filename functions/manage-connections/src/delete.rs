use chatwoot_client::{ChatwootClient, ChatwootError, Webhook};
use domain::{ConnectionId, OrganisationId};
use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::http::{HttpRequest, HttpResponse};
use platform_client::Origin;
use store::{ConnectionKeys, StoredConnection};

use crate::ManageConnections;
use crate::connection_write::{ConnectionWriteOutcome, PLATFORM, delete_connection};

impl ManageConnections {
    /// Deletes a connection and, if this project created it, its webhook on the platform. The recorded
    /// conversations stay.
    ///
    /// If the platform cannot be reached, the webhook remains there. Its events are then answered with 404.
    pub(crate) async fn delete(
        &self,
        organisation: &OrganisationId,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Failure> {
        let id = request.path_parameter("connection_id", ConnectionId::parse)?;
        let keys = ConnectionKeys::new(organisation, PLATFORM, &id);
        let stored = StoredConnection::read(&self.table, &keys).await?;
        let Some(stored) = stored else {
            return Err(Refusal::new(
                RefusalCode::ConnectionNotFound,
                "The organisation has no connection with this id.",
            )
            .into());
        };
        let deleted = delete_connection(&self.table, organisation, &stored).await?;
        if deleted == ConnectionWriteOutcome::Changed {
            return Err(Fault::contended("another request changed the connection").into());
        }
        self.delete_webhook(&stored).await;
        Ok(HttpResponse::no_content())
    }

    async fn delete_webhook(&self, stored: &StoredConnection) {
        let connection = &stored.connection;
        let origin = Origin::parse(&connection.url, self.targets);
        if let (Ok(origin), Some(webhook)) = (origin, connection.webhook_id) {
            let token = &stored.secrets.api_access_token;
            let client = self.client(origin, connection.account_id, token);
            if let Err(error) = delete_own_webhook(&client, webhook, stored).await {
                tracing::warn!(%error, "the webhook of a deleted connection was not deleted");
            }
        }
    }
}

/// Deletes the webhook with this id, if it still has the URL of a hook of the deleted connection.
async fn delete_own_webhook(
    client: &ChatwootClient,
    id: u64,
    stored: &StoredConnection,
) -> Result<(), ChatwootError> {
    let webhooks = client.list_webhooks().await?;
    let hook_key = stored.secrets.hook_key.reveal();
    let is_own = |webhook: &&Webhook| webhook.id == id && webhook.url.ends_with(&hook_key);
    match webhooks.iter().find(is_own) {
        Some(webhook) => client.delete_webhook(webhook.id).await,
        None => Ok(()),
    }
}
