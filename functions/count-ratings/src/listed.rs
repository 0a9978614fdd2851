use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use domain::OrganisationId;
use dynamodb::{Table, put_if};
use errors::Fault;
use store::{CountedOrganisationItem, key};

/// The organisations that this execution environment has already added to the list for the
/// roll-up.
#[derive(Debug, Default)]
pub(crate) struct ListedOrganisations(Mutex<HashSet<OrganisationId>>);

impl ListedOrganisations {
    /// Adds the organisation to the list of organisations whose counts are rolled up, before it has
    /// any counts.
    ///
    /// One write per execution environment is enough, because an organisation never leaves the
    /// list.
    pub(crate) async fn list(
        &self,
        table: &Table,
        organisation: &OrganisationId,
    ) -> Result<(), Fault> {
        let listed = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if listed().contains(organisation) {
            return Ok(());
        }
        let item = CountedOrganisationItem {
            organisation: organisation.clone(),
        };
        let put = table.put(key::counted_organisation(organisation), &item)?;
        put_if(table, put).await?;
        listed().insert(organisation.clone());
        Ok(())
    }
}
