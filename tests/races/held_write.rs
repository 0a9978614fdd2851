//! Holds a write of a rule, so that the conversation can change between the decision and the write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tests::{AwsProxy, FaultInjection, Held};
use tokio::sync::Notify;

/// The next write of a rule, which waits until [`HeldWrite::release`].
pub struct HeldWrite {
    held: Held,
    is_active: Arc<AtomicBool>,
    is_released: Notify,
}

impl HeldWrite {
    pub fn of_next(aws: &AwsProxy) -> Self {
        let held = Held::default();
        let is_active = Arc::new(AtomicBool::new(true));
        let is_still_active = Arc::clone(&is_active);
        aws.inject_before_others(
            1,
            move |call| {
                is_still_active.load(Ordering::SeqCst)
                    && call.function == "follow-up"
                    && call.is("dynamodb:TransactWriteItems")
            },
            FaultInjection::HoldWhileConnected(held.clone()),
        );
        Self {
            held,
            is_active,
            is_released: Notify::new(),
        }
    }

    /// Waits until the rule writes, or until it ended without a write.
    pub async fn arrived(&self) {
        tokio::select! {
            () = self.held.arrived() => {}
            () = self.is_released.notified() => {}
        }
    }

    pub fn release(&self) {
        self.is_active.store(false, Ordering::SeqCst);
        self.held.release();
        self.is_released.notify_one();
    }
}
