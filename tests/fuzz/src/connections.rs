//! The items of the connection `main`, whose account has every prefix.
//!
//! Its server has a private address, which no request of the API can name, so no fuzzed request calls a server.

use domain::HookKey;
use serde_json::{Value, json};

/// The key of the hook for events, and those of the hooks that ask and send a transcript.
fn hook_keys() -> [(&'static str, HookKey); 3] {
    [
        ("event", HookKey::from_bytes([0; 32])),
        ("ask", HookKey::from_bytes([1; 32])),
        ("send_transcript", HookKey::from_bytes([2; 32])),
    ]
}

/// The hook whose partition key is `partition`.
pub(crate) fn hook(partition: &str) -> Option<Value> {
    let hash = partition.strip_prefix("#HOOKS#chatwoot#")?;
    let (purpose, _) = hook_keys()
        .into_iter()
        .find(|(_, key)| key.hash() == hash)?;
    Some(json!({
        "organisation": { "S": "main" },
        "connection_id": { "S": "main" },
        "purpose": { "S": purpose },
    }))
}

/// The item that names the connection of an account.
pub(crate) fn connected_account() -> Value {
    json!({ "connection_id": { "S": "main" } })
}

pub(crate) fn connection() -> Value {
    json!({
        "platform": { "S": "chatwoot" },
        "connection_id": { "S": "main" },
        "url": { "S": "https://10.0.0.1" },
        "account_id": { "N": "2" },
        "conversation_prefix": { "S": "cw-0123456789ab-" },
        "bot_id": { "N": "7" },
        "webhook_id": { "N": "8" },
        "created_at": { "S": "2026-01-05T09:00:00.000Z" },
        "version": { "S": "1" },
    })
}

/// The secrets of the connection. Its events need no signature.
pub(crate) fn secrets() -> Value {
    let [event, ask, send_transcript] = hook_keys().map(|(_, key)| json!({ "S": key.reveal() }));
    json!({
        "connection_id": { "S": "main" },
        "version": { "S": "1" },
        "api_access_token": { "S": "token" },
        "hook_key": event,
        "action_keys": { "M": { "ask": ask, "send_transcript": send_transcript } },
    })
}
