//! The settings of organisations as the functions use them: read from the table, and kept for at most
//! 60 seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{OrganisationId, Timestamp};
use dynamodb::Table;
use errors::Fault;
use lambda::http::note_settings;
use lambda::metrics::{self, Counter};
use settings::Settings;
use store::{SettingsItem, key};

/// How long a copy is used.
const MAXIMUM_AGE_SECONDS: i64 = 60;

/// The maximum number of organisations whose settings are kept.
const MAXIMUM_COPIES: usize = 1_000;

/// Copies of the settings of organisations.
///
/// Each read of the table that finds no settings, or that fails, is logged and counted.
#[derive(Clone, Debug, Default)]
pub struct SettingsCache {
    copies: Arc<Mutex<HashMap<OrganisationId, SettingsCopy>>>,
}

#[derive(Clone, Debug)]
struct SettingsCopy {
    settings: Arc<Settings>,
    read_at: Timestamp,
}

impl SettingsCache {
    /// Returns the settings of `organisation`: a copy if one is at most 60 seconds old at `now`, or
    /// else what the table contains, or else the defaults if nothing is stored.
    ///
    /// # Errors
    /// If there is no recent copy, and DynamoDB fails.
    pub async fn read(
        &self,
        table: &Table,
        organisation: &OrganisationId,
        now: Timestamp,
    ) -> Result<Arc<Settings>, Fault> {
        if let Some(settings) = self.recent(organisation, now) {
            return Ok(settings);
        }
        let stored = table.get(key::settings(organisation)).await;
        let stored = stored.inspect_err(note_unreadable)?;
        Ok(self.keep(organisation, stored, now))
    }

    /// Returns a copy if one is at most 60 seconds old at `now`. If there is none, a caller that reads a batch
    /// anyway can read the settings in it and call [`SettingsCache::keep`], or [`note_unreadable`] if that fails.
    pub fn recent(&self, organisation: &OrganisationId, now: Timestamp) -> Option<Arc<Settings>> {
        let recent = self.copy(organisation).filter(|copy| copy.is_recent(now));
        recent.map(|copy| copy.settings)
    }

    /// Keeps and returns the settings that were read from the table at `now`.
    pub fn keep(
        &self,
        organisation: &OrganisationId,
        stored: Option<SettingsItem>,
        now: Timestamp,
    ) -> Arc<Settings> {
        let settings = Arc::new(match stored {
            Some(item) => Settings::from_stored(&item.document),
            None => {
                note_settings("missing");
                metrics::count(Counter::SettingsMissing);
                Settings::default()
            }
        });
        let copy = SettingsCopy {
            settings: settings.clone(),
            read_at: now,
        };
        let mut copies = self.lock();
        if copies.len() >= MAXIMUM_COPIES {
            let oldest = copies.iter().min_by_key(|(_, copy)| copy.read_at);
            if let Some(organisation) = oldest.map(|(organisation, _)| organisation.clone()) {
                copies.remove(&organisation);
            }
        }
        copies.insert(organisation.clone(), copy);
        settings
    }

    /// Returns the same as [`SettingsCache::read`]. If DynamoDB fails, returns the last copy,
    /// whatever its age, or the defaults.
    pub async fn read_or_last(
        &self,
        table: &Table,
        organisation: &OrganisationId,
        now: Timestamp,
    ) -> Arc<Settings> {
        match self.read(table, organisation, now).await {
            Ok(settings) => settings,
            Err(_) => self
                .copy(organisation)
                .map(|copy| copy.settings)
                .unwrap_or_default(),
        }
    }

    fn copy(&self, organisation: &OrganisationId) -> Option<SettingsCopy> {
        self.lock().get(organisation).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OrganisationId, SettingsCopy>> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Logs and counts settings that were not read because of `fault`.
pub fn note_unreadable(fault: &Fault) {
    tracing::warn!(code = fault.code().as_str(), "the settings were not read");
    note_settings("unreadable");
    metrics::count(Counter::SettingsUnreadable);
}

impl SettingsCopy {
    /// Whether the copy was read within 60 seconds before `now`. If the clock was set back, it was
    /// not.
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
            settings: Arc::default(),
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
