use aws::{Environment, EnvironmentError};
use domain::{InvalidValue, PublicUrl, ReportTimeZone, VisitorAskInterval};
use lambda::settings;
use transcript_mail::{DefaultBranding, SubjectTemplate};

/// The parameters of the stack, from environment variables.
#[derive(Clone, Debug)]
pub(crate) struct StackParameters {
    /// `BRAND_NAME`, and `MAIL_SUBJECT`, which is a [`SubjectTemplate`]. An organisation's own settings
    /// replace them.
    pub(crate) branding: DefaultBranding,
    /// `AGENT_TRANSCRIPTS_PER_HOUR` (default 100).
    pub(crate) per_agent: u32,
    /// `ORGANISATION_TRANSCRIPTS_PER_HOUR` (default 500).
    pub(crate) per_organisation: u32,
    /// `ALLOW_OTHER_RECIPIENTS` (default `true`): whether a transcript may go to an address other
    /// than the visitor's own.
    pub(crate) allows_other_recipients: bool,
    /// `VISITOR_ASK_INTERVAL_DAYS` (default 0).
    pub(crate) visitor_interval: VisitorAskInterval,
    /// `REPORT_TIME_ZONE` (default UTC).
    pub(crate) report_time_zone: ReportTimeZone,
    /// `PUBLIC_URL`: the origin of the page `/rate`. If it is empty, the origin to which the API
    /// request was sent is used.
    pub(crate) public_url: Option<PublicUrl>,
}

impl StackParameters {
    /// The origin of links: [`Self::public_url`], or else `origin`.
    pub(crate) fn link_origin<'a>(&'a self, origin: Option<&'a str>) -> Option<&'a str> {
        self.public_url.as_ref().map(PublicUrl::as_str).or(origin)
    }

    pub(crate) fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            branding: DefaultBranding::new(
                &environment.optional("BRAND_NAME").unwrap_or_default(),
                environment
                    .parsed("MAIL_SUBJECT", parse_subject)?
                    .unwrap_or_default(),
            ),
            per_agent: environment
                .parsed("AGENT_TRANSCRIPTS_PER_HOUR", read_limit)?
                .unwrap_or(100),
            per_organisation: environment
                .parsed("ORGANISATION_TRANSCRIPTS_PER_HOUR", read_limit)?
                .unwrap_or(500),
            allows_other_recipients: environment
                .parsed("ALLOW_OTHER_RECIPIENTS", str::parse)?
                .unwrap_or(true),
            visitor_interval: settings::visitor_ask_interval(environment)?,
            report_time_zone: settings::report_time_zone(environment)?,
            public_url: environment.parsed("PUBLIC_URL", PublicUrl::parse)?,
        })
    }
}

/// Reads the subject. The one that was the parameter's default in earlier versions is no subject of its
/// own: an update of a stack keeps it, and it would replace the titles in other languages.
fn parse_subject(text: &str) -> Result<SubjectTemplate, InvalidValue> {
    const FORMER_DEFAULT: &str = "Your conversation with {brand}";
    SubjectTemplate::parse(if text == FORMER_DEFAULT { "" } else { text })
}

fn read_limit(text: &str) -> Result<u32, InvalidValue> {
    text.parse()
        .map_err(|_| InvalidValue::new("must be a whole number from 0 to 4294967295"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_former_default_of_the_subject_is_no_subject_of_its_own() {
        let former = parse_subject("Your conversation with {brand}").unwrap();
        assert_eq!(former, SubjectTemplate::default());
        let own = parse_subject("Your chat with {brand}").unwrap();
        assert_ne!(own, SubjectTemplate::default());
    }
}
