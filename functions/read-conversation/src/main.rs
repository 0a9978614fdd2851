//! Wires the `read-conversation` function.

fn main() {}
