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

    /// Whether AWS refused the call itself (a missing permission, a missing table, a malformed
    /// request). The same call will be refused again until someone fixes the cause.
    pub fn is_refusal(&self) -> bool {
        let is_passing = self.code.contains("Throttl")
            || self.code.contains("LimitExceeded")
            || self.code.contains("ThroughputExceeded")
            || self.code.contains("TooManyRequests")
            || self.code.contains("TransactionInProgress")
            || self.code.contains("TransactionConflict");
        let is_construction = self.code == "construction";
        let is_client_error = self
            .status
            .is_some_and(|status| (400..500).contains(&status))
            && self.code != "unreadable_response";
        is_construction || (is_client_error && !is_passing)
    }

    /// Whether the call may have succeeded nevertheless, because the response was lost or
    /// inconclusive.
    pub fn is_ambiguous(&self) -> bool {
        match self.code.as_str() {
            "timeout" | "connection" | "unreadable_response" => true,
            _ => self.status.is_some_and(|status| status >= 500),
        }
    }
}
