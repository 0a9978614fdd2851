//! The lengths, patterns and ranges of the API's model
//! (`botocore/data/scheduler/2021-06-30/service-2.json`).

use std::ops::RangeInclusive;

use regex_lite::Regex;

use crate::aws::scheduler::error::SchedulerError;

/// The pattern of names of schedules and groups.
pub(super) const NAME: &str = "^[0-9a-zA-Z-_.]+$";

/// The pattern of client tokens.
pub(super) const CLIENT_TOKEN: &str = "^[a-zA-Z0-9-_]+$";

/// The pattern of ARNs of roles.
pub(super) const ROLE_ARN: &str = r"^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@\/-]+$";

/// The pattern of ARNs of queues.
pub(super) const QUEUE_ARN: &str = r"^arn:aws(-[a-z]+)?:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+$";

/// Checks the number of characters of a text.
pub(super) fn check_length(
    member: &str,
    value: &str,
    allowed: RangeInclusive<usize>,
) -> Result<(), SchedulerError> {
    let (least, most) = (allowed.start(), allowed.end());
    let length = value.chars().count();
    let constraint = if length < *least {
        format!("Member must have length greater than or equal to {least}")
    } else if length > *most {
        format!("Member must have length less than or equal to {most}")
    } else {
        return Ok(());
    };
    Err(SchedulerError::constraint(member, value, &constraint))
}

/// Checks that a text matches a pattern.
pub(super) fn check_pattern(
    member: &str,
    value: &str,
    pattern: &str,
) -> Result<(), SchedulerError> {
    if Regex::new(pattern).is_ok_and(|regex| regex.is_match(value)) {
        return Ok(());
    }
    let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
    Err(SchedulerError::constraint(member, value, &constraint))
}

/// Checks a number.
pub(super) fn check_range(
    member: &str,
    value: Option<i64>,
    allowed: RangeInclusive<i64>,
) -> Result<(), SchedulerError> {
    let Some(value) = value.filter(|value| !allowed.contains(value)) else {
        return Ok(());
    };
    let constraint = if value < *allowed.start() {
        format!(
            "Member must have value greater than or equal to {}",
            allowed.start()
        )
    } else {
        format!(
            "Member must have value less than or equal to {}",
            allowed.end()
        )
    };
    Err(SchedulerError::constraint(
        member,
        &value.to_string(),
        &constraint,
    ))
}

/// Checks the name of a schedule or a group.
pub(super) fn check_name(member: &str, value: &str) -> Result<(), SchedulerError> {
    check_length(member, value, 1..=64)?;
    check_pattern(member, value, NAME)
}
