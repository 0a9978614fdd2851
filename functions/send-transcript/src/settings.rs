use shared::domain::{EmailAddress, InvalidValue};
use shared::environment::{Environment, EnvironmentError};

use crate::mail::Letterhead;

/// What a deployment decides about its transcripts.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// `BRAND_NAME` and `MAIL_SUBJECT`, in which `{brand}` stands for the brand's name.
    pub(crate) letterhead: Letterhead,
    /// `REPLY_TO`: where answers to the mail go; to its sender where that is empty.
    pub(crate) reply_to: Option<EmailAddress>,
    /// `AGENT_TRANSCRIPTS_PER_HOUR` (default 100).
    pub(crate) per_agent: u32,
    /// `ORGANISATION_TRANSCRIPTS_PER_HOUR` (default 500).
    pub(crate) per_organisation: u32,
    /// `ALLOW_OTHER_RECIPIENTS` (default `true`): whether a transcript may go to anyone but the
    /// visitor.
    pub(crate) allows_other_recipients: bool,
    /// `CONFIGURATION_SET`: SES's, through which delivery is followed.
    pub(crate) configuration_set: Option<String>,
}

impl Settings {
    pub(crate) fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            letterhead: Letterhead::new(
                &environment.optional("BRAND_NAME").unwrap_or_default(),
                &environment.optional("MAIL_SUBJECT").unwrap_or_default(),
            ),
            reply_to: environment.parsed("REPLY_TO", EmailAddress::parse)?,
            per_agent: environment
                .parsed("AGENT_TRANSCRIPTS_PER_HOUR", read_cap)?
                .unwrap_or(100),
            per_organisation: environment
                .parsed("ORGANISATION_TRANSCRIPTS_PER_HOUR", read_cap)?
                .unwrap_or(500),
            allows_other_recipients: environment
                .parsed("ALLOW_OTHER_RECIPIENTS", str::parse)?
                .unwrap_or(true),
            configuration_set: environment.optional("CONFIGURATION_SET"),
        })
    }
}

fn read_cap(text: &str) -> Result<u32, InvalidValue> {
    text.parse()
        .map_err(|_| InvalidValue::new("must be a whole number"))
}
