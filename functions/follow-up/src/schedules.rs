//! The one-time schedules of EventBridge Scheduler that invoke this function.

use aws::{AwsConnection, CallPolicy, Environment, EnvironmentError, Service};
use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::error::ProvideErrorMetadata;
use aws_sdk_scheduler::types::{
    ActionAfterCompletion, DeadLetterConfig, FlexibleTimeWindow, FlexibleTimeWindowMode,
    RetryPolicy, Target,
};
use domain::Timestamp;
use errors::{AwsFailure, Fault};
use lambda::events::EventInvocation;
use lambda::metrics::{self, Counter};

use crate::due::Due;

/// The least time until a schedule. Scheduler refuses times in the past by its own clock, and fires up
/// to a minute late anyway.
const LEAST_SECONDS_AHEAD: i64 = 60;

/// How long Scheduler retries an invocation that Lambda does not accept.
const RETRIED_FOR_SECONDS: i32 = 24 * 60 * 60;
const RETRIES: i32 = 185;

/// How much later than its time Scheduler may fire the schedule of a mail.
const MAIL_WINDOW_MINUTES: i32 = 15;

/// The schedules of this stack.
#[derive(Clone, Debug)]
pub(crate) struct Schedules {
    client: Client,
    group: String,
    role_arn: String,
    dead_letters_arn: String,
}

impl Schedules {
    pub(crate) fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let connection = AwsConnection::from_environment(environment)?;
        let config = connection.config(Service::Scheduler, CallPolicy::IDEMPOTENT);
        Ok(Self {
            client: Client::new(&config),
            group: environment.required("SCHEDULE_GROUP")?,
            role_arn: environment.required("SCHEDULER_ROLE_ARN")?,
            dead_letters_arn: environment.required("SCHEDULE_DEAD_LETTERS_ARN")?,
        })
    }

    /// Creates the schedule of `due`, which invokes this function at that time or later. Keeps the
    /// schedule if it exists.
    ///
    /// # Errors
    /// If Scheduler fails. The event should then be retried.
    pub(crate) async fn create(
        &self,
        due: &Due,
        invocation: &EventInvocation,
    ) -> Result<(), Fault> {
        let name = due.schedule_name();
        let input = serde_json::to_string(due)
            .map_err(|_| Fault::internal("the input of a schedule is not JSON"))?;
        let target = Target::builder()
            .arn(&invocation.function_arn)
            .role_arn(&self.role_arn)
            .input(input)
            .dead_letter_config(
                DeadLetterConfig::builder()
                    .arn(&self.dead_letters_arn)
                    .build(),
            )
            .retry_policy(
                RetryPolicy::builder()
                    .maximum_event_age_in_seconds(RETRIED_FOR_SECONDS)
                    .maximum_retry_attempts(RETRIES)
                    .build(),
            )
            .build();
        let window = if due.action.sends_mail() {
            FlexibleTimeWindow::builder()
                .mode(FlexibleTimeWindowMode::Flexible)
                .maximum_window_in_minutes(MAIL_WINDOW_MINUTES)
        } else {
            FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off)
        };
        let incomplete = |_| Fault::internal("a schedule is incomplete");
        let created = self
            .client
            .create_schedule()
            .name(&name)
            .group_name(&self.group)
            .client_token(&name)
            .schedule_expression(expression(due.at, invocation.now))
            .flexible_time_window(window.build().map_err(incomplete)?)
            .action_after_completion(ActionAfterCompletion::Delete)
            .target(target.map_err(incomplete)?)
            .send()
            .await;
        match created {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("ConflictException") => Ok(()),
            Err(error) => {
                metrics::count(Counter::ScheduleFailed);
                let failure = AwsFailure::new("scheduler:CreateSchedule", &error);
                Err(Fault::storage(failure))
            }
        }
    }

    /// Deletes the schedule with this name. Returns `false` if there is none, for example because it
    /// fired already.
    ///
    /// # Errors
    /// If Scheduler fails.
    pub(crate) async fn delete(&self, name: &str) -> Result<bool, Fault> {
        let deleted = self
            .client
            .delete_schedule()
            .name(name)
            .group_name(&self.group)
            .send()
            .await;
        match deleted {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(false),
            Err(error) => {
                let failure = AwsFailure::new("scheduler:DeleteSchedule", &error);
                Err(Fault::storage(failure))
            }
        }
    }
}

/// The time of a schedule that is due at `at`, in UTC. Fractions of a second are rounded up, so that it
/// is never early.
fn expression(at: Timestamp, now: Timestamp) -> String {
    let seconds = at.epoch_milliseconds().div_euclid(1_000)
        + i64::from(at.epoch_milliseconds().rem_euclid(1_000) > 0);
    let seconds = seconds.max(now.epoch_seconds() + LEAST_SECONDS_AHEAD);
    let time = Timestamp::from_epoch_seconds(seconds)
        .unwrap_or(at)
        .to_string();
    format!("at({})", time.get(..19).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_never_early_and_at_least_a_minute_ahead() {
        let time = |text| Timestamp::parse(text).unwrap();
        let now = time("2026-01-05T09:00:00.500Z");
        for (at, expected) in [
            ("2026-01-05T09:15:00.000Z", "at(2026-01-05T09:15:00)"),
            ("2026-01-05T09:15:00.001Z", "at(2026-01-05T09:15:01)"),
            ("2026-01-05T09:00:10.000Z", "at(2026-01-05T09:01:00)"),
        ] {
            assert_eq!(expression(time(at), now), expected);
        }
    }
}
