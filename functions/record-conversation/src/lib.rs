//! The `record-conversation` function.
