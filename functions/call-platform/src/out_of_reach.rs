use errors::{Fault, FaultCode};
use lambda::events::EventOutcome;

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;
use crate::platform::{CallError, CallErrorKind};

/// Why a call about a conversation fails, also if it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutOfReach {
    /// It was deleted on the platform.
    Deleted,
    /// The owner of the token does not see it.
    NotVisible,
}

impl OutOfReach {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Deleted => "deleted_on_platform",
            Self::NotVisible => "not_visible",
        }
    }

    /// The outcome of an event that therefore has no effect.
    pub(crate) fn into_event(self) -> EventOutcome {
        EventOutcome::unchanged(self.as_str())
    }

    /// The fault of an event that must have an effect unless the conversation was deleted.
    ///
    /// # Errors
    /// If the conversation is not visible. An administrator gets an alarm.
    pub(crate) fn require_visible(self) -> Result<EventOutcome, Fault> {
        match self {
            Self::Deleted => Ok(self.into_event()),
            Self::NotVisible => Err(Fault::new(
                FaultCode::PlatformUnavailable,
                "the owner of the connection's token does not see the conversation",
            )),
        }
    }
}

impl CallPlatform {
    /// Why a call about this conversation failed.
    ///
    /// # Errors
    /// If the platform is unavailable, the token is not accepted any more, the bot was deleted, or the platform
    /// does not respond as expected. The event is then retried, and an administrator gets an alarm.
    pub(crate) async fn classify_failure(
        &self,
        connected: &ConnectedConversation,
        error: CallError,
    ) -> Result<OutOfReach, Fault> {
        // The platform responds the same for a token that is not accepted and for an inbox that the owner of the
        // token does not see. And while it is updated, a proxy may respond with 404 for it.
        let reason = match error.kind {
            CallErrorKind::NotFound => Some(OutOfReach::Deleted),
            CallErrorKind::NotAllowed => Some(OutOfReach::NotVisible),
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
