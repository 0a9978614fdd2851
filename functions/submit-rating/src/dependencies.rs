use aws::{Environment, EnvironmentError};
use dynamodb::Table;
use lambda::http::TenantResolver;
use settings_cache::SettingsCache;

/// What the handlers of the routes use.
#[derive(Clone, Debug)]
pub(crate) struct Dependencies {
    pub(crate) table: Table,
    pub(crate) tenants: TenantResolver,
    pub(crate) settings: SettingsCache,
    /// `BRAND_NAME`: the name of the brand if the settings do not contain one.
    pub(crate) brand_name: Option<String>,
}

impl Dependencies {
    pub(crate) fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
            settings: SettingsCache::default(),
            brand_name: environment.optional("BRAND_NAME"),
        })
    }
}
