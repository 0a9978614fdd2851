use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::email_address::EmailAddress;
use crate::invalid_value::InvalidValue;
use crate::language::Language;
use crate::names::PersonName;
use crate::text::text_value;

/// The customer in a chat, with the fields that the platform has sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// The visitor's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// The address to which transcripts are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// The time zone of the dates in transcripts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZoneName>,
    /// The language of the texts for the visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// Whether a conversation is open or resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStatus {
    /// The conversation is open.
    #[default]
    Open,
    /// The conversation is resolved.
    Resolved,
}

impl ConversationStatus {
    /// Reads a status.
    ///
    /// # Errors
    /// If `text` is neither `open` nor `resolved`.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        match text {
            "open" => Ok(Self::Open),
            "resolved" => Ok(Self::Resolved),
            _ => Err(InvalidValue::new("must be open or resolved")),
        }
    }

    /// The status as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
        }
    }
}

/// The name of a time zone in the IANA database, such as `Europe/Lisbon`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZoneName(String);

text_value!(TimeZoneName);

impl TimeZoneName {
    /// Reads a time zone's name, in any case, and converts it to the database's own spelling.
    ///
    /// # Errors
    /// If the database does not contain the zone.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        find_zone(text)
            .and_then(|zone| zone.iana_name().map(|name| Self(name.to_owned())))
            .ok_or_else(|| {
                InvalidValue::new("must be a time zone of the IANA database, such as Europe/Lisbon")
            })
    }

    /// The zone itself, with its daylight-saving changes.
    pub fn to_time_zone(&self) -> TimeZone {
        find_zone(&self.0).unwrap_or(TimeZone::UTC)
    }
}

fn find_zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_zone_must_be_in_the_database() {
        let zone = TimeZoneName::parse("europe/lisbon").unwrap();
        assert_eq!(zone.as_str(), "Europe/Lisbon");
        for text in [
            "",
            "Mars/Olympus",
            "+02:00",
            "../etc/passwd",
            "Europe/Lisbon\0",
        ] {
            assert!(TimeZoneName::parse(text).is_err(), "{text:?}");
        }
    }
}
