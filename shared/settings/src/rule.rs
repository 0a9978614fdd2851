use domain::InvalidValue;
use serde::{Deserialize, Serialize};

use crate::conditions::Conditions;

/// The maximum of [`Rule::after_minutes`]: 7 days.
pub const MAXIMUM_AFTER_MINUTES: u16 = 10_080;

/// What happens by itself after a conversation was resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Whether it happens.
    #[serde(default)]
    pub enabled: bool,
    /// After how many minutes, at most [`MAXIMUM_AFTER_MINUTES`].
    pub after_minutes: u16,
    /// For which conversations.
    #[serde(default, skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
}

impl Rule {
    /// Checks the number of minutes.
    ///
    /// # Errors
    /// If it is too large.
    pub fn parse_after_minutes(minutes: u64) -> Result<u16, InvalidValue> {
        u16::try_from(minutes)
            .ok()
            .filter(|minutes| *minutes <= MAXIMUM_AFTER_MINUTES)
            .ok_or_else(|| {
                InvalidValue::new(format!(
                    "must be a number from 0 to {MAXIMUM_AFTER_MINUTES}"
                ))
            })
    }

    /// Reads a stored rule. A rule that this version cannot read as a whole is disabled, because
    /// without one of its conditions it would act in conversations that the team excluded.
    pub(crate) fn read_stored(rule: Option<&serde_json::Value>) -> Option<Self> {
        Self::deserialize(rule?)
            .ok()
            .filter(|rule| rule.after_minutes <= MAXIMUM_AFTER_MINUTES)
    }
}
