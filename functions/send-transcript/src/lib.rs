//! The `send-transcript` function.

pub mod mail;
