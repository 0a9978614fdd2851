use domain::{ConnectionId, ConnectionSecret, HookKey, OrganisationId, Platform, Timestamp};
use serde::{Deserialize, Serialize};

/// A connection of an organisation to one account of a chat platform, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionItem {
    /// The platform.
    pub platform: Platform,
    /// The id.
    pub connection_id: ConnectionId,
    /// The origin of the platform's server, such as `https://chat.example.com`.
    pub url: String,
    /// The id of the account on the server.
    pub account_id: u64,
    /// The beginning of the ids of the account's conversations.
    pub conversation_prefix: String,
    /// The id of the bot on the server that posts for this project. `None` if there is no bot: then
    /// nothing is posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_id: Option<u64>,
    /// The id of the webhook on the server, if this project created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<u64>,
    /// What an administrator should know, as it was when the connection was last written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<ConnectionWarning>,
    /// When the connection was created.
    pub created_at: Timestamp,
    /// The id of the request that last wrote it.
    pub version: String,
}

/// What limits a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionWarning {
    /// The platform's own survey is on in at least one inbox, so visitors may be asked twice.
    OwnSurvey,
    /// The token does not show all inboxes of the account.
    InboxesOutOfReach,
    /// The webhook's secret is not known, so events are accepted without a signature.
    NoSignatures,
    /// There is no bot, so nothing can be posted.
    NoBot,
    /// The token is not an administrator's, so the webhook must be created by hand.
    NoAdministrator,
}

/// The secrets of a connection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConnectionSecretsItem {
    /// The connection.
    pub connection_id: ConnectionId,
    /// The version of the connection with which they were written. A batch may read the two items at
    /// different times.
    pub version: String,
    /// The token for the platform's API.
    pub api_access_token: ConnectionSecret,
    /// The token of the bot, with which it posts. `None` if it is not known: then the owner of
    /// `api_access_token` posts in the name of the bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_access_token: Option<ConnectionSecret>,
    /// The secret with which the platform signs events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_secret: Option<ConnectionSecret>,
    /// The key in the URL of the hook for events.
    pub hook_key: HookKey,
    /// The keys in the URLs of the hooks for actions, if they are on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_keys: Option<ActionKeys>,
}

/// The keys in the URLs that rules and macros of the platform call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActionKeys {
    /// The key of the hook that asks for a rating.
    pub ask: HookKey,
    /// The key of the hook that sends a transcript.
    pub send_transcript: HookKey,
}

/// What a call to a hook means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookPurpose {
    /// It is an event of the platform.
    Event,
    /// Ask for a rating.
    Ask,
    /// Send a transcript.
    SendTranscript,
}

/// Finds a connection by the key of a hook. The key itself is in the connection's secrets, with which
/// a call must be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookItem {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The connection.
    pub connection_id: ConnectionId,
    /// What a call means.
    pub purpose: HookPurpose,
}

/// Names the one connection of an organisation to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedAccountItem {
    /// The connection.
    pub connection_id: ConnectionId,
}

impl ConnectionSecretsItem {
    /// The key of the hook for `purpose`; `None` if the hook is off.
    pub fn key_for(&self, purpose: HookPurpose) -> Option<&HookKey> {
        let actions = self.action_keys.as_ref();
        match purpose {
            HookPurpose::Event => Some(&self.hook_key),
            HookPurpose::Ask => actions.map(|keys| &keys.ask),
            HookPurpose::SendTranscript => actions.map(|keys| &keys.send_transcript),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_appear_in_debug_output() {
        let secret = |text| ConnectionSecret::parse(text).unwrap();
        let secrets = ConnectionSecretsItem {
            connection_id: ConnectionId::parse("main").unwrap(),
            version: "1".to_owned(),
            api_access_token: secret("hush-token"),
            bot_access_token: Some(secret("hush-bot")),
            webhook_secret: Some(secret("hush-secret")),
            hook_key: HookKey::from_bytes([1; 32]),
            action_keys: None,
        };
        assert!(!format!("{secrets:?}").contains("hush"));
        assert!(secrets.key_for(HookPurpose::Ask).is_none());
        let key = secrets.key_for(HookPurpose::Event).unwrap();
        assert!(key.equals(&secrets.hook_key));
    }
}
