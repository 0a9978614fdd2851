use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use lambda::clock::SharedClock;
use local::{Handler, HandlerError, Host, Invocation};
use tokio::process::Command;

use crate::binaries::{self, binary, dynamic_binary};
use crate::fake_time::{FakeTime, Traces};
use crate::sandbox::Sandbox;

/// Runs each function as its real binary, in as many sandboxes as it needs at once.
#[derive(Debug)]
pub(crate) struct BinaryHost;

/// The executables of one function.
pub(crate) struct Programs {
    /// The one that is to be tested.
    pub(crate) usual: PathBuf,
    /// One that can be shown another time.
    pub(crate) dynamic: PathBuf,
}

/// The sandboxes of one function.
pub(crate) struct Pool {
    function: String,
    programs: Programs,
    environment: HashMap<String, String>,
    time: FakeTime,
    /// Those that wait for an invocation.
    idle: Mutex<Vec<Worker>>,
}

/// A sandbox, and then what it leaves behind if it is shown a time that was moved.
struct Worker {
    sandbox: Sandbox,
    traces: Option<Traces>,
}

impl BinaryHost {
    /// The host of every stack, where the environment asks for the real binaries.
    pub(crate) fn if_asked_for() -> Option<Arc<dyn Host>> {
        binaries::asked_for().then(|| Arc::new(Self) as _)
    }
}

impl Host for BinaryHost {
    fn ready(
        &self,
        function: &str,
        environment: HashMap<String, String>,
        clock: SharedClock,
    ) -> Arc<Handler> {
        // Built now, and not within the time of the first event.
        let programs = Programs {
            usual: binary(function).to_owned(),
            dynamic: dynamic_binary(function).to_owned(),
        };
        let pool = Arc::new(Pool::new(function, programs, environment, clock));
        Arc::new(move |invocation| {
            let pool = Arc::clone(&pool);
            Box::pin(async move { pool.invoke(invocation).await })
        })
    }
}

impl Pool {
    pub(crate) fn new(
        function: &str,
        programs: Programs,
        environment: HashMap<String, String>,
        clock: SharedClock,
    ) -> Self {
        Self {
            function: function.to_owned(),
            programs,
            environment,
            time: FakeTime::new(clock),
            idle: Mutex::default(),
        }
    }

    /// A sandbox whose function failed, or was not waited for, is given up, as Lambda does. So is one
    /// that goes by the machine's time, once that is not the time any longer.
    ///
    /// The start of a sandbox does not count against the invocation's time, as in Lambda.
    pub(crate) async fn invoke(&self, invocation: Invocation) -> Result<String, HandlerError> {
        self.time.follow();
        let is_moved = self.time.is_moved();
        let waiting = self.take_idle(is_moved);
        let worker = match waiting {
            Some(worker) => worker,
            None if is_moved => self.start_in_moved_time().await,
            None => {
                let mut program = Command::new(&self.programs.usual);
                program.env_clear().envs(&self.environment);
                Worker {
                    sandbox: Sandbox::run(program, &self.function).await,
                    traces: None,
                }
            }
        };
        worker.sandbox.started_or_ended().await;
        let deadline = self.time.follow() + invocation.time;
        let response = worker.sandbox.invoke(invocation.event, deadline).await?;
        self.idle().push(worker);
        Ok(response)
    }

    fn take_idle(&self, is_moved: bool) -> Option<Worker> {
        let mut idle = self.idle();
        idle.retain(|worker| worker.traces.is_some() == is_moved);
        idle.pop()
    }

    async fn start_in_moved_time(&self) -> Worker {
        let mut program = Command::new(&self.programs.dynamic);
        program
            .env_clear()
            .envs(&self.environment)
            .envs(self.time.variables());
        let sandbox = Sandbox::run(program, &self.function).await;
        Worker {
            traces: Some(Traces::of(sandbox.process_id())),
            sandbox,
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().expect("no test panicked here")
    }
}
