use std::borrow::Cow;
use std::fmt;

/// A value that breaks the rule of its type; its text is that rule, fit to be shown to the caller.
///
/// It never repeats the value itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue(Cow<'static, str>);

impl InvalidValue {
    /// A breach of `rule`, which completes the sentence "the field …": "must be …".
    pub fn new(rule: impl Into<Cow<'static, str>>) -> Self {
        Self(rule.into())
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidValue {}
