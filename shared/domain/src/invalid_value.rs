use std::borrow::Cow;

/// The error for a value that breaks the rule of its type. Its text is that rule and may be shown
/// to the caller.
///
/// It never repeats the value itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidValue(Cow<'static, str>);

impl InvalidValue {
    /// An error for a value that breaks `rule`. The rule completes a sentence about a field, such
    /// as "must be at most 200 characters".
    pub fn new(rule: impl Into<Cow<'static, str>>) -> Self {
        Self(rule.into())
    }
}
