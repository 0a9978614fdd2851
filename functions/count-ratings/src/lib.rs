//! Counts rating requests for the satisfaction report. The table's DynamoDB stream invokes this
//! function for each rating request that is created or answered.
//!
//! A stream record only identifies the rating request. The function reads the current request and
//! commits one transaction: it adds to the counts what they do not include yet, and records on the
//! request what they include now. Duplicate, late and out-of-order records therefore do not change
//! the result. The same transaction copies the details of the conversation, if the request has none.

mod count;
mod listed;
mod note_counted;
mod subsets;
#[cfg(test)]
mod test_request;

use aws::{Environment, EnvironmentError};
use domain::Timestamp;
use dynamodb::{Key, Table};
use errors::Fault;
use lambda::events::{EventOutcome, ItemKey, StreamHandler};
use store::key;

use crate::count::count;
use crate::listed::ListedOrganisations;

/// Counts rating requests from stream records.
#[derive(Debug)]
pub struct CountRatings {
    table: Table,
    listed: ListedOrganisations,
}

impl CountRatings {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            listed: ListedOrganisations::default(),
        })
    }
}

impl StreamHandler for CountRatings {
    async fn handle(&self, key: ItemKey, _now: Timestamp) -> Result<EventOutcome, Fault> {
        match rating_request_key(key) {
            Some(key) => count(&self.table, &self.listed, key).await,
            None => Ok(EventOutcome::dropped("no_rating_request")),
        }
    }
}

/// The key of a rating request, or `None` if the item is anything else.
fn rating_request_key(key: ItemKey) -> Option<Key> {
    let ItemKey { pk, sk } = key;
    sk.starts_with(key::RATING_REQUESTS)
        .then_some(Key { pk, sk })
}

#[cfg(test)]
mod tests {
    use domain::{ConversationId, EntryId, OrganisationId, UniqueId};

    use super::*;

    #[test]
    fn only_rating_requests_are_counted() {
        let organisation = OrganisationId::parse("main").unwrap();
        let conversation = ConversationId::parse("c1").unwrap();
        let id = UniqueId::derived_from(&["a"]);
        let entry = EntryId::of_event("rating_requested", "a");
        for (key, is_counted) in [
            (
                key::rating_request(&organisation, &conversation, &id.into()),
                true,
            ),
            (
                key::transcript(&organisation, &conversation, &id.into()),
                false,
            ),
            (
                key::entry(&organisation, &conversation, Timestamp::EPOCH, &entry),
                false,
            ),
        ] {
            let written = ItemKey {
                pk: key.pk.clone(),
                sk: key.sk.clone(),
            };
            assert_eq!(rating_request_key(written), is_counted.then_some(key));
        }
    }
}
