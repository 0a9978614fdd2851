use std::collections::HashMap;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::binaries::binary;
use crate::runtime_api::RuntimeApi;

/// How long a process may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// One of the real binaries in a process of its own, run as Lambda runs it.
pub struct Sandbox {
    api: RuntimeApi,
    process: Child,
    output: JoinHandle<String>,
    errors: JoinHandle<String>,
}

/// A process that has ended.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to standard output: its log.
    pub log: String,
    /// What it wrote to standard error.
    pub errors: String,
}

impl Sandbox {
    /// Starts the binary of `function` with exactly these variables and those that Lambda sets.
    pub async fn start(function: &str, environment: HashMap<String, String>) -> Self {
        let api = RuntimeApi::start().await;
        let mut process = Command::new(binary(function))
            .env_clear()
            .envs(environment)
            .env("AWS_LAMBDA_RUNTIME_API", api.address())
            .env("AWS_LAMBDA_FUNCTION_NAME", function)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
            .env("AWS_LAMBDA_LOG_LEVEL", "INFO")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", function)
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the binary starts");
        let output = read(process.stdout.take());
        let errors = read(process.stderr.take());
        Self {
            api,
            process,
            output,
            errors,
        }
    }

    /// What the function answers to `event`, for which it has `time`.
    pub async fn invoke(&self, event: &Value, time: Duration) -> Value {
        self.api.invoke(event, time).await
    }

    /// Sends SIGTERM, as Lambda does before it takes a sandbox away, and waits for the end.
    pub async fn terminate(self) -> Ended {
        let id = self.process.id().expect("the process runs");
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -TERM {id}")])
            .status()
            .await;
        assert!(sent.expect("sh runs").success(), "the signal is sent");
        self.ended().await
    }

    /// Waits for the process to end by itself.
    pub async fn ended(mut self) -> Ended {
        let status = tokio::time::timeout(PATIENCE, self.process.wait()).await;
        Ended {
            status: status.expect("the process ends").expect("a status"),
            log: self.output.await.expect("it is read"),
            errors: self.errors.await.expect("it is read"),
        }
    }
}

/// Reads all that comes, so that the process never waits for a reader.
fn read(pipe: Option<impl AsyncRead + Send + Unpin + 'static>) -> JoinHandle<String> {
    let mut pipe = pipe.expect("it is piped");
    tokio::spawn(async move {
        let mut text = String::new();
        pipe.read_to_string(&mut text).await.expect("UTF-8");
        text
    })
}
