/// Why a call to a platform has no result.
#[derive(Clone, Debug)]
pub(crate) struct CallError {
    pub(crate) kind: CallErrorKind,
    /// Whether a call that posts a message may have posted it.
    pub(crate) may_have_posted: bool,
    /// The cause, for the log.
    pub(crate) cause: String,
}

/// The kind of a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallErrorKind {
    /// What the call names does not exist.
    NotFound,
    /// The token is not accepted, or does not allow the call.
    NotAllowed,
    /// The platform is unavailable, or someone must change the connection.
    Failed,
}
