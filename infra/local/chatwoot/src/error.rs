//! Errors of the handle's actions.

/// Why an action was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActionError {
    /// The record does not exist, or belongs to another account.
    #[error("the server has no such record")]
    NotFound,
    /// The person may not do this.
    #[error("the server does not permit this action")]
    Forbidden,
    /// The record is invalid. Contains Chatwoot's sentence.
    #[error("{0}")]
    Invalid(String),
}
