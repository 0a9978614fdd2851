//! Defines where the functions run: in this process, or on a custom host.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use function_handlers::Handler;
use lambda::clock::SharedClock;

/// Runs functions outside the server's own process.
pub trait Host: fmt::Debug + Send + Sync {
    /// Prepares `function`, the name of its folder, for invocations with exactly these environment
    /// variables and with this clock.
    fn prepare(
        &self,
        function: &str,
        environment: HashMap<String, String>,
        clock: SharedClock,
    ) -> Arc<Handler>;
}
