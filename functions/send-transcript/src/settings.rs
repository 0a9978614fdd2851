use shared::domain::InvalidValue;
use shared::environment::{Environment, EnvironmentError};

use crate::mail::Letterhead;

/// What a deployment decides about its transcripts.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// `BRAND_NAME` and `MAIL_SUBJECT`, in which `{brand}` stands for the brand's name.
    pub(crate) letterhead: Letterhead,
    /// `AGENT_TRANSCRIPTS_PER_HOUR` (default 100).
    pub(crate) per_agent: u32,
    /// `ORGANISATION_TRANSCRIPTS_PER_HOUR` (default 500).
    pub(crate) per_organisation: u32,
    /// `ALLOW_OTHER_RECIPIENTS` (default `true`): whether a transcript may go to anyone but the
    /// visitor.
    pub(crate) allows_other_recipients: bool,
}

impl Settings {
    pub(crate) fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            letterhead: Letterhead::new(
                &environment.optional("BRAND_NAME").unwrap_or_default(),
                &environment.optional("MAIL_SUBJECT").unwrap_or_default(),
            ),
            per_agent: environment
                .parsed("AGENT_TRANSCRIPTS_PER_HOUR", read_cap)?
                .unwrap_or(100),
            per_organisation: environment
                .parsed("ORGANISATION_TRANSCRIPTS_PER_HOUR", read_cap)?
                .unwrap_or(500),
            allows_other_recipients: environment
                .parsed("ALLOW_OTHER_RECIPIENTS", str::parse)?
                .unwrap_or(true),
        })
    }
}

fn read_cap(text: &str) -> Result<u32, InvalidValue> {
    text.parse()
        .map_err(|_| InvalidValue::new("must be a whole number"))
}
