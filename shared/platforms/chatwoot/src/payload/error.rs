/// Why a payload of Chatwoot cannot be read. The error contains the path of the member and never
/// its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The payload is not JSON, or is JSON that is not an object.
    #[error("the payload must be a JSON object")]
    NotAnObject,
    /// A member is absent or `null`.
    #[error("`{path}` is required")]
    Missing {
        /// The path of the member.
        path: String,
    },
    /// A member has another type than expected.
    #[error("`{path}` must be {expected}")]
    Unreadable {
        /// The path of the member.
        path: String,
        /// What was expected.
        expected: &'static str,
    },
}
