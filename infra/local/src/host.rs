//! Where the functions run: in this process, or wherever a host of one's own runs them.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use lambda::clock::SharedClock;

/// Runs functions for the server, in place of its own process.
pub trait Host: fmt::Debug + Send + Sync {
    /// Makes `function`, the name of its folder, ready to be called with exactly these variables
    /// and the time of `clock`.
    fn ready(
        &self,
        function: &str,
        environment: HashMap<String, String>,
        clock: SharedClock,
    ) -> Arc<Handler>;
}

/// What a function makes of an invocation: its response, as JSON.
pub type Handler =
    dyn Fn(Invocation) -> BoxFuture<'static, Result<String, HandlerError>> + Send + Sync;

/// Why there is no response.
pub type HandlerError = Box<dyn Error + Send + Sync>;

/// One call of a function, as Lambda makes it.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// Lambda's id of the call.
    pub request_id: String,
    /// The event, as JSON.
    pub event: String,
    /// How long the function may take, from now on.
    pub time: Duration,
}
