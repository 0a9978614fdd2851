use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use tests::{Sandbox, deadline_in};
use tokio::process::Command;

use crate::workload::Task;

/// The time that API Gateway gives a function.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A program that Lambda would start, and its task.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) name: String,
    /// The program and its arguments.
    pub(crate) command: Vec<OsString>,
    pub(crate) environment: HashMap<String, String>,
    pub(crate) task: Task,
}

impl Candidate {
    pub(crate) fn new(
        name: &str,
        program: &Path,
        environment: HashMap<String, String>,
        task: &Task,
    ) -> Self {
        Self {
            name: name.to_owned(),
            command: vec![program.into()],
            environment,
            task: task.clone(),
        }
    }

    pub(crate) fn with_arguments<const N: usize>(mut self, arguments: [&str; N]) -> Self {
        self.command.extend(arguments.map(OsString::from));
        self
    }

    pub(crate) fn with_variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// Starts a process as Lambda does.
    pub(crate) async fn start(&self) -> Sandbox {
        let mut command = Command::new(&self.command[0]);
        command
            .args(&self.command[1..])
            .env_clear()
            .envs(&self.environment);
        Sandbox::run(command, &self.name).await
    }

    /// Sends the task to a process, and checks the response.
    pub(crate) async fn handle_task(&self, sandbox: &Sandbox) {
        self.check(&self.response(sandbox).await);
    }

    /// # Panics
    /// If the task does not accept `response`.
    pub(crate) fn check(&self, response: &str) {
        assert!(self.task.accepts(response), "{}: {response}", self.name);
    }

    pub(crate) async fn response(&self, sandbox: &Sandbox) -> String {
        let deadline = deadline_in(TIMEOUT);
        let response = sandbox.invoke(self.task.event.clone(), deadline).await;
        response.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}
