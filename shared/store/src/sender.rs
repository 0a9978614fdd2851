use domain::{OrganisationId, SenderAddress, SenderName, Timestamp};
use serde::{Deserialize, Serialize};

/// Whether SES lets an address send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// SES waits for the owner of the address to confirm it.
    Pending,
    /// It may send.
    Verified,
    /// Nobody confirmed it in time.
    Failed,
}

/// A sender: a From address that an organisation may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderItem {
    /// The address.
    pub address: SenderAddress,
    /// The name that is suggested beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<SenderName>,
    /// Whether it may send.
    pub verification: Verification,
    /// When SES was last asked about it.
    pub checked_at: Timestamp,
    /// The listing that asked last, by an id of its own; none where only a claim has asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_id: Option<String>,
    /// Whether its SES identity was made for it, and so goes with it.
    pub made_identity: bool,
}

/// The one organisation that an address belongs to: SES identities belong to the whole account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderOwnerItem {
    /// The organisation that claimed the address first.
    pub organisation: OrganisationId,
}
