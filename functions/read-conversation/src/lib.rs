//! The `read-conversation` function.
