use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::aws_proxy::AwsCall;

/// The time after which a test fails if an expected call was not made. Even a busy machine needs much
/// less.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// A fault that is injected into a call.
#[derive(Clone, Debug)]
pub enum FaultInjection {
    /// The call has no effect, and AWS returns this error.
    Refuse(AwsError),
    /// The call has no effect, and its connection is closed.
    LoseRequest,
    /// The call has no effect, and its connection is reset.
    ResetRequest,
    /// The call takes effect, and its connection is closed instead of the reply.
    LoseReply,
    /// The call takes effect, and its connection is reset instead of the reply.
    ResetReply,
    /// The call takes effect, and its connection is closed in the middle of the reply.
    HalveReply,
    /// The call takes effect, and its reply never arrives.
    WithholdReply,
    /// A batch of reads takes effect, except for the keys that contain this text.
    LeaveUnprocessed(&'static str),
    /// The call waits before it takes effect. It has no effect if its caller disconnects meanwhile.
    HoldWhileConnected(Held),
    /// The call waits before it takes effect, even if its caller disconnects meanwhile.
    HoldDetached(Held),
}

/// An error of AWS, in the form in which AWS sends it.
#[derive(Clone, Debug)]
pub enum AwsError {
    /// DynamoDB: another transaction is writing an item of this call.
    TransactionConflict,
    /// DynamoDB: an earlier attempt at this transaction is still in progress.
    TransactionInProgress,
    /// DynamoDB: the throughput of the table is exceeded.
    ThroughputExceeded,
    /// The service throttles the call.
    Throttled,
    /// The service has an internal error.
    Internal,
    /// DynamoDB: all items of a batch are returned as unprocessed.
    Unprocessed,
    /// SES: an error of this status, name and message.
    Ses(u16, &'static str, String),
}

/// A call that waits until a test releases it.
#[derive(Clone, Debug, Default)]
pub struct Held {
    arrived: Arc<Notify>,
    released: Arc<Notify>,
    passed: Arc<Notify>,
}

impl Held {
    /// Waits until the call was made.
    ///
    /// # Panics
    /// If it is not made.
    pub async fn arrived(&self) {
        let arrived = tokio::time::timeout(PATIENCE, self.arrived.notified());
        arrived.await.expect("the call is made");
    }

    /// Lets the call take effect.
    pub fn release(&self) {
        self.released.notify_one();
    }

    /// Runs `work` once the call was made, and lets the call take effect afterwards.
    ///
    /// # Panics
    /// If the call is not made.
    pub async fn meanwhile<T>(&self, work: impl Future<Output = T>) -> T {
        self.arrived().await;
        let output = work.await;
        self.release();
        output
    }

    /// Waits until the call has taken effect. Only for [`FaultInjection::HoldDetached`].
    ///
    /// # Panics
    /// If it does not.
    pub async fn passed(&self) {
        let passed = tokio::time::timeout(PATIENCE, self.passed.notified());
        passed.await.expect("the call takes effect");
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
                    "CancellationReasons": conflict_on_first_item(call),
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

fn conflict_on_first_item(call: &AwsCall) -> Value {
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
    *response.status_mut() = StatusCode::from_u16(status).expect("an HTTP status");
    response
}
