use domain::{OrganisationId, SenderAddress, SenderName, Timestamp};
use serde::{Deserialize, Serialize};

/// Whether SES allows an address to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// SES is waiting for the owner of the address to confirm it.
    Pending,
    /// SES accepts mail from the address.
    Verified,
    /// Nobody confirmed the address in time.
    Failed,
}

/// A sender: a From address that an organisation may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderItem {
    /// The From address of the mails.
    pub address: SenderAddress,
    /// The display name that is suggested for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<SenderName>,
    /// Whether SES allows it to send.
    pub verification: Verification,
    /// When its verification was last read from SES.
    pub checked_at: Timestamp,
    /// The id of the list request that last read the verification; `None` if only the request that
    /// added the sender has read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_id: Option<String>,
    /// Whether the SES identity was created with the sender. If so, it is deleted with the sender.
    pub made_identity: bool,
}

/// The one organisation that owns an address. There is only one owner because SES identities belong
/// to the whole account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderOwnerItem {
    /// The organisation that claimed the address first.
    pub organisation: OrganisationId,
}
