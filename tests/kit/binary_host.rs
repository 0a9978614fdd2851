use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use local::{Handler, HandlerError, Host, Invocation};
use shared::clock::SharedClock;

use crate::binaries::{self, binary};
use crate::movable_time::{MovableTime, Traces};
use crate::sandbox::Sandbox;

/// Runs each function as its real binary, in as many sandboxes as it needs at once.
#[derive(Debug)]
pub(crate) struct BinaryHost;

/// The sandboxes of one function.
struct Pool {
    function: String,
    environment: HashMap<String, String>,
    time: MovableTime,
    /// Those that wait for an invocation.
    idle: Mutex<Vec<Worker>>,
}

/// A sandbox, and then what it leaves behind.
struct Worker {
    sandbox: Sandbox,
    _traces: Traces,
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
        // Now, and not within the time of the first event.
        binary(function);
        let time = MovableTime::new(clock);
        let pool = Arc::new(Pool {
            function: function.to_owned(),
            environment: environment.into_iter().chain(time.variables()).collect(),
            time,
            idle: Mutex::default(),
        });
        Arc::new(move |invocation| {
            let pool = Arc::clone(&pool);
            Box::pin(async move { pool.invoke(invocation).await })
        })
    }
}

impl Pool {
    /// A sandbox whose function failed, or was not waited for, is given up, as Lambda does.
    async fn invoke(&self, invocation: Invocation) -> Result<String, HandlerError> {
        let deadline = self.time.follow() + invocation.time;
        let waiting = self.idle().pop();
        let worker = match waiting {
            Some(worker) => worker,
            None => self.start().await,
        };
        let response = worker.sandbox.invoke(invocation.event, deadline).await?;
        self.idle().push(worker);
        Ok(response)
    }

    async fn start(&self) -> Worker {
        let sandbox = Sandbox::start(&self.function, self.environment.clone()).await;
        Worker {
            _traces: Traces::of(sandbox.process_id()),
            sandbox,
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().expect("no test panicked here")
    }
}
