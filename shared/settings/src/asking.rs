use domain::InvalidValue;
use serde::Serialize;

use crate::rule::Rule;

/// The settings for rating requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AskingSettings {
    /// The rule that asks after a conversation was resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_resolve: Option<Rule>,
    /// After how many hours without an answer the visitor gets one mail with the faces, at most 720.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_if_unanswered_after_hours: Option<u16>,
    /// After how many days without an answer a request expires, at most 365.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_after_days: Option<u16>,
}

impl AskingSettings {
    /// The rule that asks, if it is enabled.
    pub fn rule(&self) -> Option<&Rule> {
        self.on_resolve.as_ref().filter(|rule| rule.enabled)
    }

    /// Checks the hours until the mail.
    ///
    /// # Errors
    /// If they are not from 1 to 720.
    pub fn parse_mail_hours(hours: u64) -> Result<u16, InvalidValue> {
        within(hours, 720)
    }

    /// Checks the days until a request expires.
    ///
    /// # Errors
    /// If they are not from 1 to 365.
    pub fn parse_expiry_days(days: u64) -> Result<u16, InvalidValue> {
        within(days, 365)
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn within(number: u64, maximum: u16) -> Result<u16, InvalidValue> {
    u16::try_from(number)
        .ok()
        .filter(|number| (1..=maximum).contains(number))
        .ok_or_else(|| InvalidValue::new(format!("must be a number from 1 to {maximum}")))
}
