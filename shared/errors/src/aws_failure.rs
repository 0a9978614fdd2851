use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

/// What is kept of a call to AWS that failed: enough to find it in AWS's own logs.
///
/// The SDK's error itself is dropped, for its `Debug` can carry items and addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{operation} failed: {code}")]
pub struct AwsFailure {
    /// Which call it was, such as `dynamodb:GetItem`.
    pub operation: &'static str,
    /// AWS's code for the error, or what kept its answer away: `timeout`, `connection`,
    /// `unreadable_response`, `construction`.
    pub code: String,
    /// The HTTP status of AWS's answer, where there was one.
    pub status: Option<u16>,
    /// AWS's own id of the call, where there was an answer.
    pub aws_request_id: Option<String>,
}

impl AwsFailure {
    /// Keeps what matters of `error`, which `operation` met.
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

    /// Whether AWS refused the call as such (a missing permission, a table that is not there, a
    /// malformed request), so that the same call will be refused again until someone mends it.
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

    /// Whether the call may have taken place all the same: its answer never came, or did not say.
    pub fn is_ambiguous(&self) -> bool {
        match self.code.as_str() {
            "timeout" | "connection" | "unreadable_response" => true,
            _ => self.status.is_some_and(|status| status >= 500),
        }
    }
}
