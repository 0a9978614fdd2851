use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

/// The details of a failed call to AWS: enough to find the call in AWS's own logs.
///
/// The SDK's error itself is dropped, because its `Debug` output can contain items and addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{operation} failed: {code}")]
pub struct AwsFailure {
    /// The operation, such as `dynamodb:GetItem`.
    pub operation: &'static str,
    /// AWS's error code, or the reason why there is no response: `timeout`, `connection`,
    /// `unreadable_response`, `construction`.
    pub code: String,
    /// The HTTP status of AWS's response, if there was one.
    pub status: Option<u16>,
    /// AWS's own id of the call, if there was a response.
    pub aws_request_id: Option<String>,
}

impl AwsFailure {
    /// Extracts the details of `error`, which `operation` returned.
    pub fn new<E: ProvideErrorMetadata>(
        operation: &'static str,
        error: &SdkError<E, HttpResponse>,
    ) -> Self {
        let code = match error {
            SdkError::ServiceError(service) => service.err().code().unwrap_or("unnamed"),
            SdkError::TimeoutError(_) => "timeout",
            SdkError::DispatchFailure(dispatch) if dispatch.is_timeout() => "timeout",
            SdkError::DispatchFailure(_) => "connection",
            SdkError::ResponseError(_) => "unreadable_response",
            _ => "construction",
        };
        let response = error.raw_response();
        Self {
            operation,
            code: code.to_owned(),
            status: response.map(|response| response.status().as_u16()),
            aws_request_id: response
                .and_then(RequestId::request_id)
                .map(ToOwned::to_owned),
        }
    }

    /// Whether the same call fails again until someone fixes the cause: a missing permission, a
    /// missing table or a malformed request.
    pub fn is_permanent(&self) -> bool {
        let is_transient = self.code.contains("Throttl")
            || self.code.contains("LimitExceeded")
            || self.code.contains("ThroughputExceeded")
            || self.code.contains("TooManyRequests")
            || self.code.contains("TransactionInProgress")
            || self.code.contains("TransactionConflict")
            // A function that Lambda changes at this moment.
            || self.code == "ResourceConflictException"
            || self.status == Some(408);
        let is_construction = self.code == "construction";
        let is_client_error = self
            .status
            .is_some_and(|status| (400..500).contains(&status))
            && self.code != "unreadable_response";
        is_construction || (is_client_error && !is_transient)
    }

    /// Whether the call may have succeeded, because the response was lost or AWS failed after it
    /// received the call.
    pub fn is_ambiguous(&self) -> bool {
        match self.code.as_str() {
            "timeout" | "connection" | "unreadable_response" => true,
            _ => self.status.is_some_and(|status| status >= 500),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: &str, status: Option<u16>) -> AwsFailure {
        AwsFailure {
            operation: "dynamodb:PutItem",
            code: code.to_owned(),
            status,
            aws_request_id: None,
        }
    }

    #[test]
    fn a_failure_is_permanent_if_aws_refuses_every_retry() {
        for (code, status, is_permanent) in [
            ("AccessDeniedException", Some(400), true),
            ("ValidationException", Some(400), true),
            ("construction", None, true),
            ("ThrottlingException", Some(400), false),
            ("ProvisionedThroughputExceededException", Some(400), false),
            ("RequestLimitExceeded", Some(400), false),
            ("TooManyRequestsException", Some(429), false),
            ("TransactionInProgressException", Some(400), false),
            ("TransactionConflictException", Some(400), false),
            ("ResourceConflictException", Some(409), false),
            ("unnamed", Some(408), false),
            ("unreadable_response", Some(400), false),
            ("InternalServerError", Some(500), false),
            ("timeout", None, false),
            ("connection", None, false),
        ] {
            let failure = failure(code, status);
            assert_eq!(failure.is_permanent(), is_permanent, "{code}");
        }
    }

    #[test]
    fn a_failure_is_ambiguous_if_the_call_may_have_succeeded() {
        for (code, status, is_ambiguous) in [
            ("timeout", None, true),
            ("connection", None, true),
            ("unreadable_response", Some(200), true),
            ("InternalServerError", Some(500), true),
            ("ServiceUnavailable", Some(503), true),
            ("AccessDeniedException", Some(400), false),
            ("ThrottlingException", Some(400), false),
            ("construction", None, false),
        ] {
            let failure = failure(code, status);
            assert_eq!(failure.is_ambiguous(), is_ambiguous, "{code}");
        }
    }

    #[test]
    fn the_text_names_the_operation_and_the_code() {
        let failure = failure("AccessDeniedException", Some(400));
        assert_eq!(
            failure.to_string(),
            "dynamodb:PutItem failed: AccessDeniedException"
        );
    }
}
