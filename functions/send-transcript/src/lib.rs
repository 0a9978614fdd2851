//! The `send-transcript` function.
