//! The `manage-senders` function.
