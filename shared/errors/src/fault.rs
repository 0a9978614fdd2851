//! Failures of afterchat itself: a fixed text for the caller, and a cause for the log.

use std::borrow::Cow;
use std::time::Duration;

use crate::aws_failure::AwsFailure;
use crate::problem_codes::problem_codes;

problem_codes! {
    /// Every fault of afterchat or AWS that fails a request: its stable code, status and title.
    FaultCode:
    /// A bug in the code or a mistake in the stack.
    InternalError = 500, "internal_error", "Internal error";
    /// DynamoDB failed or did not respond in time.
    StorageUnavailable = 503, "storage_unavailable", "Storage is unavailable";
    /// The invocation ran out of time.
    TimedOut = 503, "timed_out", "The request took too long";
    /// SES rejected the mail.
    EmailRefused = 502, "email_refused", "The e-mail was refused";
    /// SES accepted no mail; none was sent.
    EmailUnavailable = 503, "email_unavailable", "E-mail is unavailable";
    /// SES may have sent the mail or not.
    EmailOutcomeUnknown = 504, "email_outcome_unknown", "The e-mail's outcome is unknown";
}

impl FaultCode {
    /// The fixed text that the caller receives.
    pub fn detail(self) -> &'static str {
        match self {
            Self::InternalError => "Something went wrong on our side. It has been logged.",
            Self::StorageUnavailable => "Storage is unavailable. Retry the same request.",
            Self::TimedOut => "The request took too long. Retry the same request.",
            Self::EmailRefused => "The e-mail service refused the mail. Nothing was sent.",
            Self::EmailUnavailable => "The e-mail service is unavailable. Nothing was sent.",
            Self::EmailOutcomeUnknown => {
                "The e-mail service did not say whether it took the mail. It is not sent again."
            }
        }
    }
}

/// The cause of a fault: logged once, never shown.
#[derive(Clone, Debug)]
pub enum Cause {
    /// A call to AWS.
    Aws(AwsFailure),
    /// Another cause, in words that contain no data of a caller.
    Other(Cow<'static, str>),
}

/// A fault: a fixed text for the caller and a cause for the log.
#[derive(Clone, Debug)]
pub struct Fault {
    code: FaultCode,
    cause: Cause,
    is_replay: bool,
}

impl Fault {
    /// A fault of `code` whose cause is a call to AWS.
    pub fn of_aws(code: FaultCode, failure: AwsFailure) -> Self {
        Self {
            code,
            cause: Cause::Aws(failure),
            is_replay: false,
        }
    }

    /// A failed call to DynamoDB: an internal error if DynamoDB refused the call itself,
    /// unavailable storage otherwise.
    pub fn storage(failure: AwsFailure) -> Self {
        let code = if failure.is_refusal() {
            FaultCode::InternalError
        } else {
            FaultCode::StorageUnavailable
        };
        Self::of_aws(code, failure)
    }

    /// An internal error, which indicates a bug. `cause` must contain no data of a caller.
    pub fn internal(cause: impl Into<Cow<'static, str>>) -> Self {
        Self::other(FaultCode::InternalError, cause)
    }

    /// Other requests kept writing the same item, so a retry may succeed. `cause` must contain no
    /// data of a caller.
    pub fn contended(cause: &'static str) -> Self {
        Self::other(FaultCode::StorageUnavailable, cause)
    }

    /// A fault of `code` that was not caused by a call to AWS. `cause` must contain no data of a
    /// caller.
    pub fn other(code: FaultCode, cause: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            cause: Cause::Other(cause.into()),
            is_replay: false,
        }
    }

    /// The same fault, marked as a replay under the same idempotency key.
    #[must_use]
    pub fn replayed(mut self) -> Self {
        self.is_replay = true;
        self
    }

    /// The stable code.
    pub fn code(&self) -> FaultCode {
        self.code
    }

    /// The cause for the log.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// Whether it is a replay of an earlier request's fault.
    pub fn is_replay(&self) -> bool {
        self.is_replay
    }

    /// Writes the one log line of an invocation that this fault ended. `route` is the route of a
    /// request, and `None` for an event.
    pub fn log(&self, request_id: &str, route: Option<&str>, elapsed: Duration) {
        let duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let code = self.code.as_str();
        let status = route.map(|_| self.code.status());
        match &self.cause {
            Cause::Aws(failure) => tracing::error!(
                request_id,
                route,
                status,
                code,
                duration_ms,
                operation = failure.operation,
                aws_code = failure.code,
                aws_status = failure.status,
                aws_request_id = failure.aws_request_id,
                "faulted"
            ),
            Cause::Other(cause) => tracing::error!(
                request_id,
                route,
                status,
                code,
                duration_ms,
                cause = cause.as_ref(),
                "faulted"
            ),
        }
    }
}
