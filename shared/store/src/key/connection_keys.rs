//! The keys of connections to chat platforms, of their secrets and of their hooks.

use domain::{ConnectionId, HookKey, OrganisationId, Platform};
use dynamodb::Key;

/// The partition key of an organisation's connections. It has two `#`, so it is not the partition of
/// a conversation.
pub fn connections_partition(organisation: &OrganisationId) -> String {
    format!("{organisation}#ORGANISATION#CONNECTIONS")
}

/// The prefix of the sort keys of an organisation's connections to `platform`.
pub fn connections_of(platform: Platform) -> String {
    format!("{platform}#")
}

/// The key of a connection.
pub fn connection(organisation: &OrganisationId, platform: Platform, id: &ConnectionId) -> Key {
    Key {
        pk: connections_partition(organisation),
        sk: format!("{platform}#{id}"),
    }
}

/// The key of the item that names the one connection to an account of a platform. `prefix` is the
/// beginning of the ids of the account's conversations.
pub fn connected_account(organisation: &OrganisationId, platform: Platform, prefix: &str) -> Key {
    Key {
        pk: connections_partition(organisation),
        sk: format!("ACCOUNT#{platform}#{prefix}"),
    }
}

/// The partition key of the secrets of an organisation's connections. It is a partition of its own,
/// because IAM can restrict access by partition only.
pub fn connection_secrets_partition(organisation: &OrganisationId) -> String {
    format!("{organisation}#SECRET#CONNECTIONS")
}

/// The key of the secrets of a connection.
pub fn connection_secrets(
    organisation: &OrganisationId,
    platform: Platform,
    id: &ConnectionId,
) -> Key {
    Key {
        pk: connection_secrets_partition(organisation),
        sk: format!("{platform}#{id}"),
    }
}

/// The key of the item that finds a connection by the key of its hook.
pub fn hook(platform: Platform, key: &HookKey) -> Key {
    Key {
        pk: format!("#HOOKS#{platform}#{}", key.hash()),
        sk: "HOOK".to_owned(),
    }
}
