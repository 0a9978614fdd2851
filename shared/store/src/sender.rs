use domain::{OrganisationId, SenderAddress, SenderName, Timestamp};
use serde::{Deserialize, Serialize};

/// Whether SES allows an address to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// SES is waiting for the owner of the address to confirm it.
    Pending,
    /// The address may send.
    Verified,
    /// Nobody confirmed the address in time.
    Failed,
}

/// A sender: a From address that an organisation may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderItem {
    /// The address.
    pub address: SenderAddress,
    /// The display name that is suggested for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<SenderName>,
    /// Whether SES allows it to send.
    pub verification: Verification,
    /// When its state was last requested from SES.
    pub checked_at: Timestamp,
    /// The id of the listing that checked the address last; `None` if only a claim has checked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_id: Option<String>,
    /// Whether its SES identity was created for it, and so is deleted with it.
    pub made_identity: bool,
}

/// The one organisation that owns an address. There is only one owner because SES identities belong
/// to the whole account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderOwnerItem {
    /// The organisation that claimed the address first.
    pub organisation: OrganisationId,
}
