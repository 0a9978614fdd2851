use aws::{Environment, EnvironmentError};
use dynamodb::Table;
use lambda::http::TenantResolver;

use crate::mailer::Mailer;
use crate::settings::Settings;

/// The `send-transcript` function.
#[derive(Clone, Debug)]
pub struct SendTranscript {
    pub(crate) table: Table,
    pub(crate) tenants: TenantResolver,
    pub(crate) mailer: Mailer,
    pub(crate) settings: Settings,
}

impl SendTranscript {
    /// Creates the function from environment variables.
    ///
    /// # Errors
    /// If a variable is missing or invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
            mailer: Mailer::from_environment(environment)?,
            settings: Settings::from_environment(environment)?,
        })
    }
}
