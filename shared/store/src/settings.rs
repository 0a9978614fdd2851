use domain::{OrganisationId, Timestamp};
use dynamodb::{Table, WriteOutcome, put_if, read_item, string};
use errors::Fault;
use serde::{Deserialize, Serialize};

use crate::key;

/// The version of the settings of an organisation that has not stored any.
pub const INITIAL_VERSION: &str = "0";

/// The settings of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsItem {
    /// The document as JSON.
    pub document: String,
    /// The id of the request that wrote it.
    pub version: String,
    /// When it was written.
    pub updated_at: Timestamp,
}

/// The outcome of replacing the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsOutcome {
    /// The settings were replaced.
    Replaced,
    /// The stored settings have another version than the caller expected. Nothing was written.
    VersionDiffers,
}

/// Replaces the settings of `organisation` with `item`. If `expected` is given, the stored settings
/// must have one of these versions. [`INITIAL_VERSION`] expects that none are stored.
///
/// # Errors
/// If DynamoDB fails.
pub async fn replace_settings(
    table: &Table,
    organisation: &OrganisationId,
    item: &SettingsItem,
    expected: Option<&[String]>,
) -> Result<SettingsOutcome, Fault> {
    let mut put = table.put(key::settings(organisation), item)?;
    if let Some(versions) = expected {
        let mut conditions = Vec::new();
        for (number, version) in versions.iter().enumerate() {
            if version == INITIAL_VERSION {
                conditions.push("attribute_not_exists(pk)".to_owned());
            } else {
                conditions.push(format!("version = :v{number}"));
                put = put.expression_attribute_values(format!(":v{number}"), string(version));
            }
        }
        put = put.condition_expression(conditions.join(" OR "));
    }
    match put_if(table, put).await? {
        WriteOutcome::Written(_) => Ok(SettingsOutcome::Replaced),
        WriteOutcome::Refused(existing) => {
            let existing: Option<SettingsItem> = existing.map(read_item).transpose()?;
            // If the reply to the first attempt was lost, the retry finds what that attempt wrote.
            let is_ours = existing.is_some_and(|existing| existing.version == item.version);
            Ok(if is_ours {
                SettingsOutcome::Replaced
            } else {
                SettingsOutcome::VersionDiffers
            })
        }
    }
}
