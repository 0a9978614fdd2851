use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::AwsCall;

/// How long a test waits for a call before it fails: far longer than a busy machine needs.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// What is done to a call.
#[derive(Clone, Debug)]
pub enum FaultInjection {
    /// It does not take place: AWS says this in place of an answer.
    Refuse(AwsError),
    /// It does not take place, and its connection is closed.
    LoseRequest,
    /// It does not take place, and its connection is reset.
    ResetRequest,
    /// It takes place, and its connection is closed in place of the reply.
    LoseReply,
    /// It takes place, and its connection is reset in place of the reply.
    ResetReply,
    /// It takes place, and its connection is closed in the middle of the reply.
    HalveReply,
    /// It takes place, and its reply never comes.
    WithholdReply,
    /// It waits before it takes place; it does not where its caller leaves meanwhile.
    Hold(Held),
    /// It waits before it takes place, and does so even where its caller has left meanwhile.
    Delay(Held),
}

/// An error of AWS, in the form in which AWS sends it.
#[derive(Clone, Debug)]
pub enum AwsError {
    /// DynamoDB: a transaction is writing an item that this write is about.
    TransactionConflict,
    /// DynamoDB: an earlier attempt at this transaction is still in progress.
    TransactionInProgress,
    /// DynamoDB: more than the table takes.
    ThroughputExceeded,
    /// More calls than the service takes.
    Throttled,
    /// The service fails.
    Internal,
    /// DynamoDB: nothing of a batch is done, and all of it to be asked again.
    Unprocessed,
    /// SES: an error of this status, name and message.
    Ses(u16, &'static str, String),
}

/// A call that waits until it is let go.
#[derive(Clone, Debug, Default)]
pub struct Held {
    arrived: Arc<Notify>,
    released: Arc<Notify>,
    passed: Arc<Notify>,
}

impl Held {
    /// Waits until the call has come.
    ///
    /// # Panics
    /// Where it does not come.
    pub async fn arrived(&self) {
        let arrived = tokio::time::timeout(PATIENCE, self.arrived.notified());
        arrived.await.expect("the call comes");
    }

    /// Lets the call take place.
    pub fn release(&self) {
        self.released.notify_one();
    }

    /// Waits until a delayed call has taken place.
    ///
    /// # Panics
    /// Where it does not.
    pub async fn passed(&self) {
        let passed = tokio::time::timeout(PATIENCE, self.passed.notified());
        passed.await.expect("the call takes place");
    }

    pub(super) fn has_passed(&self) {
        self.passed.notify_one();
    }

    pub(super) async fn wait(&self) {
        self.arrived.notify_one();
        self.released.notified().await;
    }
}

impl AwsError {
    pub(super) fn in_reply_to(&self, call: &AwsCall) -> Response {
        match self {
            Self::Throttled if call.is_to("ses") => ses_error(
                429,
                "TooManyRequestsException",
                "Maximum sending rate exceeded.",
            ),
            Self::Internal if call.is_to("ses") => {
                ses_error(500, "InternalFailure", "The service has failed.")
            }
            Self::TransactionConflict if call.body["TransactItems"].is_null() => dynamodb_error(
                400,
                "TransactionConflictException",
                json!({ "message": "Transaction is ongoing for the item" }),
            ),
            Self::TransactionConflict => dynamodb_error(
                400,
                "TransactionCanceledException",
                json!({
                    "Message": "Transaction cancelled, please refer cancellation reasons for \
                        specific reasons",
                    "CancellationReasons": conflict_on_first_leg(call),
                }),
            ),
            Self::TransactionInProgress => dynamodb_error(
                400,
                "TransactionInProgressException",
                json!({ "Message": "The transaction with the given token is in progress" }),
            ),
            Self::Throttled => dynamodb_error(
                400,
                "ThrottlingException",
                json!({ "message": "Rate of requests exceeds the allowed throughput." }),
            ),
            Self::ThroughputExceeded => dynamodb_error(
                400,
                "ProvisionedThroughputExceededException",
                json!({ "message": "The table's provisioned throughput was exceeded." }),
            ),
            Self::Internal => dynamodb_error(
                500,
                "InternalServerError",
                json!({ "message": "Internal server error" }),
            ),
            Self::Unprocessed => {
                let left = match call.operation.as_str() {
                    "dynamodb:BatchGetItem" => "UnprocessedKeys",
                    _ => "UnprocessedItems",
                };
                response(200, &json!({ left: call.body["RequestItems"] }))
            }
            Self::Ses(status, name, message) => ses_error(*status, name, message),
        }
    }
}

fn conflict_on_first_leg(call: &AwsCall) -> Value {
    let items = call.body["TransactItems"]
        .as_array()
        .expect("a transaction");
    let mut reasons = vec![json!({ "Code": "None" }); items.len()];
    reasons[0] = json!({
        "Code": "TransactionConflict",
        "Message": "Transaction is ongoing for the item",
    });
    reasons.into()
}

fn dynamodb_error(status: u16, name: &str, mut body: Value) -> Response {
    body["__type"] = format!("com.amazonaws.dynamodb.v20120810#{name}").into();
    response(status, &body)
}

fn ses_error(status: u16, name: &'static str, message: &str) -> Response {
    let mut response = response(status, &json!({ "message": message }));
    let name = HeaderValue::from_static(name);
    response.headers_mut().insert("x-amzn-errortype", name);
    response
}

fn response(status: u16, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).expect("a status of HTTP");
    response
}
