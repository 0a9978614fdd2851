//! The input of `CreateSchedule`, and its checks.

use domain::{TimeZoneName, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::aws::scheduler::constraints::{
    CLIENT_TOKEN, QUEUE_ARN, ROLE_ARN, check_length, check_name, check_pattern, check_range,
};
use crate::aws::scheduler::error::SchedulerError;
use crate::aws::scheduler::expression;

/// The group of schedules that name none.
pub(crate) const DEFAULT_GROUP: &str = "default";

/// The time zone of schedules that name none.
const DEFAULT_ZONE: &str = "UTC";

/// The maximum size of a target's input in bytes
/// (<https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html>).
const INPUT_BYTES: usize = 256 * 1024;

/// The body of `CreateSchedule`. Parameters of other targets than Lambda functions, and the user's
/// own encryption key, are refused as unknown fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreateScheduleRequest {
    #[serde(default)]
    pub(super) action_after_completion: ActionAfterCompletion,
    pub(super) client_token: Option<String>,
    description: Option<String>,
    /// Ignored for a one-time schedule, as in AWS. So is the start date.
    end_date: Option<Value>,
    pub(super) flexible_time_window: FlexibleTimeWindow,
    pub(super) group_name: Option<String>,
    pub(super) schedule_expression: String,
    schedule_expression_timezone: Option<String>,
    start_date: Option<Value>,
    #[serde(default)]
    pub(super) state: State,
    pub(super) target: Target,
}

/// What happens to a schedule after it invoked its target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ActionAfterCompletion {
    /// The schedule remains, and so does its name.
    #[default]
    None,
    /// The schedule is deleted.
    Delete,
}

