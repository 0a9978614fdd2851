//! Wires the `send-transcript` function.

fn main() {}
