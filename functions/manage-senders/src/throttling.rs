//! Retries of calls that SES throttles.

use std::time::Duration;

use aws_sdk_sesv2::config::http::HttpResponse;
use aws_sdk_sesv2::config::interceptors::InterceptorContext;
use aws_sdk_sesv2::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};

/// The minimum pause before a throttled call is retried: SES allows one call per second.
const PAUSE: Duration = Duration::from_secs(1);

/// The maximum random addition to a pause, so that two requests do not collide again.
const LONGEST_EXTRA_PAUSE_MILLISECONDS: u32 = 500;

/// Prevents the SDK from retrying a throttled call within milliseconds, because SES would throttle
/// it again.
#[derive(Debug)]
pub(crate) struct DoNotRetryThrottling;

impl ClassifyRetry for DoNotRetryThrottling {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response() {
            Some(response) if response.status().as_u16() == 429 => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Throttled calls to SES"
    }
}

/// Whether SES throttled the call.
pub(crate) fn is_throttled<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    let code = error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code);
    matches!(
        code,
        Some("TooManyRequestsException" | "ThrottlingException" | "Throttling")
    )
}

/// A pause before the next attempt.
pub(crate) fn pause() -> Duration {
    let random = getrandom::u32().unwrap_or_default() % LONGEST_EXTRA_PAUSE_MILLISECONDS;
    PAUSE + Duration::from_millis(random.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_at_least_the_second_that_ses_requires() {
        for _ in 0..100 {
            assert!((PAUSE..PAUSE * 3 / 2).contains(&pause()));
        }
    }
}
