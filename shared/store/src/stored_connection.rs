use domain::{ConnectionId, OrganisationId, Platform};
use dynamodb::{Batch, Key, Table};
use errors::Fault;

use crate::connection::{ConnectionItem, ConnectionSecretsItem};
use crate::key;

/// A connection with its secrets.
#[derive(Clone, Debug)]
pub struct StoredConnection {
    /// The connection.
    pub connection: ConnectionItem,
    /// Its secrets.
    pub secrets: ConnectionSecretsItem,
}

/// The keys of the two items of a connection.
#[derive(Clone, Debug)]
pub struct ConnectionKeys {
    /// The key of the connection.
    pub connection: Key,
    /// The key of its secrets.
    pub secrets: Key,
}

impl ConnectionKeys {
    /// The keys of the connection `id`.
    pub fn new(organisation: &OrganisationId, platform: Platform, id: &ConnectionId) -> Self {
        Self {
            connection: key::connection(organisation, platform, id),
            secrets: key::connection_secrets(organisation, platform, id),
        }
    }
}

impl StoredConnection {
    /// Reads a connection; `None` if it does not exist.
    ///
    /// # Errors
    /// If DynamoDB fails, or the connection changed while it was read.
    pub async fn read(table: &Table, keys: &ConnectionKeys) -> Result<Option<Self>, Fault> {
        let both = [keys.connection.clone(), keys.secrets.clone()];
        Self::take(&mut Batch::read(table, both).await?, keys)
    }

    /// Removes and returns a connection that was read with `batch`; `None` if it does not exist.
    ///
    /// # Errors
    /// If the connection changed while it was read.
    pub fn take(batch: &mut Batch, keys: &ConnectionKeys) -> Result<Option<Self>, Fault> {
        let connection: Option<ConnectionItem> = batch.take(&keys.connection)?;
        let secrets: Option<ConnectionSecretsItem> = batch.take(&keys.secrets)?;
        match (connection, secrets) {
            (None, None) => Ok(None),
            (Some(connection), Some(secrets)) if connection.version == secrets.version => {
                Ok(Some(Self {
                    connection,
                    secrets,
                }))
            }
            _ => Err(Fault::contended("a connection changed while it was read")),
        }
    }
}
