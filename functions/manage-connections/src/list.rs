use domain::OrganisationId;
use errors::{Failure, Fault};
use lambda::http::{HttpRequest, HttpResponse};
use serde_json::json;
use store::{ConnectionItem, ConnectionSecretsItem, StoredConnection, key};

use crate::ManageConnections;
use crate::connection_body::ConnectionBody;
use crate::connection_write::PLATFORM;

impl ManageConnections {
    /// Lists the connections of the organisation. There are only a few, because each needs an account on a
    /// platform.
    pub(crate) async fn list(
        &self,
        organisation: &OrganisationId,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Failure> {
        request.check_query_parameters(&[])?;
        let origin = request
            .origin()
            .ok_or_else(|| Fault::internal("the event has no domain name"))?;
        let table = &self.table;
        let prefix = key::connections_of(PLATFORM);
        let connections = table.query(key::connections_partition(organisation), &prefix);
        let secrets = table.query(key::connection_secrets_partition(organisation), &prefix);
        let (connections, secrets) = tokio::try_join!(
            table.read_all::<ConnectionItem>(connections),
            table.read_all::<ConnectionSecretsItem>(secrets),
        )?;
        // Both are sorted by the id. A connection that is written in between may be in one of them only.
        let mut bodies = Vec::new();
        for connection in connections {
            let secrets = secrets
                .iter()
                .find(|secrets| secrets.connection_id == connection.connection_id);
            if let Some(secrets) = secrets {
                let stored = StoredConnection {
                    connection,
                    secrets: secrets.clone(),
                };
                bodies.push(ConnectionBody::new(&stored, &origin));
            }
        }
        Ok(HttpResponse::ok(json!({"connections": bodies})))
    }
}
