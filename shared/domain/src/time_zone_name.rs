use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::invalid_value::InvalidValue;
use crate::text::text_value;

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
