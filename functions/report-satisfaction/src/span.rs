use domain::{DaySpan, InvalidValue, ReportDay};
use errors::Refusal;
use lambda::http::HttpRequest;

/// The maximum length of a report in days: two years, one of which is a leap year.
const LONGEST: u32 = 731;

/// Reads the requested days `from` and `to`, both included.
///
/// # Errors
/// If either is missing or not a date, or if `to` is before `from` or too far after it: 422.
pub(crate) fn requested_span(request: &HttpRequest) -> Result<DaySpan, Refusal> {
    let from = request.required_query_parameter("from", ReportDay::parse)?;
    let to = request.required_query_parameter("to", ReportDay::parse)?;
    checked(from, to).map_err(|rule| Refusal::invalid_field("to", &rule))
}

fn checked(from: ReportDay, to: ReportDay) -> Result<DaySpan, InvalidValue> {
    let span =
        DaySpan::new(from, to).ok_or_else(|| InvalidValue::new("must not be before from"))?;
    if span.length() <= LONGEST {
        Ok(span)
    } else {
        let rule = format!("must make it at most {LONGEST} days, from and to included");
        Err(InvalidValue::new(rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_allowed(from: &str, to: &str) -> bool {
        let day = |text| ReportDay::parse(text).unwrap();
        checked(day(from), day(to)).is_ok()
    }

    #[test]
    fn a_span_has_1_to_731_days() {
        assert!(is_allowed("2026-11-22", "2026-11-22"));
        assert!(is_allowed("2024-01-01", "2025-12-31"));
        assert!(!is_allowed("2024-01-01", "2026-01-01"));
        assert!(!is_allowed("2026-11-22", "2026-11-21"));
        assert!(!is_allowed("0000-01-01", "9999-12-31"));
    }
}
