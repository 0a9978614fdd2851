//! The `submit-rating` function.
