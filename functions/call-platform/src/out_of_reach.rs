use errors::{Fault, FaultCode};

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;
use crate::platform::{CallError, CallErrorKind};

impl CallPlatform {
    /// Why a call about this conversation failed in a way that a retry would not change: it was deleted on the
    /// platform, or the owner of the token does not see it.
    ///
    /// # Errors
    /// If the platform is unavailable, the token is not accepted any more, the bot was deleted, or the platform
    /// does not respond as expected. The event is then retried, and an administrator gets an alarm.
    pub(crate) async fn out_of_reach(
        &self,
        connected: &ConnectedConversation,
        error: CallError,
    ) -> Result<&'static str, Fault> {
        // The platform answers the same for a token that is not accepted and for an inbox that the owner of the
        // token does not see. And while it is updated, a proxy may answer 404 for it.
        let reason = match error.kind {
            CallErrorKind::NotFound => Some("deleted_on_platform"),
            CallErrorKind::NotAllowed => Some("not_visible"),
            CallErrorKind::Failed => None,
        };
        if let Some(reason) = reason
            && connected.on_platform.has_access().await
        {
            return Ok(reason);
        }
        Err(Fault::new(FaultCode::PlatformUnavailable, error.cause))
    }
}
