use chatwoot::ConversationPrefix;
use domain::{ConnectionId, InvalidValue, OrganisationId, UniqueId};
use errors::{Failure, Fault, Refusal, RefusalCode};
use lambda::http::{HttpRequest, HttpResponse};
use lambda::random;
use store::{
    ActionKeys, ConnectionItem, ConnectionSecretsItem, ConnectionWarning, StoredConnection,
};

use crate::ManageConnections;
use crate::connection_body::{ConnectionBody, hook_url_prefix};
use crate::connection_request::ConnectionRequest;
use crate::connection_write::{ConnectionWriteOutcome, Existing, PLATFORM, write_connection};
use crate::platform_setup::{DesiredSetup, PlatformSetup, set_up};

/// How often the connection is read again because another request changed it.
const RETRIES: u32 = 1;

impl ManageConnections {
    /// Creates or changes a connection: first on the platform, then in the table. Each step can be repeated,
    /// so the same request completes one that was interrupted.
    pub(crate) async fn connect(
        &self,
        organisation: OrganisationId,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Failure> {
        let wanted = ConnectionRequest::decode(request, self.targets)?;
        let origin = request
            .origin()
            .ok_or_else(|| Fault::internal("the event has no domain name"))?;
        let prefix = ConversationPrefix::new(wanted.origin.as_str(), wanted.account_id);
        for _ in 0..=RETRIES {
            let existing = Existing::read(&self.table, &organisation, &wanted.id, &prefix);
            let Existing { stored, connected } = existing.await?;
            if connected.is_some_and(|connected| connected != wanted.id) {
                return Err(account_connected().into());
            }
            let previous = stored.as_ref();
            check_same_account(&wanted, previous)?;
            let secrets = secrets(&wanted, previous)?;
            let setup = self
                .set_up_platform(&organisation, &wanted, previous, &secrets, &origin)
                .await?;
            let version = random::unique_id().to_string();
            let new = StoredConnection {
                connection: ConnectionItem {
                    platform: PLATFORM,
                    connection_id: wanted.id.clone(),
                    url: wanted.origin.to_string(),
                    account_id: wanted.account_id,
                    conversation_prefix: prefix.to_string(),
                    bot_id: setup.bot_id,
                    webhook_id: setup.webhook_id.or_else(|| previous?.connection.webhook_id),
                    warnings: warnings(&setup, &secrets),
                    created_at: previous.map_or(request.now(), |it| it.connection.created_at),
                    version: version.clone(),
                },
                secrets: ConnectionSecretsItem {
                    version,
                    bot_access_token: setup.bot_access_token,
                    webhook_secret: setup.webhook_secret.or(secrets.webhook_secret),
                    ..secrets
                },
            };
            let written = write_connection(&self.table, &organisation, &new, previous).await?;
            if written == ConnectionWriteOutcome::Written {
                let body = ConnectionBody::new(&new, &origin);
                return Ok(match previous {
                    None => HttpResponse::created(body.wrapped()),
                    Some(_) => HttpResponse::ok(body.wrapped()),
                });
            }
        }
        Err(Fault::contended("another request changed the connection in every attempt").into())
    }

    async fn set_up_platform(
        &self,
        organisation: &OrganisationId,
        wanted: &ConnectionRequest,
        previous: Option<&StoredConnection>,
        secrets: &ConnectionSecretsItem,
        origin: &str,
    ) -> Result<PlatformSetup, Failure> {
        let hook_url_prefix = hook_url_prefix(origin, &wanted.id);
        let stored = previous.map(|previous| &previous.connection);
        let desired_setup = DesiredSetup {
            organisation,
            id: &wanted.id,
            webhook_url: &format!("{hook_url_prefix}{}", secrets.hook_key.reveal()),
            hook_url_prefix: &hook_url_prefix,
            webhook_id: stored.and_then(|stored| stored.webhook_id),
            bot_id: wanted.bot_id.or_else(|| stored?.bot_id),
            is_bot_id_requested: wanted.bot_id.is_some(),
            bot_name: &self.bot_name,
            bot_description: bot_description(organisation, &wanted.id),
            disables_own_survey: wanted.disables_own_survey,
        };
        let token = &secrets.api_access_token;
        let client = self.client(wanted.origin.clone(), wanted.account_id, token);
        set_up(&self.table, &client, &desired_setup).await
    }
}

/// The description of the connection's bot. Two organisations may have connections with the same id to one
/// account.
fn bot_description(organisation: &OrganisationId, id: &ConnectionId) -> String {
    let hash = UniqueId::derived_from(&["platform-bot", organisation.as_str(), id.as_str()]);
    let hash: String = hash.to_string().chars().take(8).collect();
    format!("afterchat: ratings and transcripts ({id}, {hash})")
}

/// The ids of an account's conversations depend on the server and the account, so neither can change.
fn check_same_account(
    wanted: &ConnectionRequest,
    previous: Option<&StoredConnection>,
) -> Result<(), Refusal> {
    let Some(StoredConnection { connection, .. }) = previous else {
        return Ok(());
    };
    let rule = InvalidValue::new("of a connection cannot be changed. Delete the connection first");
    if connection.url != wanted.origin.as_str() {
        return Err(Refusal::invalid_field("url", &rule));
    }
    if connection.account_id != wanted.account_id {
        return Err(Refusal::invalid_field("account_id", &rule));
    }
    Ok(())
}

/// The secrets after the change.
fn secrets(
    wanted: &ConnectionRequest,
    previous: Option<&StoredConnection>,
) -> Result<ConnectionSecretsItem, Refusal> {
    let stored = previous.map(|previous| &previous.secrets);
    let token = wanted.api_access_token.clone();
    let token = token.or_else(|| stored.map(|stored| stored.api_access_token.clone()));
    let required = || {
        let rule = InvalidValue::new("is required for a new connection");
        Refusal::invalid_field("api_access_token", &rule)
    };
    let kept = stored.filter(|_| !wanted.renews_key);
    let has_actions = wanted
        .has_unsigned_actions
        .unwrap_or_else(|| stored.is_some_and(|stored| stored.action_keys.is_some()));
    let new_action_keys = || ActionKeys {
        ask: random::hook_key(),
        send_transcript: random::hook_key(),
    };
    Ok(ConnectionSecretsItem {
        connection_id: wanted.id.clone(),
        // It is set with that of the connection.
        version: String::new(),
        api_access_token: token.ok_or_else(required)?,
        webhook_secret: wanted
            .webhook_secret
            .clone()
            .or_else(|| stored?.webhook_secret.clone()),
        bot_access_token: None,
        hook_key: kept.map_or_else(random::hook_key, |kept| kept.hook_key.clone()),
        action_keys: has_actions.then(|| {
            kept.and_then(|kept| kept.action_keys.clone())
                .unwrap_or_else(new_action_keys)
        }),
    })
}

fn warnings(setup: &PlatformSetup, secrets: &ConnectionSecretsItem) -> Vec<ConnectionWarning> {
    let mut warnings = setup.warnings.clone();
    if setup.webhook_secret.is_none() && secrets.webhook_secret.is_none() {
        warnings.push(ConnectionWarning::NoSignatures);
    }
    warnings
}

fn account_connected() -> Refusal {
    Refusal::new(
        RefusalCode::AccountConnected,
        "Another connection of the organisation is connected to this account.",
    )
    .with_member("field", "account_id")
}
