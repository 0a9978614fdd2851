//! The environment variables of a function. They are read once, at start, with errors that name the
//! variable.

use std::collections::HashMap;
use std::fmt;

/// An environment variable is missing or not valid. The text names the variable and the rule.
#[derive(Debug, thiserror::Error)]
#[error("environment variable {variable}: {problem}")]
pub struct EnvironmentError {
    variable: &'static str,
    problem: String,
}

/// The variables that configure a function. They are the variables of the process, or those that a
/// host of several functions sets for each of them.
#[derive(Clone, Debug)]
pub struct Environment(Source);

#[derive(Clone, Debug)]
enum Source {
    Process,
    Variables(HashMap<String, String>),
}

impl Environment {
    /// The environment of this process.
    pub fn from_process() -> Self {
        Self(Source::Process)
    }

    /// An environment of exactly these variables.
    pub fn from_variables(variables: HashMap<String, String>) -> Self {
        Self(Source::Variables(variables))
    }

    /// The value of `variable`, or `None` if it is unset or empty.
    #[expect(
        clippy::disallowed_methods,
        reason = "only this method reads the environment"
    )]
    pub fn optional(&self, variable: &'static str) -> Option<String> {
        match &self.0 {
            Source::Process => std::env::var(variable).ok(),
            Source::Variables(variables) => variables.get(variable).cloned(),
        }
        .filter(|value| !value.is_empty())
    }

    /// The value of `variable`.
    ///
    /// # Errors
    /// If it is unset or empty.
    pub fn required(&self, variable: &'static str) -> Result<String, EnvironmentError> {
        self.optional(variable).ok_or_else(|| EnvironmentError {
            variable,
            problem: "must be set".to_owned(),
        })
    }

    /// The value of `variable`, read by `parse`, or `None` if it is unset or empty.
    ///
    /// # Errors
    /// If `parse` refuses the value.
    pub fn parsed<T, E: fmt::Display>(
        &self,
        variable: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, EnvironmentError> {
        self.optional(variable)
            .map(|value| {
                parse(&value).map_err(|error| EnvironmentError {
                    variable,
                    problem: error.to_string(),
                })
            })
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_variable() {
        let environment =
            Environment::from_variables(HashMap::from([("PORT".to_owned(), "x".to_owned())]));
        let missing = environment.required("TABLE_NAME").unwrap_err();
        assert_eq!(
            missing.to_string(),
            "environment variable TABLE_NAME: must be set"
        );
        let wrong = environment.parsed("PORT", str::parse::<u16>).unwrap_err();
        assert!(wrong.to_string().starts_with("environment variable PORT: "));
    }
}