/// Whether a schedule invokes its target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum State {
    #[default]
    Enabled,
    Disabled,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct FlexibleTimeWindow {
    mode: FlexibleTimeWindowMode,
    maximum_window_in_minutes: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum FlexibleTimeWindowMode {
    Off,
    Flexible,
}

/// The Lambda function that a schedule invokes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Target {
    pub(super) arn: String,
    dead_letter_config: Option<DeadLetterConfig>,
    pub(super) input: Option<String>,
    retry_policy: Option<RetryPolicy>,
    pub(super) role_arn: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct DeadLetterConfig {
    arn: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct RetryPolicy {
    maximum_event_age_in_seconds: Option<i64>,
    maximum_retry_attempts: Option<i64>,
}

impl CreateScheduleRequest {
    pub(super) fn parse(body: &[u8]) -> Result<Self, SchedulerError> {
        serde_json::from_slice(body).map_err(|error| SchedulerError::validation(error.to_string()))
    }

    /// The name of the schedule's group.
    pub(super) fn group(&self) -> &str {
        self.group_name.as_deref().unwrap_or(DEFAULT_GROUP)
    }

    /// Checks everything except the time. Returns the time at which the schedule is due.
    pub(super) fn check(&self) -> Result<Timestamp, SchedulerError> {
        check_name("groupName", self.group())?;
        if let Some(token) = &self.client_token {
            check_length("clientToken", token, 1..=64)?;
            check_pattern("clientToken", token, CLIENT_TOKEN)?;
        }
        if let Some(description) = &self.description {
            check_length("description", description, 0..=512)?;
        }
        self.flexible_time_window.check()?;
        self.target.check()?;
        self.moment()
    }

    fn moment(&self) -> Result<Timestamp, SchedulerError> {
        let expression = &self.schedule_expression;
        check_length("scheduleExpression", expression, 1..=256)?;
        let zone = self.schedule_expression_timezone.as_deref();
        let zone = zone.unwrap_or(DEFAULT_ZONE);
        check_length("scheduleExpressionTimezone", zone, 1..=50)?;
        let zone = TimeZoneName::parse(zone)
            .ok()
            .filter(|found| found.as_str() == zone)
            .ok_or_else(|| {
                SchedulerError::validation(format!("Invalid Schedule Expression Timezone {zone}."))
            })?;
        expression::moment(expression, &zone).ok_or_else(|| {
            SchedulerError::validation(format!("Invalid Schedule Expression {expression}."))
        })
    }
}

impl FlexibleTimeWindow {
    /// The length of the window in seconds, which is 0 if the window is off.
    pub(super) fn seconds(&self) -> i64 {
        self.maximum_window_in_minutes.unwrap_or(0) * 60
    }

    fn check(&self) -> Result<(), SchedulerError> {
        let member = "flexibleTimeWindow.maximumWindowInMinutes";
        check_range(member, self.maximum_window_in_minutes, 1..=1_440)?;
        match (self.mode, self.maximum_window_in_minutes) {
            (FlexibleTimeWindowMode::Off, Some(_)) => Err(SchedulerError::validation(
                "MaximumWindowInMinutes must not be set if the flexible time window is OFF.",
            )),
            (FlexibleTimeWindowMode::Flexible, None) => Err(SchedulerError::validation(
                "MaximumWindowInMinutes is required if the flexible time window is FLEXIBLE.",
            )),
            _ => Ok(()),
        }
    }
}

impl Target {
    fn check(&self) -> Result<(), SchedulerError> {
        check_length("target.arn", &self.arn, 1..=1_600)?;
        if !is_function_arn(&self.arn) {
            return Err(SchedulerError::validation(
                "Provided Arn is not in correct format. Only Lambda functions are supported here.",
            ));
        }
        check_length("target.roleArn", &self.role_arn, 1..=1_600)?;
        check_pattern("target.roleArn", &self.role_arn, ROLE_ARN)?;
        let queue = self.dead_letter_config.as_ref();
        if let Some(queue) = queue.and_then(|config| config.arn.as_ref()) {
            check_length("target.deadLetterConfig.arn", queue, 1..=1_600)?;
            check_pattern("target.deadLetterConfig.arn", queue, QUEUE_ARN)?;
        }
        if let Some(policy) = &self.retry_policy {
            let member = "target.retryPolicy.maximumEventAgeInSeconds";
            check_range(member, policy.maximum_event_age_in_seconds, 60..=86_400)?;
            let member = "target.retryPolicy.maximumRetryAttempts";
            check_range(member, policy.maximum_retry_attempts, 0..=185)?;
        }
        self.input.as_deref().map_or(Ok(()), check_input)
    }
}

/// Checks the input of a Lambda function, which must be JSON.
fn check_input(input: &str) -> Result<(), SchedulerError> {
    check_length("target.input", input, 1..=INPUT_BYTES)?;
    if input.len() > INPUT_BYTES {
        return Err(SchedulerError::validation(format!(
            "The input of the target is larger than {INPUT_BYTES} bytes."
        )));
    }
    match serde_json::from_str::<Value>(input) {
        Ok(_) => Ok(()),
        Err(_) => Err(SchedulerError::validation(
            "The input of a Lambda target must be well-formed JSON.",
        )),
    }
}

fn is_function_arn(arn: &str) -> bool {
    let parts: Vec<_> = arn.split(':').collect();
    matches!(
        parts.as_slice(),
        ["arn", "aws", "lambda", region, account, "function", name]
            if !region.is_empty() && account.len() == 12 && !name.is_empty()
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body() -> Value {
        json!({
            "ActionAfterCompletion": "DELETE",
            "ClientToken": "token-1",
            "Description": "",
            "FlexibleTimeWindow": { "Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15 },
            "GroupName": "afterchat",
            "ScheduleExpression": "at(2026-07-01T09:30:00)",
            "ScheduleExpressionTimezone": "Europe/Lisbon",
            "State": "ENABLED",
            "Target": {
                "Arn": "arn:aws:lambda:us-east-1:000000000000:function:follow-up",
                "DeadLetterConfig": { "Arn": "arn:aws:sqs:us-east-1:000000000000:Letters" },
                "Input": "{\"a\":1}",
                "RetryPolicy": { "MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0 },
                "RoleArn": "arn:aws:iam::000000000000:role/Role",
            },
        })
    }

    fn checked(body: &Value) -> Result<Timestamp, SchedulerError> {
        CreateScheduleRequest::parse(body.to_string().as_bytes())?.check()
    }

    #[test]
    fn a_request_with_every_supported_member_is_accepted() {
        let moment = checked(&body()).unwrap();
        assert_eq!(moment.to_string(), "2026-07-01T08:30:00.000Z");
    }

    #[test]
    fn optional_members_have_defaults() {
        let mut body = body();
        for member in [
            "ActionAfterCompletion",
            "ClientToken",
            "Description",
            "GroupName",
            "ScheduleExpressionTimezone",
            "State",
        ] {
            body.as_object_mut().unwrap().remove(member);
        }
        body["FlexibleTimeWindow"] = json!({ "Mode": "OFF" });
        for member in ["DeadLetterConfig", "Input", "RetryPolicy"] {
            body["Target"].as_object_mut().unwrap().remove(member);
        }
        let request = CreateScheduleRequest::parse(body.to_string().as_bytes()).unwrap();
        let moment = request.check().unwrap();
        assert_eq!(moment.to_string(), "2026-07-01T09:30:00.000Z");
        assert_eq!(request.group(), "default");
        assert_eq!(request.action_after_completion, ActionAfterCompletion::None);
        assert_eq!(request.flexible_time_window.seconds(), 0);
    }

    #[test]
    fn required_members_must_exist() {
        for pointer in [
            "/FlexibleTimeWindow",
            "/FlexibleTimeWindow/Mode",
            "/ScheduleExpression",
            "/Target",
            "/Target/Arn",
            "/Target/RoleArn",
        ] {
            let mut body = body();
            let (parent, member) = pointer.rsplit_once('/').unwrap();
            let parent = body.pointer_mut(parent).unwrap();
            parent.as_object_mut().unwrap().remove(member);
            let error = checked(&body).unwrap_err();
            assert_eq!(error.kind(), "ValidationException", "{pointer}");
            assert!(error.message().contains(member), "{pointer}");
        }
    }

    #[test]
    fn an_invalid_value_is_refused() {
        for (pointer, value) in [
            ("/ActionAfterCompletion", json!("KEEP")),
            ("/ClientToken", json!("")),
            ("/ClientToken", json!("a".repeat(65))),
            ("/ClientToken", json!("a.b")),
            ("/Description", json!("a".repeat(513))),
            ("/FlexibleTimeWindow", json!({ "Mode": "FLEXIBLE" })),
            (
                "/FlexibleTimeWindow",
                json!({ "Mode": "OFF", "MaximumWindowInMinutes": 1 }),
            ),
            ("/FlexibleTimeWindow/Mode", json!("ON")),
            ("/FlexibleTimeWindow/MaximumWindowInMinutes", json!(0)),
            ("/FlexibleTimeWindow/MaximumWindowInMinutes", json!(1_441)),
            ("/GroupName", json!("")),
            ("/GroupName", json!("a b")),
            ("/GroupName", json!("a".repeat(65))),
            ("/ScheduleExpression", json!("rate(1 hour)")),
            ("/ScheduleExpression", json!("at(2026-07-01T09:30:00Z)")),
            ("/ScheduleExpressionTimezone", json!("Mars/Olympus")),
            ("/ScheduleExpressionTimezone", json!("europe/lisbon")),
            ("/State", json!("PAUSED")),
            ("/Target/Arn", json!("follow-up")),
            (
                "/Target/Arn",
                json!("arn:aws:sqs:us-east-1:000000000000:queue"),
            ),
            ("/Target/RoleArn", json!("arn:aws:iam::1:role/Role")),
            ("/Target/RoleArn", json!("Role")),
            ("/Target/DeadLetterConfig/Arn", json!("Letters")),
            ("/Target/Input", json!("")),
            ("/Target/Input", json!("{")),
            (
                "/Target/Input",
                json!(format!("\"{}\"", "a".repeat(INPUT_BYTES))),
            ),
            ("/Target/RetryPolicy/MaximumEventAgeInSeconds", json!(59)),
            (
                "/Target/RetryPolicy/MaximumEventAgeInSeconds",
                json!(86_401),
            ),
            ("/Target/RetryPolicy/MaximumRetryAttempts", json!(-1)),
            ("/Target/RetryPolicy/MaximumRetryAttempts", json!(186)),
        ] {
            let mut body = body();
            *body.pointer_mut(pointer).unwrap() = value.clone();
            let error = checked(&body).unwrap_err();
            assert_eq!(error.kind(), "ValidationException", "{pointer}: {value}");
        }
    }

    #[test]
    fn members_that_the_emulator_does_not_support_are_refused() {
        for (parent, member) in [("", "KmsKeyArn"), ("/Target", "SqsParameters")] {
            let mut body = body();
            body.pointer_mut(parent).unwrap()[member] = json!({});
            let error = checked(&body).unwrap_err();
            assert!(error.message().contains(member), "{}", error.message());
        }
    }
}
