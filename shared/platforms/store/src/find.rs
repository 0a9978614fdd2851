use domain::{ConnectionId, ConversationId, HookKey, OrganisationId, Platform};
use dynamodb::Table;
use errors::Fault;
use store::{
    ConnectedAccountItem, ConnectionItem, ConnectionKeys, ConnectionSecretsItem, HookItem,
    HookPurpose, StoredConnection, key,
};

/// A connection with its secrets.
#[derive(Clone, Debug)]
pub struct FoundConnection {
    /// The tenant.
    pub organisation: OrganisationId,
    /// The connection.
    pub connection: ConnectionItem,
    /// Its secrets.
    pub secrets: ConnectionSecretsItem,
}

/// Finds the connection `id` by the key of one of its hooks, and what a call to that hook means. Returns
/// `None` if the connection has no such hook.
///
/// An unknown key takes one read, a known one a second.
///
/// # Errors
/// If DynamoDB fails.
pub async fn find_by_hook(
    table: &Table,
    platform: Platform,
    id: &ConnectionId,
    hook_key: &HookKey,
) -> Result<Option<(FoundConnection, HookPurpose)>, Fault> {
    let hook: Option<HookItem> = table.get(key::hook(platform, hook_key)).await?;
    let Some(hook) = hook.filter(|hook| hook.connection_id == *id) else {
        return Ok(None);
    };
    let found = read(table, hook.organisation, platform, id).await?;
    let found = found.filter(|found| {
        let expected = found.secrets.key_for(hook.purpose);
        expected.is_some_and(|expected| expected.equals(hook_key))
    });
    Ok(found.map(|found| (found, hook.purpose)))
}

/// Finds the connection to which a conversation belongs; `None` if its id has the prefix of no
/// connection.
///
/// # Errors
/// If DynamoDB fails.
pub async fn find_by_conversation(
    table: &Table,
    organisation: &OrganisationId,
    platform: Platform,
    conversation: &ConversationId,
) -> Result<Option<FoundConnection>, Fault> {
    let Some(prefix) = platform.account_prefix(conversation) else {
        return Ok(None);
    };
    let account = key::connected_account(organisation, platform, prefix);
    let account: Option<ConnectedAccountItem> = table.get(account).await?;
    match account {
        Some(account) => {
            read(
                table,
                organisation.clone(),
                platform,
                &account.connection_id,
            )
            .await
        }
        None => Ok(None),
    }
}

async fn read(
    table: &Table,
    organisation: OrganisationId,
    platform: Platform,
    id: &ConnectionId,
) -> Result<Option<FoundConnection>, Fault> {
    let keys = ConnectionKeys::new(&organisation, platform, id);
    let stored = StoredConnection::read(table, &keys).await?;
    Ok(stored.map(|stored| FoundConnection {
        organisation,
        connection: stored.connection,
        secrets: stored.secrets,
    }))
}
