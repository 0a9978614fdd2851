use aws::{Environment, EnvironmentError};
use dynamodb::Table;
use lambda::http::TenantResolver;

use crate::mailer::Mailer;
use crate::settings::Settings;

/// The function.
#[derive(Clone, Debug)]
pub struct SendTranscript {
    pub(crate) table: Table,
    pub(crate) tenancy: TenantResolver,
    pub(crate) mailer: Mailer,
    pub(crate) settings: Settings,
}

impl SendTranscript {
    /// The function as the environment wires it.
    ///
    /// # Errors
    /// Where a variable is missing or breaks its rule.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenancy: TenantResolver::from_environment(environment)?,
            mailer: Mailer::from_environment(environment)?,
            settings: Settings::from_environment(environment)?,
        })
    }
}
