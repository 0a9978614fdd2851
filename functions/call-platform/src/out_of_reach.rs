use chatwoot_client::ChatwootError;
use errors::{Fault, FaultCode};

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;

impl CallPlatform {
    /// Why a call about this conversation failed in a way that a retry would not change: it was deleted on the
    /// platform, the owner of the token does not see it, or the bot does not exist.
    ///
    /// # Errors
    /// If the platform is unavailable, the token is not accepted any more, or the platform does not respond as
    /// expected. The event is then retried, and an administrator gets an alarm.
    pub(crate) async fn out_of_reach(
        &self,
        connected: &ConnectedConversation,
        error: ChatwootError,
    ) -> Result<&'static str, Fault> {
        match error {
            ChatwootError::NotFound => return Ok("deleted_on_platform"),
            ChatwootError::NoBot => return Ok("no_bot"),
            // The platform answers the same for a token that is not accepted and for an inbox that the owner of
            // the token does not see.
            ChatwootError::NotAllowed if connected.client.read_membership().await.is_ok() => {
                return Ok("not_visible");
            }
            _ => {}
        }
        Err(Fault::new(
            FaultCode::PlatformUnavailable,
            error.to_string(),
        ))
    }
}
