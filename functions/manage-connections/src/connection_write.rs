use chatwoot::ConversationPrefix;
use domain::{ConnectionId, OrganisationId, Platform};
use dynamodb::{
    Batch, Key, Table, TransactOutcome, TransactWriteItem, string, transact_all, transact_item,
};
use errors::Fault;
use store::{
    ActionKeys, ConnectedAccountItem, ConnectionKeys, HookItem, HookPurpose, StoredConnection, key,
};

pub(crate) const PLATFORM: Platform = Platform::Chatwoot;

/// What is stored about a connection and about the account to which it connects.
#[derive(Debug)]
pub(crate) struct Existing {
    pub(crate) stored: Option<StoredConnection>,
    /// The connection that is connected to the account.
    pub(crate) connected: Option<ConnectionId>,
}

/// The outcome of writing a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionWriteOutcome {
    Written,
    /// Another request changed the connection, or connected the account, since it was read.
    Changed,
}

impl Existing {
    /// Reads the connection `id` and the connection of the account with this prefix.
    pub(crate) async fn read(
        table: &Table,
        organisation: &OrganisationId,
        id: &ConnectionId,
        prefix: &ConversationPrefix,
    ) -> Result<Self, Fault> {
        let account_key = key::connected_account(organisation, PLATFORM, prefix.as_str());
        let keys = ConnectionKeys::new(organisation, PLATFORM, id);
        let all = [
            keys.connection.clone(),
            keys.secrets.clone(),
            account_key.clone(),
        ];
        let mut batch = Batch::read(table, all).await?;
        let account: Option<ConnectedAccountItem> = batch.take(&account_key)?;
        Ok(Self {
            stored: StoredConnection::take(&mut batch, &keys)?,
            connected: account.map(|account| account.connection_id),
        })
    }
}

/// Writes `new` in one transaction, if the connection is still `previous` and no other connection is
/// connected to its account.
pub(crate) async fn write_connection(
    table: &Table,
    organisation: &OrganisationId,
    new: &StoredConnection,
    previous: Option<&StoredConnection>,
) -> Result<ConnectionWriteOutcome, Fault> {
    let id = &new.connection.connection_id;
    let keys = ConnectionKeys::new(organisation, PLATFORM, id);
    let put = table.put(keys.connection, &new.connection)?;
    let put = match previous {
        None => put.condition_expression("attribute_not_exists(pk)"),
        Some(previous) => put
            .condition_expression("version = :version")
            .expression_attribute_values(":version", string(&previous.connection.version)),
    };
    let account = ConnectedAccountItem {
        connection_id: id.clone(),
    };
    let put_account = table
        .put(account_key(organisation, new), &account)?
        .condition_expression("attribute_not_exists(pk) OR connection_id = :id")
        .expression_attribute_values(":id", string(id));
    let mut items = vec![
        transact_item(put)?,
        transact_item(table.put(keys.secrets, &new.secrets)?)?,
        transact_item(put_account)?,
    ];
    let new_hooks = hooks(new);
    for (hook_key, purpose) in &new_hooks {
        let hook = HookItem {
            organisation: organisation.clone(),
            connection_id: id.clone(),
            purpose: *purpose,
        };
        items.push(transact_item(table.put(hook_key.clone(), &hook)?)?);
    }
    let old_hooks = previous.map(hooks).unwrap_or_default();
    for (hook_key, _) in old_hooks {
        if new_hooks.iter().all(|(kept, _)| *kept != hook_key) {
            items.push(transact_item(table.delete(hook_key))?);
        }
    }
    commit(table, &items).await
}

/// Deletes the connection and its hooks in one transaction, if it was not changed since it was read.
pub(crate) async fn delete_connection(
    table: &Table,
    organisation: &OrganisationId,
    stored: &StoredConnection,
) -> Result<ConnectionWriteOutcome, Fault> {
    let keys = ConnectionKeys::new(organisation, PLATFORM, &stored.connection.connection_id);
    let connection = table
        .delete(keys.connection)
        .condition_expression("version = :version")
        .expression_attribute_values(":version", string(&stored.connection.version));
    let mut items = vec![
        transact_item(connection)?,
        transact_item(table.delete(keys.secrets))?,
        transact_item(table.delete(account_key(organisation, stored)))?,
    ];
    for (hook_key, _) in hooks(stored) {
        items.push(transact_item(table.delete(hook_key))?);
    }
    commit(table, &items).await
}

fn account_key(organisation: &OrganisationId, stored: &StoredConnection) -> Key {
    let prefix = &stored.connection.conversation_prefix;
    key::connected_account(organisation, PLATFORM, prefix)
}

/// The keys of the items that find the connection by its hooks.
fn hooks(stored: &StoredConnection) -> Vec<(Key, HookPurpose)> {
    let mut hooks = vec![(&stored.secrets.hook_key, HookPurpose::Event)];
    if let Some(ActionKeys {
        ask,
        send_transcript,
    }) = &stored.secrets.action_keys
    {
        hooks.push((ask, HookPurpose::Ask));
        hooks.push((send_transcript, HookPurpose::SendTranscript));
    }
    let hooks = hooks.into_iter();
    hooks
        .map(|(hook_key, purpose)| (key::hook(PLATFORM, hook_key), purpose))
        .collect()
}

async fn commit(
    table: &Table,
    items: &[TransactWriteItem],
) -> Result<ConnectionWriteOutcome, Fault> {
    match transact_all(table, items).await? {
        TransactOutcome::Committed => Ok(ConnectionWriteOutcome::Written),
        TransactOutcome::Refused(_) => Ok(ConnectionWriteOutcome::Changed),
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}
