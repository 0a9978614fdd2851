use domain::{ConnectionId, HookKey, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use store::{ConnectionWarning, StoredConnection};

use crate::connection_write::PLATFORM;

/// A connection as callers see it.
#[derive(Debug, Serialize)]
pub(crate) struct ConnectionBody {
    id: ConnectionId,
    platform: &'static str,
    url: String,
    account_id: u64,
    conversation_prefix: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bot_id: Option<u64>,
    created_at: Timestamp,
    webhook_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    action_urls: Option<ActionUrls>,
    warnings: Vec<WarningBody>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ActionUrls {
    ask: String,
    send_transcript: String,
}

#[derive(Debug, Serialize)]
struct WarningBody {
    code: ConnectionWarning,
    detail: &'static str,
}

/// The URL of the hooks of a connection, without the key at its end. `origin` is the API's.
pub(crate) fn hook_url_prefix(origin: &str, id: &ConnectionId) -> String {
    format!("{origin}/v1/hooks/{PLATFORM}/{id}/")
}

impl ConnectionBody {
    /// The body of a connection. `origin` is the API's.
    pub(crate) fn new(stored: &StoredConnection, origin: &str) -> Self {
        let StoredConnection {
            connection,
            secrets,
        } = stored;
        let hook_url_prefix = hook_url_prefix(origin, &connection.connection_id);
        let url = |key: &HookKey| format!("{hook_url_prefix}{}", key.reveal());
        let actions = secrets.action_keys.as_ref();
        let warnings = connection.warnings.iter();
        Self {
            id: connection.connection_id.clone(),
            platform: connection.platform.as_str(),
            url: connection.url.clone(),
            account_id: connection.account_id,
            conversation_prefix: connection.conversation_prefix.clone(),
            bot_id: connection.bot_id,
            created_at: connection.created_at,
            webhook_url: url(&secrets.hook_key),
            action_urls: actions.map(|keys| ActionUrls {
                ask: url(&keys.ask),
                send_transcript: url(&keys.send_transcript),
            }),
            warnings: warnings.map(|code| describe_warning(*code)).collect(),
        }
    }

    /// The response body with this connection.
    pub(crate) fn wrapped(&self) -> Value {
        json!({"connection": self})
    }
}

fn describe_warning(code: ConnectionWarning) -> WarningBody {
    let detail = match code {
        ConnectionWarning::OwnSurvey => {
            "The platform's own survey is on in at least one inbox. Visitors may be asked twice."
        }
        ConnectionWarning::InboxesOutOfReach => {
            "The token shows only the inboxes of which its owner is a member."
        }
        ConnectionWarning::NoSignatures => {
            "The webhook's secret is not known. Update Chatwoot to 4.11.2 or newer and repeat this request, or set `webhook_secret`. Until then, anyone who knows the URL can send events."
        }
        ConnectionWarning::NoBot => {
            "There is no bot, so nothing can be posted into conversations. Set `bot_id`."
        }
        ConnectionWarning::NoAdministrator => {
            "The token is not an administrator's. Create the webhook on the platform, and set `webhook_secret`."
        }
    };
    WarningBody { code, detail }
}
