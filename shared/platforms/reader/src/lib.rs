//! Reads conversations on their chat platforms. Only `call-platform` may call platforms, so this crate invokes it.

use std::time::Duration;

use aws::deadline::time_left;
use aws::{Environment, EnvironmentError, FunctionInvoker};
use domain::Platform;
use errors::{AwsFailure, Fault, FaultCode};
use store::{ConversationRef, PlatformRequest};

/// How long the platform may take at most. The lease of a reservation begins when the request arrives, so a longer
/// read would leave too little time to send.
const READ_TIME: Duration = Duration::from_secs(14);

/// Invokes the function that may call platforms.
#[derive(Clone, Debug)]
pub struct PlatformReader(FunctionInvoker);

/// Whether a visitor can be asked for a rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskableOutcome {
    /// The conversation belongs to no platform, so nothing was read.
    NotOnPlatform,
    /// The conversation was read. A question can be posted, and its answer can be read.
    Yes,
    /// A question cannot be posted, or its answer not be read. The log of `call-platform` contains the reason.
    No,
}

impl PlatformReader {
    /// `CALL_PLATFORM_FUNCTION` is the name of the function.
    ///
    /// # Errors
    /// If a required variable is missing or invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let invoker = FunctionInvoker::from_environment(environment, "CALL_PLATFORM_FUNCTION")?;
        Ok(Self(invoker))
    }

    /// Records the conversation as it is on its platform, and leaves `reserve` of the invocation's time. Returns
    /// `false` if the conversation belongs to no platform.
    ///
    /// # Errors
    /// `platform_unavailable` if the conversation could not be read, `internal_error` if the function cannot be called
    /// until someone fixes the cause.
    pub async fn read(
        &self,
        conversation: ConversationRef<'_>,
        reserve: Duration,
    ) -> Result<bool, Fault> {
        if Platform::of_conversation(conversation.conversation).is_none() {
            return Ok(false);
        }
        let request = PlatformRequest::ReadConversation {
            organisation: conversation.organisation.clone(),
            conversation_id: conversation.conversation.clone(),
        };
        self.invoke(&request, reserve).await?;
        Ok(true)
    }

    /// As [`Self::read`], and finds out whether the visitor can be asked for a rating.
    ///
    /// # Errors
    /// See [`Self::read`].
    pub async fn read_before_asking(
        &self,
        conversation: ConversationRef<'_>,
        reserve: Duration,
    ) -> Result<AskableOutcome, Fault> {
        if Platform::of_conversation(conversation.conversation).is_none() {
            return Ok(AskableOutcome::NotOnPlatform);
        }
        let request = PlatformRequest::ReadBeforeAsking {
            organisation: conversation.organisation.clone(),
            conversation_id: conversation.conversation.clone(),
        };
        let response = self.invoke(&request, reserve).await?;
        let outcome = serde_json::from_str::<String>(&response);
        Ok(match outcome.as_deref() {
            Ok(PlatformRequest::ASKABLE) => AskableOutcome::Yes,
            Ok(_) => AskableOutcome::No,
            Err(_) => {
                return Err(Fault::internal(
                    "the response of call-platform is not JSON text",
                ));
            }
        })
    }

    async fn invoke(&self, request: &PlatformRequest, reserve: Duration) -> Result<String, Fault> {
        let event = serde_json::to_string(request)
            .map_err(|_| Fault::internal("the event for call-platform is not JSON"))?;
        let time = time_left().saturating_sub(reserve).min(READ_TIME);
        self.0.invoke(&event, time).await.map_err(|error| {
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
