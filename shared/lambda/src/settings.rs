//! Settings that several functions read from environment variables.
//!
//! Each function reads its own other variables.

use aws::{Environment, EnvironmentError};
use domain::{ReportTimeZone, TimeZoneName, VisitorAskInterval};

/// The number of days during which a visitor who was asked for a rating is not asked again:
/// `VISITOR_ASK_INTERVAL_DAYS`, by default 0.
///
/// # Errors
/// If the variable is not valid.
pub fn visitor_ask_interval(
    environment: &Environment,
) -> Result<VisitorAskInterval, EnvironmentError> {
    let interval = environment.parsed("VISITOR_ASK_INTERVAL_DAYS", VisitorAskInterval::parse)?;
    Ok(interval.unwrap_or_default())
}

/// The time zone that decides on which day the report counts a rating request:
/// `REPORT_TIME_ZONE`, by default UTC.
///
/// # Errors
/// If the variable is not valid.
pub fn report_time_zone(environment: &Environment) -> Result<ReportTimeZone, EnvironmentError> {
    let name = report_time_zone_name(environment)?;
    Ok(name.map_or_else(ReportTimeZone::default, |name| ReportTimeZone::of(&name)))
}

/// The name of the [`report_time_zone`], or `None` if it is not set.
///
/// # Errors
/// If the variable is not valid.
pub fn report_time_zone_name(
    environment: &Environment,
) -> Result<Option<TimeZoneName>, EnvironmentError> {
    environment.parsed("REPORT_TIME_ZONE", TimeZoneName::parse)
}
