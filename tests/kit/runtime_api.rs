use std::collections::HashMap;
use std::fmt;
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

const ARN: &str = "arn:aws:lambda:us-east-1:000000000000:function:local";
const TRACE_ID: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0";

/// How many bytes Lambda takes as a response
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const RESPONSE_BYTES: usize = 6_291_556;

/// Lambda's side of one sandbox: the HTTP API from which a runtime takes its invocations and to
/// which it hands what became of them.
pub(crate) struct RuntimeApi {
    address: String,
    invocations: mpsc::UnboundedSender<Invocation>,
    count: AtomicU64,
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

/// Where invocations lie until the runtime takes them, and answers until they are fetched.
struct Desk {
    waiting: AsyncMutex<mpsc::UnboundedReceiver<Invocation>>,
    answers: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    /// Whether the runtime waits for an invocation.
    is_idle: watch::Sender<bool>,
    /// What the runtime said of a start that failed.
    init_error: Mutex<Option<String>>,
}

struct Invocation {
    id: String,
    deadline: Timestamp,
    event: Bytes,
}

/// What the runtime hands over: a response, or what it says of an error.
type Outcome = Result<String, FunctionError>;

/// A function's error as its runtime tells it, of which API Gateway makes a bare 500.
#[derive(Clone, Debug)]
pub struct FunctionError(String);

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FunctionError {}

impl RuntimeApi {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (invocations, waiting) = mpsc::unbounded_channel();
        let desk = Arc::new(Desk {
            waiting: AsyncMutex::new(waiting),
            answers: Mutex::default(),
            is_idle: watch::Sender::default(),
            init_error: Mutex::default(),
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
            .with_state(Arc::clone(&desk));
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            address,
            invocations,
            count: AtomicU64::new(0),
            desk,
            serving,
        }
    }

    /// What `AWS_LAMBDA_RUNTIME_API` says.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Waits until the runtime asks for its next invocation. Only then does Lambda hand it one.
    pub(crate) async fn idle(&self) {
        let mut is_idle = self.desk.is_idle.subscribe();
        is_idle.wait_for(|it| *it).await.expect("the API serves");
    }

    /// What the function makes of `event`, for which it has until `deadline`. Waits for ever if it
    /// never answers.
    pub(crate) async fn invoke(&self, event: Bytes, deadline: Timestamp) -> Outcome {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let id = format!("8476a536-e9f4-11e8-9739-{number:012}");
        let (sender, answer) = oneshot::channel();
        self.desk.expect_answer(&id, sender);
        let invocation = Invocation {
            id,
            deadline,
            event,
        };
        self.invocations.send(invocation).expect("the API serves");
        answer.await.expect("the API serves")
    }

    /// What the runtime said of a start that failed, if it did.
    pub(crate) fn init_error(&self) -> Option<String> {
        self.desk.init_error().clone()
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Desk {
    fn init_error(&self) -> MutexGuard<'_, Option<String>> {
        self.init_error.lock().expect("no test panicked here")
    }

    fn expect_answer(&self, id: &str, sender: oneshot::Sender<Outcome>) {
        let mut answers = self.answers.lock().expect("no test panicked here");
        answers.insert(id.to_owned(), sender);
    }

    fn hand_over(&self, id: &str, outcome: Outcome) -> StatusCode {
        let mut answers = self.answers.lock().expect("no test panicked here");
        let expected = answers.remove(id);
        match expected.map(|sender| sender.send(outcome)) {
            Some(Ok(())) => StatusCode::ACCEPTED,
            Some(Err(_)) | None => StatusCode::BAD_REQUEST,
        }
    }
}

/// `GET …/next` waits, as Lambda's does, until there is something to do.
async fn next(State(desk): State<Arc<Desk>>) -> Response<Body> {
    let mut waiting = desk.waiting.lock().await;
    desk.is_idle.send_replace(true);
    let Some(invocation) = waiting.recv().await else {
        return std::future::pending().await;
    };
    desk.is_idle.send_replace(false);
    Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", invocation.id)
        .header(
            "lambda-runtime-deadline-ms",
            invocation.deadline.as_millisecond(),
        )
        .header("lambda-runtime-invoked-function-arn", ARN)
        .header("lambda-runtime-trace-id", TRACE_ID)
        .body(Body::from(invocation.event))
        .expect("a response")
}

async fn response(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    body: Bytes,
) -> StatusCode {
    let response = String::from_utf8(body.into()).expect("a response is UTF-8");
    desk.hand_over(&id, Ok(response))
}

async fn error(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    let error = String::from_utf8_lossy(&body).into_owned();
    desk.hand_over(&id, Err(FunctionError(error)))
}

async fn init_error(State(desk): State<Arc<Desk>>, body: Bytes) -> StatusCode {
    *desk.init_error() = Some(String::from_utf8_lossy(&body).into_owned());
    StatusCode::ACCEPTED
}
