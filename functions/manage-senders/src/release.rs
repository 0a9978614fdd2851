use shared::api::{Answer, Call, Failure, Refusal, RefusalCode};
use shared::domain::SenderAddress;
use shared::table::{Key, SenderItem, Transacted, WriteToken, leg, string};

use crate::ManageSenders;

impl ManageSenders {
    /// Gives an address up. Its SES identity goes with it where it was made for it, and goes
    /// first: an identity that outlived its claim would verify the next claimant at once.
    pub(crate) async fn release(&self, call: &Call) -> Result<Answer, Failure> {
        let organisation = self.tenancy.organisation(call)?;
        let address = call.path_parameter("address", SenderAddress::parse_in_path)?;
        let key = Key::sender(&organisation, &address);
        let sender: SenderItem = self
            .table
            .get(key.clone())
            .await?
            .ok_or_else(sender_not_found)?;
        if sender.made_identity {
            self.identities.delete(&address).await?;
        }
        let delete_sender = leg(self
            .table
            .delete(key)
            .condition_expression("attribute_exists(pk)"))?;
        let delete_owner = leg(self
            .table
            .delete(Key::sender_owner(&address))
            .condition_expression("organisation = :organisation")
            .expression_attribute_values(":organisation", string(&organisation)))?;
        match self
            .table
            .transact(WriteToken::random(), [delete_sender, delete_owner])
            .await?
        {
            Transacted::Committed => Ok(Answer::no_content()),
            Transacted::Refused(_) => Err(sender_not_found().into()),
            Transacted::Unsettled(fault) => Err(fault.into()),
        }
    }
}

fn sender_not_found() -> Refusal {
    Refusal::new(
        RefusalCode::SenderNotFound,
        "The organisation has no sender with this address.",
    )
}
