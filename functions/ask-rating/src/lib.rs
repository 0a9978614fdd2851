//! The `ask-rating` function.
