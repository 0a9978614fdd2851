use std::borrow::Cow;

/// A value that breaks the rule of its type; its text is that rule, fit to be shown to the caller.
///
/// It never repeats the value itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidValue(Cow<'static, str>);

impl InvalidValue {
    /// A breach of `rule`, which completes the sentence "the field …": "must be …".
    pub fn new(rule: impl Into<Cow<'static, str>>) -> Self {
        Self(rule.into())
    }
}
