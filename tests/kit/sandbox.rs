use std::collections::HashMap;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use jiff::Timestamp;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::Reply;
use crate::binaries::binary;
use crate::runtime_api::{FunctionError, RuntimeApi};

/// The time after which a test fails if a process has not responded, including its start, or has not
/// ended.
const PATIENCE: Duration = Duration::from_secs(60);

/// A real binary in its own process, run as Lambda runs it.
pub struct Sandbox {
    api: RuntimeApi,
    started: Instant,
    process: Mutex<Child>,
    process_id: u32,
    output: JoinHandle<String>,
    errors: JoinHandle<String>,
}

/// A process that has ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// Its log, from standard output.
    pub log: String,
    /// Its output on standard error.
    pub errors: String,
    /// The error that it reported to Lambda, if its start failed.
    pub init_error: Option<String>,
}

/// Why an invocation has no response.
#[derive(Debug, thiserror::Error)]
pub enum NoResponse {
    /// The runtime reported an error.
    #[error("the runtime reported an error: {0}")]
    Error(FunctionError),
    /// The process ended before it responded.
    #[error("the process ended before it responded: {0}")]
    Ended(ExitStatus),
}

impl Ended {
    /// The lines of the log, without the metrics.
    pub fn lines(&self) -> Vec<Value> {
        self.all_lines().filter(|line| !is_metric(line)).collect()
    }

    /// The lines in the embedded metric format.
    pub fn metrics(&self) -> Vec<Value> {
        self.all_lines().filter(is_metric).collect()
    }

    fn all_lines(&self) -> impl Iterator<Item = Value> {
        let lines = self.log.lines();
        lines.map(|line| serde_json::from_str(line).expect("a line is JSON"))
    }
}

fn is_metric(line: &Value) -> bool {
    line.get("_aws").is_some()
}

impl Sandbox {
    /// Starts the binary of `function` with exactly these variables and those that Lambda sets.
    pub async fn start(function: &str, environment: HashMap<String, String>) -> Self {
        let mut program = Command::new(binary(function));
        program.env_clear().envs(environment);
        Self::run(program, function).await
    }

    /// Starts `program`, in any language, as the function of this name. Adds the variables that Lambda
    /// sets.
    pub async fn run(mut program: Command, function: &str) -> Self {
        let api = RuntimeApi::start(function).await;
        let started = Instant::now();
        let mut process = program
            .env("AWS_LAMBDA_RUNTIME_API", api.address())
            .env("AWS_LAMBDA_FUNCTION_NAME", function)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
            .env("AWS_LAMBDA_LOG_LEVEL", "TRACE")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", function)
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let output = read(process.stdout.take());
        let errors = read(process.stderr.take());
        Self {
            api,
            started,
            process_id: process.id().expect("the process runs"),
            process: Mutex::new(process),
            output,
            errors,
        }
    }

    /// Waits until the function is idle.
    pub async fn wait_until_idle(&self) {
        self.api.wait_until_idle().await;
    }

    /// Waits until the function has started or ended.
    pub(crate) async fn started_or_ended(&self) {
        let mut process = self.process.lock().await;
        tokio::select! {
            () = self.api.wait_until_idle() => {}
            _ = process.wait() => {}
        }
    }

    /// Invokes the function with this deadline, and returns its response.
    ///
    /// # Errors
    /// If the process returns no response.
    pub async fn invoke(
        &self,
        event: impl Into<Bytes>,
        deadline: Timestamp,
    ) -> Result<String, NoResponse> {
        let mut process = self.process.lock().await;
        let outcome = async {
            tokio::select! {
                outcome = self.api.invoke(event.into(), deadline) => outcome.map_err(NoResponse::Error),
                status = process.wait() => Err(NoResponse::Ended(status.expect("a status"))),
            }
        };
        let outcome = tokio::time::timeout(PATIENCE, outcome).await;
        outcome.expect("the function responds in time")
    }

    /// Invokes the function with this deadline, and returns its response as the gateway would send it.
    pub async fn answer(&self, event: &Value, deadline: Timestamp) -> Reply {
        let response = self.invoke(event.to_string(), deadline).await;
        Reply::of_function(&response.expect("the function returns a response"))
    }

    /// Sends SIGTERM, as Lambda does before it ends a sandbox, and waits for the end.
    pub async fn terminate(self) -> Ended {
        self.send_sigterm().await;
        self.ended().await
    }

    /// Sends SIGKILL, as Lambda does after a timeout or if the memory is used up, and waits for the end.
    pub async fn kill(mut self) -> Ended {
        let process = self.process.get_mut();
        process.start_kill().expect("the process runs");
        self.ended().await
    }

    /// The time just before the process started.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// The id of the process.
    pub fn process_id(&self) -> u32 {
        self.process_id
    }

    /// Sends SIGTERM to the process.
    pub async fn send_sigterm(&self) {
        let id = self.process_id;
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -TERM {id}")])
            .status()
            .await;
        assert!(sent.expect("sh runs").success(), "the signal is sent");
    }

    /// Waits for the process to end.
    pub async fn ended(self) -> Ended {
        let mut process = self.process.into_inner();
        let status = tokio::time::timeout(PATIENCE, process.wait()).await;
        Ended {
            status: status.expect("the process ends").expect("a status"),
            log: self.output.await.expect("it is read"),
            errors: self.errors.await.expect("it is read"),
            init_error: self.api.init_error(),
        }
    }
}

/// Reads the whole pipe, so that the process never waits for a reader.
fn read(pipe: Option<impl AsyncRead + Send + Unpin + 'static>) -> JoinHandle<String> {
    let mut pipe = pipe.expect("it is piped");
    tokio::spawn(async move {
        let mut text = String::new();
        pipe.read_to_string(&mut text).await.expect("UTF-8");
        text
    })
}
