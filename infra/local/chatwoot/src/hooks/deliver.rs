//! Delivers pending hooks.

use tokio::task::JoinSet;

use crate::hooks::plan::Copy;
use crate::hooks::send::{self, HttpClient};
use crate::hooks::{DeliveryOutcome, DeliveryPlan, DeliveryRecord, Hook, PendingHook};
use crate::json;
use crate::server::Chatwoot;
use crate::signature;

impl Chatwoot {
    /// The hooks that are not sent yet, in the order of the events.
    pub fn pending_hooks(&self) -> Vec<PendingHook> {
        self.state().pending.clone()
    }

    /// Removes and returns the hooks that are not sent yet, for a test that delivers them itself
    /// with [`Self::build_hook`].
    pub fn take_pending_hooks(&self) -> Vec<PendingHook> {
        std::mem::take(&mut self.state().pending)
    }

    /// Builds a hook from the current state and signs it. Each call uses a new delivery id. Returns
    /// `None` if the record does not exist any more.
    pub fn build_hook(&self, hook: &PendingHook) -> Option<Hook> {
        let mut state = self.state();
        let body = json::to_bytes(&state.hook_body(hook)?);
        let mut built = Hook {
            number: hook.number,
            event: hook.event.clone(),
            url: hook.url.clone(),
            delivery_id: state.uuid(),
            timestamp: None,
            signature: None,
            body,
        };
        let now = state.now().epoch_seconds();
        sign(&mut built, hook.secret.as_deref(), now);
        Some(built)
    }

    /// Delivers all pending hooks, and those that are added meanwhile. Returns their records in the
    /// order in which they were completed.
    pub async fn deliver_hooks(&self, plan: &DeliveryPlan) -> Vec<DeliveryRecord> {
        let client = send::client();
        let is_concurrent = plan.is_concurrent();
        let mut records = Vec::new();
        loop {
            let hooks = self.take_pending_hooks();
            if hooks.is_empty() {
                return records;
            }
            let mut deliveries = JoinSet::new();
            for (hook, copies) in plan.schedule(hooks) {
                let (chatwoot, client, plan) = (self.clone(), client.clone(), plan.clone());
                deliveries.spawn(async move {
                    let delivery = chatwoot.deliver(&client, &plan, &hook, &copies);
                    delivery.await
                });
                if !is_concurrent {
                    records.extend(deliveries.join_next().await.into_iter().flatten().flatten());
                }
            }
            while let Some(delivered) = deliveries.join_next().await {
                records.extend(delivered.into_iter().flatten());
            }
        }
    }

    /// Delivers hooks in a task of the runtime as soon as they are pending, until the server stops.
    pub fn deliver_in_background(&self, plan: DeliveryPlan) {
        let mut changes = self.subscribe();
        let weak = self.downgrade();
        let task = tokio::spawn(async move {
            while changes.changed().await.is_ok() {
                let Some(chatwoot) = weak.upgrade() else {
                    return;
                };
                chatwoot.deliver_hooks(&plan).await;
            }
        });
        self.abort_at_end(task.abort_handle());
    }

    /// All attempts to deliver hooks so far.
    pub fn deliveries(&self) -> Vec<DeliveryRecord> {
        self.state().deliveries.clone()
    }

    async fn deliver(
        &self,
        client: &HttpClient,
        plan: &DeliveryPlan,
        pending: &PendingHook,
        copies: &[Copy],
    ) -> Vec<DeliveryRecord> {
        if plan.is_lost(pending) {
            return vec![self.record_unsent(pending, DeliveryOutcome::Lost)];
        }
        if !plan.delay().is_zero() {
            tokio::time::sleep(plan.delay()).await;
        }
        let Some(mut hook) = self.build_hook(pending) else {
            return vec![self.record_unsent(pending, DeliveryOutcome::RecordDeleted)];
        };
        let mut records = Vec::new();
        for _ in copies {
            records.extend(self.attempt(client, pending, &mut hook).await);
        }
        records
    }

    /// Sends a hook until it is delivered or all attempts are used. Attempts after the first one
    /// are signed again, with the time of the attempt.
    async fn attempt(
        &self,
        client: &HttpClient,
        pending: &PendingHook,
        hook: &mut Hook,
    ) -> Vec<DeliveryRecord> {
        let (timeout, attempts, pause) = {
            let options = &self.state().options;
            let attempts = options.hook_attempts.max(1);
            (options.hook_timeout, attempts, options.hook_attempt_pause)
        };
        let mut records = Vec::new();
        for attempt in 1..=attempts {
            if attempt > 1 {
                tokio::time::sleep(pause).await;
                let now = self.state().now().epoch_seconds();
                sign(hook, pending.secret.as_deref(), now);
            }
            let outcome = send::post(client, hook, timeout).await;
            let is_delivered = outcome.is_delivered();
            let record = DeliveryRecord {
                number: hook.number,
                event: hook.event.clone(),
                url: hook.url.clone(),
                delivery_id: hook.delivery_id.clone(),
                attempt,
                at: self.state().now(),
                body: hook.body.clone(),
                outcome,
            };
            self.state().deliveries.push(record.clone());
            records.push(record);
            if is_delivered {
                break;
            }
        }
        records
    }

    fn record_unsent(&self, hook: &PendingHook, outcome: DeliveryOutcome) -> DeliveryRecord {
        let mut state = self.state();
        let record = DeliveryRecord {
            number: hook.number,
            event: hook.event.clone(),
            url: hook.url.clone(),
            delivery_id: String::new(),
            attempt: 1,
            at: state.now(),
            body: Vec::new(),
            outcome,
        };
        state.deliveries.push(record.clone());
        record
    }
}

fn sign(hook: &mut Hook, secret: Option<&str>, now: i64) {
    if let Some(secret) = secret {
        hook.timestamp = Some(now);
        hook.signature = signature::sign(secret, now, &hook.body);
    }
}
