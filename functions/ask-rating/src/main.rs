//! Wires the `ask-rating` function.

fn main() {}
