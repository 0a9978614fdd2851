use domain::{SenderAddress, SenderName};
use errors::Fault;
use serde::Serialize;
use store::{SenderItem, Verification};

/// A sender in a response.
#[derive(Debug, Serialize)]
pub(crate) struct SenderBody {
    address: SenderAddress,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<SenderName>,
    verification: Verification,
}

impl From<SenderItem> for SenderBody {
    fn from(item: SenderItem) -> Self {
        Self {
            address: item.address,
            name: item.name,
            verification: item.verification,
        }
    }
}

impl SenderBody {
    pub(crate) fn to_json(&self) -> Result<String, Fault> {
        serde_json::to_string(self)
            .map_err(|_| Fault::internal("a sender cannot be serialized as JSON"))
    }
}
