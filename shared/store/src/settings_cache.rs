use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::settings::Settings;
use domain::{OrganisationId, Timestamp};
use dynamodb::Table;
use errors::Fault;

use crate::key;
use crate::settings::SettingsItem;

/// How long a copy is used.
const MAXIMUM_AGE_SECONDS: i64 = 60;

/// The maximum number of organisations whose settings are kept.
const MAXIMUM_COPIES: usize = 1_000;

/// Copies of the settings of organisations. A copy is used for at most 60 seconds.
#[derive(Debug, Default)]
pub struct SettingsCache {
    copies: Mutex<HashMap<OrganisationId, SettingsCopy>>,
}

#[derive(Clone, Debug)]
struct SettingsCopy {
    settings: CurrentSettings,
    read_at: Timestamp,
}

/// The settings of an organisation as they are used.
#[derive(Clone, Debug)]
pub struct CurrentSettings {
    /// The settings, or the defaults.
    pub settings: Arc<Settings>,
    /// Whether the organisation has stored any.
    pub are_stored: bool,
}

impl SettingsCache {
    /// Returns the settings of `organisation`, from a copy if one is recent enough.
    ///
    /// # Errors
    /// If there is no recent copy, and DynamoDB fails.
    pub async fn read(
        &self,
        table: &Table,
        organisation: &OrganisationId,
        now: Timestamp,
    ) -> Result<CurrentSettings, Fault> {
        if let Some(copy) = self
            .lock()
            .get(organisation)
            .filter(|copy| copy.is_recent(now))
        {
            return Ok(copy.settings.clone());
        }
        let item: Option<SettingsItem> = table.get(key::settings(organisation)).await?;
        let settings = CurrentSettings {
            are_stored: item.is_some(),
            settings: Arc::new(item.map_or_else(Settings::default, |item| {
                Settings::from_stored(&item.document)
            })),
        };
        let copy = SettingsCopy {
            settings: settings.clone(),
            read_at: now,
        };
        let mut copies = self.lock();
        if copies.len() >= MAXIMUM_COPIES {
            copies.clear();
        }
        copies.insert(organisation.clone(), copy);
        Ok(settings)
    }

    /// Returns the last copy, whatever its age, or the defaults.
    pub fn last(&self, organisation: &OrganisationId) -> CurrentSettings {
        let copy = self.lock().get(organisation).cloned();
        copy.map_or_else(
            || CurrentSettings {
                settings: Arc::default(),
                are_stored: false,
            },
            |copy| copy.settings,
        )
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OrganisationId, SettingsCopy>> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SettingsCopy {
    /// Whether the copy was read within 60 seconds before `now`. A clock that was set back makes a
    /// copy too old.
    fn is_recent(&self, now: Timestamp) -> bool {
        (self.read_at..=self.read_at.plus_seconds(MAXIMUM_AGE_SECONDS)).contains(&now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_recent_for_60_seconds() {
        let read_at = Timestamp::parse("2026-01-05T09:00:00Z").unwrap();
        let copy = SettingsCopy {
            settings: SettingsCache::default().last(&OrganisationId::parse("main").unwrap()),
            read_at,
        };
        for (seconds, is_recent) in [(-1, false), (0, true), (60, true), (61, false)] {
            assert_eq!(
                copy.is_recent(read_at.plus_seconds(seconds)),
                is_recent,
                "{seconds}"
            );
        }
    }
}
