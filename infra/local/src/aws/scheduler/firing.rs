//! Invokes the targets of due schedules.

use futures_util::future::join_all;
use serde::Serialize;

use crate::aws::iam;
use crate::aws::lambda::{self, DeliveryResult};
use crate::aws::scheduler::Scheduler;
use crate::aws::scheduler::behavior::Firing;
use crate::aws::scheduler::schedule::Schedule;
use crate::clock::CHECK_INTERVAL;
use crate::functions::Function;

/// A schedule that was due.
#[derive(Debug, Serialize)]
pub(crate) struct FiredSchedule {
    name: String,
    group: String,
    /// One result for each invocation. Empty if the schedule was lost or is a dead letter.
    deliveries: Vec<DeliveryResult>,
}

/// Why a target cannot be invoked. Retries do not help.
#[derive(Debug, thiserror::Error)]
enum TargetError {
    #[error("the role of the schedule does not allow lambda:InvokeFunction on the target")]
    NotAllowed,
    #[error("the target is not a function of the template")]
    NoFunction,
}

impl Scheduler {
    /// Fires each schedule when it is due, for as long as the future is polled.
    pub(crate) async fn run(&self) {
        loop {
            self.fire_due().await;
            tokio::time::sleep(CHECK_INTERVAL).await;
        }
    }

    /// Fires all due schedules at once, and waits until their invocations have ended.
    ///
    /// A schedule is completed only then, because AWS deletes it shortly after the invocation. Its
    /// name is therefore not available to the invoked function. If the server stops in between, the
    /// schedule fires again in the next run.
    pub(crate) async fn fire_due(&self) -> Vec<FiredSchedule> {
        let _firing = self.firing.lock().await;
        let due = self.due();
        join_all(
            due.iter()
                .map(|(schedule, firing)| self.fire(schedule, *firing)),
        )
        .await
    }

    /// The due schedules, the earliest time first.
    fn due(&self) -> Vec<(Schedule, Firing)> {
        let now = self.clock.now();
        let mut behavior = self.behavior();
        let schedules = self.schedules();
        let pending = schedules.by_time().into_iter();
        pending
            .filter(|schedule| schedule.is_pending())
            .filter(|schedule| {
                let delay = behavior.delay_seconds(schedule.window_seconds());
                schedule.at.plus_seconds(delay) <= now
            })
            .cloned()
            .collect::<Vec<_>>()
            .into_iter()
            .map(|schedule| (schedule, behavior.next_firing()))
            .collect()
    }

    async fn fire(&self, schedule: &Schedule, firing: Firing) -> FiredSchedule {
        let (group, name) = schedule.key();
        let deliveries = match self.target_of(schedule) {
            Ok(function) => {
                let event = schedule.event();
                let times = match firing {
                    Firing::Lost => 0,
                    Firing::Once => 1,
                    Firing::Twice => 2,
                };
                join_all((0..times).map(|_| lambda::deliver(function, &event))).await
            }
            Err(error) => {
                tracing::error!(name, %error, "a schedule is a dead letter");
                Vec::new()
            }
        };
        if let Err(error) = self.schedules().complete(schedule) {
            tracing::error!(name, %error, "the completion of a schedule was not stored");
        }
        FiredSchedule {
            name,
            group,
            deliveries,
        }
    }

    fn target_of(&self, schedule: &Schedule) -> Result<&Function, TargetError> {
        let target = schedule.target();
        let role = self.account.roles.get(&target.role_arn);
        if !role.is_some_and(|role| iam::is_allowed(role, "lambda:InvokeFunction", &target.arn)) {
            return Err(TargetError::NotAllowed);
        }
        self.targets.get(&target.arn).ok_or(TargetError::NoFunction)
    }
}
