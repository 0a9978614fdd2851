//! Wires the `record-conversation` function.

fn main() {}
