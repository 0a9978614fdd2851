//! What invokes functions in the background, without an HTTP request.

use std::sync::Arc;

use crate::aws::dynamodb_stream::TableStream;
use crate::aws::eventbridge::StackBus;
use crate::aws::lambda::{EventSources, Schedules};
use crate::aws::scheduler::Scheduler;

/// Invokes functions in the background.
#[derive(Clone)]
pub(crate) struct BackgroundInvokers {
    pub(crate) sources: Arc<EventSources>,
    pub(crate) schedules: Arc<Schedules>,
    pub(crate) stack_bus: Arc<StackBus>,
    pub(crate) scheduler: Arc<Scheduler>,
    pub(crate) stream: TableStream,
}

impl BackgroundInvokers {
    /// Invokes the functions and deletes stream records that they have processed, for as long as
    /// the future is polled.
    pub(crate) async fn run(self) {
        tokio::join!(
            self.sources.run(),
            self.schedules.run(),
            self.stack_bus.run(),
            self.scheduler.run(),
            self.stream.keep_trimmed(),
        );
    }

    /// Delivers all records and events, fires all due schedules, and does the same for what the
    /// invoked functions cause. Returns whether all records were processed.
    ///
    /// The hourly functions are not invoked, because they are always due in some hour.
    pub(crate) async fn settle(&self) -> bool {
        loop {
            // The first step, so that nothing is written to the table after it in the last round.
            let is_done = self.sources.deliver_waiting().await;
            let events = self.stack_bus.deliver_waiting().await;
            let fired = self.scheduler.fire_due().await;
            if events.is_empty() && fired.is_empty() {
                return is_done;
            }
        }
    }
}
