//! Failures of afterchat itself: a fixed text for the caller, and a cause for the log.

use std::borrow::Cow;
use std::time::Duration;

use crate::aws_failure::AwsFailure;
use crate::fault_code::FaultCode;

/// The cause of a fault: logged once, never shown.
#[derive(Clone, Debug)]
pub enum Cause {
    /// A call to AWS that failed.
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

    /// A failed call to a service. It is an internal error if the same call fails again until someone fixes the
    /// cause, and `code` otherwise.
    pub fn of_service(code: FaultCode, failure: AwsFailure) -> Self {
        let code = if failure.is_permanent() {
            FaultCode::InternalError
        } else {
            code
        };
        Self::of_aws(code, failure)
    }

    /// A failed call to DynamoDB: [`Self::of_service`] with unavailable storage.
    pub fn storage(failure: AwsFailure) -> Self {
        Self::of_service(FaultCode::StorageUnavailable, failure)
    }

    /// An internal error, which indicates a bug. `cause` must contain no data of a caller.
    pub fn internal(cause: impl Into<Cow<'static, str>>) -> Self {
        Self::new(FaultCode::InternalError, cause)
    }

    /// Unavailable storage, because other requests wrote the same item during every attempt.
    /// `cause` must contain no data of a caller.
    pub fn contended(cause: &'static str) -> Self {
        Self::new(FaultCode::StorageUnavailable, cause)
    }

    /// A fault of `code` that was not caused by a call to AWS. `cause` must contain no data of a
    /// caller.
    pub fn new(code: FaultCode, cause: impl Into<Cow<'static, str>>) -> Self {
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

    /// The stable code, which determines the status and the text for the caller.
    pub fn code(&self) -> FaultCode {
        self.code
    }

    /// The cause. It is for the log only and must not be shown to a caller.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: &str, status: Option<u16>) -> AwsFailure {
        AwsFailure {
            operation: "dynamodb:GetItem",
            code: code.to_owned(),
            status,
            aws_request_id: None,
        }
    }

    #[test]
    fn a_failed_call_to_dynamodb_is_an_internal_error_only_if_every_retry_fails() {
        for (code, status, expected) in [
            ("AccessDeniedException", Some(400), FaultCode::InternalError),
            (
                "ResourceNotFoundException",
                Some(400),
                FaultCode::InternalError,
            ),
            ("construction", None, FaultCode::InternalError),
            (
                "ThrottlingException",
                Some(400),
                FaultCode::StorageUnavailable,
            ),
            (
                "InternalServerError",
                Some(500),
                FaultCode::StorageUnavailable,
            ),
            ("timeout", None, FaultCode::StorageUnavailable),
        ] {
            let fault = Fault::storage(failure(code, status));
            assert_eq!(fault.code(), expected, "{code}");
        }
    }

    #[test]
    fn contention_is_unavailable_storage_and_a_bug_is_an_internal_error() {
        let contended = Fault::contended("other writes");
        assert_eq!(contended.code(), FaultCode::StorageUnavailable);
        assert_eq!(Fault::internal("a bug").code(), FaultCode::InternalError);
    }

    #[test]
    fn only_a_replayed_fault_is_a_replay() {
        let fault = Fault::new(FaultCode::EmailOutcomeUnknown, "no response");
        assert!(!fault.is_replay());
        let replay = fault.replayed();
        assert!(replay.is_replay());
        assert_eq!(replay.code(), FaultCode::EmailOutcomeUnknown);
    }
}
