//! The environment variables of a function: read once, at start, with errors that name the variable.

use std::fmt;

/// A variable that a function cannot start without, or one whose value breaks its rule.
#[derive(Debug)]
pub struct EnvironmentError {
    variable: &'static str,
    problem: String,
}

impl fmt::Display for EnvironmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "environment variable {}: {}",
            self.variable, self.problem
        )
    }
}

impl std::error::Error for EnvironmentError {}

/// The value of `variable`, or `None` where it is unset or empty.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the edge where the environment is read"
)]
pub fn optional(variable: &'static str) -> Option<String> {
    std::env::var(variable)
        .ok()
        .filter(|value| !value.is_empty())
}

/// The value of `variable`.
///
/// # Errors
/// Where it is unset or empty.
pub fn required(variable: &'static str) -> Result<String, EnvironmentError> {
    optional(variable).ok_or_else(|| EnvironmentError {
        variable,
        problem: "must be set".to_owned(),
    })
}

/// The value of `variable`, read by `parse`, or `None` where it is unset or empty.
///
/// # Errors
/// Where `parse` refuses the value.
pub fn parsed<T, E: fmt::Display>(
    variable: &'static str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, EnvironmentError> {
    optional(variable)
        .map(|value| {
            parse(&value).map_err(|error| EnvironmentError {
                variable,
                problem: error.to_string(),
            })
        })
        .transpose()
}
