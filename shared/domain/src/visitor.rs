use serde::{Deserialize, Serialize};

use crate::email_address::EmailAddress;
use crate::language::Language;
use crate::names::PersonName;
use crate::time_zone_name::TimeZoneName;

/// The customer in a chat, with the fields that the platform has sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// The visitor's name, as transcripts show it.
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
