//! DynamoDB: an embedded engine behind HTTP, so that the functions use the same SDK calls as in
//! AWS.

use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::{AttributeValue, Database};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::{oneshot, watch};

use crate::aws::dynamodb_error::DynamoDbError;
use crate::aws::dynamodb_file::DatabaseFile;
use crate::aws::dynamodb_import::TableImport;
use crate::aws::dynamodb_stream::TableStream;
use crate::aws::dynamodb_table::create;
use crate::storage::Storage;
use crate::template::Table;

/// The interval between deletions of expired items. DynamoDB may take days, so code must not depend
/// on a timely deletion.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

const TARGET: &str = "x-amz-target";

/// The operations that do not write to the stream.
const READS: [&str; 8] = [
    "BatchGetItem",
    "DescribeTable",
    "DescribeTimeToLive",
    "GetItem",
    "ListTables",
    "Query",
    "Scan",
    "TransactGetItems",
];

/// A client of the engine.
pub(crate) struct DynamoDb {
    client: Client<HttpConnector, Body>,
    uri: Uri,
    /// Notifies the stream's readers that new records may exist.
    written: watch::Sender<()>,
    database: Database,
    table: String,
}

/// The running engine, with the template's table.
///
/// It runs on its own thread, so that a long query blocks only the database.
pub(crate) struct Engine {
    stop: oneshot::Sender<()>,
    stopped: oneshot::Receiver<()>,
}

impl Engine {
    /// Opens the database, creates the table if it does not exist, and serves it on its own port.
    /// The returned stream contains what is written through the returned client and import.
    ///
    /// Drop the client before you stop the engine. Otherwise the engine waits for the client's
    /// connections.
    pub(crate) async fn start(
        storage: &Storage,
        table: &Table,
    ) -> Result<(Self, DynamoDb, TableStream, TableImport), DynamoDbError> {
        let (database, file) = DatabaseFile::open(storage)?;
        create(&database, table)?;
        let (written, writes) = watch::channel(());
        let stream = TableStream::open(database.clone(), file, &table.name, writes)?;
        let import = TableImport::new(database.clone(), &table.name, written.clone());

        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .and_then(TcpListener::into_std)
            .map_err(DynamoDbError::Start)?;
        let address = listener.local_addr().map_err(DynamoDbError::Start)?;
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(DynamoDbError::Start)?;
        let (stop, stopping) = oneshot::channel();
        let (has_stopped, stopped) = oneshot::channel();
        let swept = written.clone();
        let client = DynamoDb {
            client: Client::builder(TokioExecutor::new()).build_http(),
            uri: Uri::try_from(format!("http://{address}/")).unwrap_or_default(),
            written,
            database: database.clone(),
            table: table.name.clone(),
        };
        std::thread::Builder::new()
            .name("dynamodb".to_owned())
            .spawn(move || {
                runtime.block_on(serve(listener, database, swept, stopping));
                let _ = has_stopped.send(());
            })
            .map_err(DynamoDbError::Start)?;
        Ok((Self { stop, stopped }, client, stream, import))
    }

    /// Waits for running requests, and closes the database.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        let _ = self.stopped.await;
    }
}

impl DynamoDb {
    /// Whether the headers are those of a DynamoDB request.
    pub(crate) fn is_dynamodb_request(headers: &HeaderMap) -> bool {
        let target = headers.get(TARGET).and_then(|target| target.to_str().ok());
        target.is_some_and(|target| target.starts_with("DynamoDB"))
    }

    /// The current items under `keys`, an array of keys in DynamoDB's JSON.
    pub(crate) async fn items(&self, keys: Value) -> Vec<Value> {
        let (database, table) = (self.database.clone(), self.table.clone());
        let read = move || -> Result<Vec<Value>, Box<dyn Error + Send + Sync>> {
            let keys: Vec<HashMap<String, AttributeValue>> = serde_json::from_value(keys)?;
            let mut items = Vec::new();
            for key in keys {
                let got = database.get_item(GetItemRequest {
                    table_name: table.clone(),
                    key,
                    ..GetItemRequest::default()
                })?;
                items.extend(got.item.and_then(|item| serde_json::to_value(item).ok()));
            }
            Ok(items)
        };
        let read = tokio::task::spawn_blocking(read).await;
        let items = read.unwrap_or_else(|error| Err(error.into()));
        items.unwrap_or_else(|error| {
            tracing::error!(%error, "updated items could not be read to check their size");
            Vec::new()
        })
    }

    /// Forwards a request to the engine, and returns its response.
    pub(crate) async fn answer(&self, mut request: Request<Body>) -> Response {
        let is_read = is_read(request.headers());
        *request.uri_mut() = self.uri.clone();
        request.headers_mut().remove(header::HOST);
        let answered = self.client.request(request).await;
        if !is_read {
            self.written.send_replace(());
        }
        match answered {
            Ok(response) => response.map(Body::new),
            Err(error) => {
                tracing::error!(%error, "the database did not answer");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// Whether a request with these headers does not change the table.
fn is_read(headers: &HeaderMap) -> bool {
    let target = headers.get(TARGET).and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.rsplit('.').next());
    operation.is_some_and(|operation| READS.contains(&operation))
}

/// Serves the database and deletes expired items until `stopping` receives a value or its sender is
/// dropped.
async fn serve(
    listener: std::net::TcpListener,
    database: Database,
    written: watch::Sender<()>,
    stopping: oneshot::Receiver<()>,
) {
    let stopping = async {
        let _ = stopping.await;
    };
    let serving = async {
        let listener = TcpListener::from_std(listener).map_err(|error| error.to_string())?;
        dynoxide::server::serve_with_shutdown(listener, database.clone(), stopping).await
    };
    tokio::select! {
        never = sweep(database.clone(), written) => match never {},
        served = serving => {
            if let Err(error) = served {
                tracing::error!(error, "the database stopped");
            }
        }
    }
}

async fn sweep(database: Database, written: watch::Sender<()>) -> Infallible {
    let mut ticks = tokio::time::interval(SWEEP_INTERVAL);
    loop {
        ticks.tick().await;
        let database = database.clone();
        let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
        match swept {
            Ok(Ok(0)) => {}
            Ok(Ok(deleted)) => {
                tracing::debug!(deleted, "swept expired items");
                written.send_replace(());
            }
            Ok(Err(error)) => tracing::warn!(%error, "expired items were not swept"),
            Err(error) => tracing::warn!(%error, "expired items were not swept"),
        }
    }
}
