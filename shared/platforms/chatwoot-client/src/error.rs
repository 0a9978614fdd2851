use platform_client::PlatformError;

/// Why a call to Chatwoot's API has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatwootError {
    /// The server did not respond, or responded with a temporary error: 408, 429 or 5xx. It may have
    /// processed the call.
    #[error("the server is unavailable")]
    Unavailable,
    /// The server's host name resolves to an address that is not public. Nothing was sent.
    #[error("the host has a private address")]
    PrivateAddress,
    /// The token is not accepted, or does not allow the call: 401 or 403.
    #[error("the token does not allow the call")]
    NotAllowed,
    /// The token of the bot is not accepted, because the bot was deleted or its token was renewed. Nothing was
    /// posted.
    #[error("the token of the bot is not accepted")]
    BotNotAllowed,
    /// What the call names does not exist: 404.
    #[error("the server has no such resource")]
    NotFound,
    /// The server refused the call with another status.
    #[error("the server refused the call with the status {0}")]
    Refused(u16),
    /// The response is larger than the limit. The server has processed the call.
    #[error("the response is too large")]
    TooLarge,
    /// The bot does not exist, so the message would appear as a teammate's. Nothing was posted.
    #[error("the account has no such bot")]
    NoBot,
    /// The response is not a response of Chatwoot. The server has processed the call.
    #[error("the response cannot be read")]
    Unreadable,
}

impl ChatwootError {
    /// The error of a response with this `status`; `None` if the call succeeded.
    pub(crate) fn of_status(status: u16) -> Option<Self> {
        match status {
            200..=299 => None,
            401 | 403 => Some(Self::NotAllowed),
            404 => Some(Self::NotFound),
            408 | 429 | 500..=599 => Some(Self::Unavailable),
            status => Some(Self::Refused(status)),
        }
    }

    /// Whether a call that posts a message may have posted it.
    pub fn may_have_posted(self) -> bool {
        matches!(self, Self::Unavailable | Self::TooLarge | Self::Unreadable)
    }
}

impl From<PlatformError> for ChatwootError {
    fn from(error: PlatformError) -> Self {
        match error {
            PlatformError::PrivateAddress => Self::PrivateAddress,
            PlatformError::TimedOut | PlatformError::ConnectionFailed => Self::Unavailable,
            PlatformError::ResponseTooLarge => Self::TooLarge,
            PlatformError::InvalidRequest => Self::Unreadable,
        }
    }
}
