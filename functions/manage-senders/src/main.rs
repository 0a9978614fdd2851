//! Wires the `manage-senders` function.

fn main() {}
