//! Defines where the functions run: in this process, or on a custom host.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use lambda::clock::SharedClock;

/// Runs functions outside the server's own process.
pub trait Host: fmt::Debug + Send + Sync {
    /// Prepares `function`, the name of its folder, for invocations with exactly these environment
    /// variables and with this clock.
    fn ready(
        &self,
        function: &str,
        environment: HashMap<String, String>,
        clock: SharedClock,
    ) -> Arc<Handler>;
}

/// Handles an invocation and returns the function's response as JSON.
pub type Handler =
    dyn Fn(Invocation) -> BoxFuture<'static, Result<String, HandlerError>> + Send + Sync;

/// The error of an invocation without a response.
pub type HandlerError = Box<dyn Error + Send + Sync>;

/// One invocation of a function, as Lambda makes it.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The Lambda request ID of the invocation.
    pub request_id: String,
    /// The event, as JSON.
    pub event: String,
    /// The time until the function times out, counted from the start of the invocation.
    pub time: Duration,
}
