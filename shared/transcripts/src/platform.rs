use std::time::Duration;

use aws::deadline::time_left;
use aws::{Environment, EnvironmentError, FunctionInvoker};
use domain::Platform;
use errors::{AwsFailure, Fault, FaultCode};
use store::{ConversationRef, PlatformRequest};

/// How long the platform may take at most. The lease of the reservation begins when the request arrives, so a longer
/// read would leave too little time to send.
const READ_TIME: Duration = Duration::from_secs(14);

/// Reads conversations on their chat platforms, by the function that may call platforms.
#[derive(Clone, Debug)]
pub(crate) struct PlatformReader(FunctionInvoker);

impl PlatformReader {
    /// `CALL_PLATFORM_FUNCTION` is the name of the function.
    pub(crate) fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let invoker = FunctionInvoker::from_environment(environment, "CALL_PLATFORM_FUNCTION")?;
        Ok(Self(invoker))
    }

    /// Records the conversation as it is on its platform, and leaves `reserve` of the invocation's time. Returns
    /// `false` if the conversation belongs to no platform.
    ///
    /// # Errors
    /// `platform_unavailable` if the conversation could not be read, `internal_error` if the function cannot be called
    /// until someone fixes the cause.
    pub(crate) async fn read(
        &self,
        conversation: ConversationRef<'_>,
        reserve: Duration,
    ) -> Result<bool, Fault> {
        if Platform::of_conversation(conversation.conversation).is_none() {
            return Ok(false);
        }
        let event = PlatformRequest::ReadConversation {
            organisation: conversation.organisation.clone(),
            conversation_id: conversation.conversation.clone(),
        };
        let event = serde_json::to_string(&event)
            .map_err(|_| Fault::internal("the event that reads a conversation is not JSON"))?;
        let time = time_left().saturating_sub(reserve).min(READ_TIME);
        let invoked = self.0.invoke(&event, time).await;
        invoked.map(|()| true).map_err(|error| {
            let failure = AwsFailure {
                operation: "lambda:Invoke",
                code: error.code,
                status: error.status,
                aws_request_id: error.request_id,
            };
            Fault::of_service(FaultCode::PlatformUnavailable, failure)
        })
    }
}
