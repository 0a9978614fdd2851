//! The keys of the items in an organisation's own partition, and of the owners of senders.

use domain::{AgentId, ClockHour, OrganisationId, SenderAddress};
use dynamodb::Key;

/// The prefix of the sort keys of an organisation's senders.
pub const SENDERS: &str = "SENDER#";

/// The partition key of the items that belong to an organisation itself.
pub fn organisation_partition(organisation: &OrganisationId) -> String {
    organisation.to_string()
}

/// The key of a sender of an organisation.
pub fn sender(organisation: &OrganisationId, address: &SenderAddress) -> Key {
    of_organisation(organisation, format!("{SENDERS}{address}"))
}

/// The key of an organisation's settings. Its partition has two `#`, so it is not the partition of a
/// conversation.
pub fn settings(organisation: &OrganisationId) -> Key {
    Key {
        pk: format!("{organisation}#ORGANISATION#SETTINGS"),
        sk: "SETTINGS".to_owned(),
    }
}

/// The key of the item that names the one owner of a sender's address.
pub fn sender_owner(address: &SenderAddress) -> Key {
    Key {
        pk: format!("SENDER#{address}"),
        sk: "OWNER".to_owned(),
    }
}

/// The key of the number of transcripts that an agent sends in an hour.
pub fn agent_quota(organisation: &OrganisationId, hour: ClockHour, agent: &AgentId) -> Key {
    of_organisation(organisation, format!("QUOTA#{hour}#{agent}"))
}

/// The key of the number of transcripts that an organisation sends in an hour.
pub fn organisation_quota(organisation: &OrganisationId, hour: ClockHour) -> Key {
    of_organisation(organisation, format!("QUOTA#{hour}"))
}

fn of_organisation(organisation: &OrganisationId, sk: String) -> Key {
    Key {
        pk: organisation_partition(organisation),
        sk,
    }
}
