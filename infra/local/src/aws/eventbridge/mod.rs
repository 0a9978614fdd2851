//! EventBridge, as far as the stack uses it.

pub(crate) mod pattern;
