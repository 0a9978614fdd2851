//! Wires the `submit-rating` function.

fn main() {}
