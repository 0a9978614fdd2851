use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

const ARN_PREFIX: &str = "arn:aws:lambda:us-east-1:000000000000:function:";
const TRACE_ID: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0";

/// The maximum size of a Lambda response, in bytes
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const RESPONSE_BYTES: usize = 6_291_556;

/// The Lambda runtime API of one sandbox. The function's runtime fetches its invocations from this HTTP
/// API and posts the outcomes to it.
pub(crate) struct RuntimeApi {
    address: String,
    invocations: mpsc::UnboundedSender<Invocation>,
    count: AtomicU64,
    queue: Arc<Queue>,
    serving: JoinHandle<()>,
}

/// The invocations that the runtime has not fetched, and the receivers of the outcomes.
struct Queue {
    waiting: AsyncMutex<mpsc::UnboundedReceiver<Invocation>>,
    answers: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    /// Whether the runtime waits for an invocation.
    is_idle: watch::Sender<bool>,
    /// The error of a failed start.
    init_error: Mutex<Option<String>>,
    function_arn: String,
}

struct Invocation {
    id: String,
    deadline: Timestamp,
    event: Bytes,
}

/// The outcome of an invocation: a response or an error.
type Outcome = Result<String, FunctionError>;

/// The error that a function's runtime reported. API Gateway would return a bare 500.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct FunctionError(String);

impl RuntimeApi {
    pub(crate) async fn start(function: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (invocations, waiting) = mpsc::unbounded_channel();
        let queue = Arc::new(Queue {
            waiting: AsyncMutex::new(waiting),
            answers: Mutex::default(),
            is_idle: watch::Sender::default(),
            init_error: Mutex::default(),
            function_arn: format!("{ARN_PREFIX}{function}"),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(response),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .layer(DefaultBodyLimit::max(RESPONSE_BYTES))
            .with_state(Arc::clone(&queue));
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the API runs");
        });
        Self {
            address,
            invocations,
            count: AtomicU64::new(0),
            queue,
            serving,
        }
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Waits until the runtime requests its next invocation. Lambda sends it none before that.
    pub(crate) async fn wait_until_idle(&self) {
        let mut is_idle = self.queue.is_idle.subscribe();
        is_idle.wait_for(|it| *it).await.expect("the API runs");
    }

    /// The outcome of an invocation with this deadline. Waits forever if the function never responds.
    pub(crate) async fn invoke(&self, event: Bytes, deadline: Timestamp) -> Outcome {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let id = format!("8476a536-e9f4-11e8-9739-{number:012}");
        let (sender, answer) = oneshot::channel();
        self.queue.expect_outcome(&id, sender);
        let invocation = Invocation {
            id,
            deadline,
            event,
        };
        self.invocations.send(invocation).expect("the API runs");
        answer.await.expect("the API runs")
    }

    /// The error of the start, if it failed.
    pub(crate) fn init_error(&self) -> Option<String> {
        self.queue.init_error().clone()
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Queue {
    fn init_error(&self) -> MutexGuard<'_, Option<String>> {
        self.init_error.lock().expect("the lock is not poisoned")
    }

    fn expect_outcome(&self, id: &str, sender: oneshot::Sender<Outcome>) {
        let mut answers = self.answers.lock().expect("the lock is not poisoned");
        answers.insert(id.to_owned(), sender);
    }

    fn send_outcome(&self, id: &str, outcome: Outcome) -> StatusCode {
        let mut answers = self.answers.lock().expect("the lock is not poisoned");
        let expected = answers.remove(id);
        match expected.map(|sender| sender.send(outcome)) {
            Some(Ok(())) => StatusCode::ACCEPTED,
            Some(Err(_)) | None => StatusCode::BAD_REQUEST,
        }
    }
}

/// `GET …/next` waits until there is an invocation, as in Lambda.
async fn next(State(queue): State<Arc<Queue>>) -> Response<Body> {
    let mut waiting = queue.waiting.lock().await;
    queue.is_idle.send_replace(true);
    let Some(invocation) = waiting.recv().await else {
        return std::future::pending().await;
    };
    queue.is_idle.send_replace(false);
    Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", invocation.id)
        .header(
            "lambda-runtime-deadline-ms",
            invocation.deadline.as_millisecond(),
        )
        .header("lambda-runtime-invoked-function-arn", &queue.function_arn)
        .header("lambda-runtime-trace-id", TRACE_ID)
        .body(Body::from(invocation.event))
        .expect("a response")
}

async fn response(
    State(queue): State<Arc<Queue>>,
    Path(id): Path<String>,
    body: Bytes,
) -> StatusCode {
    let response = String::from_utf8(body.into()).expect("a response is UTF-8");
    queue.send_outcome(&id, Ok(response))
}

async fn error(State(queue): State<Arc<Queue>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    let error = String::from_utf8_lossy(&body).into_owned();
    queue.send_outcome(&id, Err(FunctionError(error)))
}

async fn init_error(State(queue): State<Arc<Queue>>, body: Bytes) -> StatusCode {
    *queue.init_error() = Some(String::from_utf8_lossy(&body).into_owned());
    StatusCode::ACCEPTED
}
