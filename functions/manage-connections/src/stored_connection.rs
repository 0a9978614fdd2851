use chatwoot::ConversationPrefix;
use domain::{ConnectionId, OrganisationId, Platform};
use dynamodb::{
    Batch, Key, Table, TransactOutcome, TransactWriteItem, string, transact_all, transact_item,
};
use errors::Fault;
use store::{
    ActionKeys, ConnectedAccountItem, ConnectionItem, ConnectionSecretsItem, HookItem, HookPurpose,
    key,
};

pub(crate) const PLATFORM: Platform = Platform::Chatwoot;

/// A connection with its secrets.
#[derive(Clone, Debug)]
pub(crate) struct StoredConnection {
    pub(crate) connection: ConnectionItem,
    pub(crate) secrets: ConnectionSecretsItem,
}

/// What is stored about a connection and about the account to which it connects.
#[derive(Debug)]
pub(crate) struct Existing {
    pub(crate) stored: Option<StoredConnection>,
    /// The connection that is connected to the account.
    pub(crate) connected: Option<ConnectionId>,
}

/// The outcome of writing a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteOutcome {
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
        let [connection_key, secrets_key] = keys(organisation, id);
        let keys = [
            connection_key.clone(),
            secrets_key.clone(),
            account_key.clone(),
        ];
        let mut batch = Batch::read(table, keys).await?;
        let account: Option<ConnectedAccountItem> = batch.take(&account_key)?;
        Ok(Self {
            stored: take_stored(&mut batch, &connection_key, &secrets_key)?,
            connected: account.map(|account| account.connection_id),
        })
    }
}

fn keys(organisation: &OrganisationId, id: &ConnectionId) -> [Key; 2] {
    [
        key::connection(organisation, PLATFORM, id),
        key::connection_secrets(organisation, PLATFORM, id),
    ]
}

fn take_stored(
    batch: &mut Batch,
    connection_key: &Key,
    secrets_key: &Key,
) -> Result<Option<StoredConnection>, Fault> {
    let connection: Option<ConnectionItem> = batch.take(connection_key)?;
    let secrets: Option<ConnectionSecretsItem> = batch.take(secrets_key)?;
    match (connection, secrets) {
        (None, None) => Ok(None),
        (Some(connection), Some(secrets)) if connection.version == secrets.version => {
            Ok(Some(StoredConnection {
                connection,
                secrets,
            }))
        }
        _ => Err(Fault::contended("a connection changed while it was read")),
    }
}

impl StoredConnection {
    /// Reads the connection `id`; `None` if it does not exist.
    pub(crate) async fn read(
        table: &Table,
        organisation: &OrganisationId,
        id: &ConnectionId,
    ) -> Result<Option<Self>, Fault> {
        let [connection_key, secrets_key] = keys(organisation, id);
        let keys = [connection_key.clone(), secrets_key.clone()];
        let mut batch = Batch::read(table, keys).await?;
        take_stored(&mut batch, &connection_key, &secrets_key)
    }

    /// Writes the connection in one transaction, if it is still `previous` and no other connection is
    /// connected to its account.
    pub(crate) async fn write(
        &self,
        table: &Table,
        organisation: &OrganisationId,
        previous: Option<&Self>,
    ) -> Result<WriteOutcome, Fault> {
        let id = &self.connection.connection_id;
        let [connection_key, secrets_key] = keys(organisation, id);
        let put = table.put(connection_key, &self.connection)?;
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
            .put(self.account_key(organisation), &account)?
            .condition_expression("attribute_not_exists(pk) OR connection_id = :id")
            .expression_attribute_values(":id", string(id));
        let mut items = vec![
            transact_item(put)?,
            transact_item(table.put(secrets_key, &self.secrets)?)?,
            transact_item(put_account)?,
        ];
        let new_hooks = self.hooks();
        for (hook_key, purpose) in &new_hooks {
            let hook = HookItem {
                organisation: organisation.clone(),
                connection_id: id.clone(),
                purpose: *purpose,
            };
            items.push(transact_item(table.put(hook_key.clone(), &hook)?)?);
        }
        let old_hooks = previous.map(Self::hooks).unwrap_or_default();
        for (hook_key, _) in old_hooks {
            if new_hooks.iter().all(|(new, _)| *new != hook_key) {
                items.push(transact_item(table.delete(hook_key))?);
            }
        }
        commit(table, &items).await
    }

    /// Deletes the connection and its hooks in one transaction, if it was not changed since it was read.
    pub(crate) async fn delete(
        &self,
        table: &Table,
        organisation: &OrganisationId,
    ) -> Result<WriteOutcome, Fault> {
        let [connection_key, secrets_key] = keys(organisation, &self.connection.connection_id);
        let connection = table
            .delete(connection_key)
            .condition_expression("version = :version")
            .expression_attribute_values(":version", string(&self.connection.version));
        let mut items = vec![
            transact_item(connection)?,
            transact_item(table.delete(secrets_key))?,
            transact_item(table.delete(self.account_key(organisation)))?,
        ];
        for (hook_key, _) in self.hooks() {
            items.push(transact_item(table.delete(hook_key))?);
        }
        commit(table, &items).await
    }

    fn account_key(&self, organisation: &OrganisationId) -> Key {
        let prefix = &self.connection.conversation_prefix;
        key::connected_account(organisation, PLATFORM, prefix)
    }

    /// The keys of the items that find the connection by its hooks.
    fn hooks(&self) -> Vec<(Key, HookPurpose)> {
        let mut hooks = vec![(&self.secrets.hook_key, HookPurpose::Event)];
        if let Some(ActionKeys {
            ask,
            send_transcript,
        }) = &self.secrets.action_keys
        {
            hooks.push((ask, HookPurpose::Ask));
            hooks.push((send_transcript, HookPurpose::SendTranscript));
        }
        let hooks = hooks.into_iter();
        hooks
            .map(|(hook_key, purpose)| (key::hook(PLATFORM, hook_key), purpose))
            .collect()
    }
}

async fn commit(table: &Table, items: &[TransactWriteItem]) -> Result<WriteOutcome, Fault> {
    match transact_all(table, items).await? {
        TransactOutcome::Committed => Ok(WriteOutcome::Written),
        TransactOutcome::Refused(_) => Ok(WriteOutcome::Changed),
        TransactOutcome::Unknown(fault) => Err(fault),
    }
}
