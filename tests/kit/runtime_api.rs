use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::JoinHandle;

const ARN: &str = "arn:aws:lambda:us-east-1:000000000000:function:local";
const TRACE_ID: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0";

/// How long a function may take to answer, its start included, before its test fails.
const PATIENCE: Duration = Duration::from_secs(60);

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
}

struct Invocation {
    id: String,
    deadline: Timestamp,
    event: Value,
}

/// What the runtime hands over: a response, or what it says of an error.
type Outcome = Result<Value, String>;

impl RuntimeApi {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (invocations, waiting) = mpsc::unbounded_channel();
        let desk = Arc::new(Desk {
            waiting: AsyncMutex::new(waiting),
            answers: Mutex::default(),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(response),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
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

    /// What the function answers to `event`, for which it has `time`.
    pub(crate) async fn invoke(&self, event: &Value, time: Duration) -> Value {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let id = format!("8476a536-e9f4-11e8-9739-{number:012}");
        let (sender, answer) = oneshot::channel();
        self.desk.expect_answer(&id, sender);
        let invocation = Invocation {
            id,
            deadline: now() + time,
            event: event.clone(),
        };
        self.invocations.send(invocation).expect("the API serves");
        let outcome = tokio::time::timeout(PATIENCE, answer).await;
        outcome
            .expect("the function answers in time")
            .expect("the API serves")
            .expect("the function answers with a response")
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Desk {
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
    let Some(invocation) = desk.waiting.lock().await.recv().await else {
        return std::future::pending().await;
    };
    Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", invocation.id)
        .header(
            "lambda-runtime-deadline-ms",
            invocation.deadline.as_millisecond(),
        )
        .header("lambda-runtime-invoked-function-arn", ARN)
        .header("lambda-runtime-trace-id", TRACE_ID)
        .body(Body::from(invocation.event.to_string()))
        .expect("a response")
}

async fn response(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    body: Bytes,
) -> StatusCode {
    let response = serde_json::from_slice(&body).expect("a response is JSON");
    desk.hand_over(&id, Ok(response))
}

async fn error(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    let error = String::from_utf8_lossy(&body).into_owned();
    desk.hand_over(&id, Err(error))
}

/// A runtime that cannot start answers nothing.
async fn init_error(State(desk): State<Arc<Desk>>, body: Bytes) -> StatusCode {
    let error = String::from_utf8_lossy(&body).into_owned();
    let mut answers = desk.answers.lock().expect("no test panicked here");
    for (_, sender) in answers.drain() {
        // Whoever no longer waits for the answer need not hear of it.
        let _ = sender.send(Err(error.clone()));
    }
    StatusCode::ACCEPTED
}

/// Lambda's clock, which is the machine's.
#[expect(
    clippy::disallowed_methods,
    reason = "a deadline is in real time, whatever clock the functions go by"
)]
fn now() -> Timestamp {
    Timestamp::now()
}
