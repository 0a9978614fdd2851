use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use lambda::clock::SharedClock;
use local::{Handler, HandlerError, Host, Invocation};
use tokio::process::Command;

use crate::binaries::{self, binary, dynamic_binary};
use crate::fake_time::{FakeTime, SharedMemoryFiles};
use crate::sandbox::Sandbox;

/// Runs each function as its real binary, with one sandbox for each concurrent invocation.
#[derive(Debug)]
pub(crate) struct BinaryHost;

/// The executables of one function.
pub(crate) struct Programs {
    /// The binary under test.
    pub(crate) usual: PathBuf,
    /// A binary whose time a test can change.
    pub(crate) dynamic: PathBuf,
}

/// The sandboxes of one function.
pub(crate) struct Pool {
    function: String,
    programs: Programs,
    environment: HashMap<String, String>,
    time: FakeTime,
    /// The sandboxes that wait for an invocation.
    idle: Mutex<Vec<Worker>>,
}

/// A sandbox, with the files of libfaketime if its time was changed. Fields are dropped in order, so
/// the files are deleted after the process has ended.
struct Worker {
    sandbox: Sandbox,
    shared_memory: Option<SharedMemoryFiles>,
}

impl BinaryHost {
    /// The host of every stack, if the real binaries are requested.
    pub(crate) fn if_requested() -> Option<Arc<dyn Host>> {
        binaries::are_requested().then(|| Arc::new(Self) as _)
    }
}

impl Host for BinaryHost {
    fn prepare(
        &self,
        function: &str,
        environment: HashMap<String, String>,
        clock: SharedClock,
    ) -> Arc<Handler> {
        // The binaries are built here, so that the timeout of the first event does not include it.
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

    /// Invokes the function in an idle sandbox or in a new one.
    ///
    /// As in Lambda, a sandbox is not used again after an error or a timeout, and its start does not
    /// count towards the invocation's timeout. Once the clock was moved, only sandboxes with
    /// libfaketime are used.
    pub(crate) async fn invoke(&self, invocation: Invocation) -> Result<String, HandlerError> {
        self.time.follow();
        let was_moved = self.time.was_ever_moved();
        let waiting = self.take_idle(was_moved);
        let worker = match waiting {
            Some(worker) => worker,
            None if was_moved => self.start_in_moved_time().await,
            None => {
                let mut program = Command::new(&self.programs.usual);
                program.env_clear().envs(&self.environment);
                Worker {
                    sandbox: Sandbox::run(program, &self.function).await,
                    shared_memory: None,
                }
            }
        };
        worker.sandbox.started_or_ended().await;
        let deadline = self.time.follow() + invocation.time;
        let response = worker.sandbox.invoke(invocation.event, deadline).await?;
        self.idle_workers().push(worker);
        Ok(response)
    }

    fn take_idle(&self, was_moved: bool) -> Option<Worker> {
        let mut idle = self.idle_workers();
        idle.retain(|worker| worker.shared_memory.is_some() == was_moved);
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
            shared_memory: Some(SharedMemoryFiles::of(sandbox.process_id())),
            sandbox,
        }
    }

    fn idle_workers(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().expect("the lock is not poisoned")
    }
}
