use serde_json::json;
use shared::api::{Answer, Call, Failure, Fields, Refusal, RefusalCode, text};
use shared::domain::{OrganisationId, SenderAddress, SenderName, Timestamp};
use shared::fault::Fault;
use shared::table::{
    Key, SenderItem, SenderOwnerItem, Transacted, Verification, WriteToken, attribute, leg, string,
};

use crate::identities::Known;
use crate::{ManageSenders, SenderBody};

/// A claim of an address, decoded.
#[derive(Debug)]
struct Claim {
    organisation: OrganisationId,
    address: SenderAddress,
    /// `None` leaves the name that stands.
    name: Option<SenderName>,
    now: Timestamp,
}

/// What became of a claim.
#[derive(Debug)]
enum Claimed {
    /// The address is the organisation's.
    Ours,
    /// It is another's: 409.
    Taken,
}

impl ManageSenders {
    /// Claims an address for the organisation and has SES verify it where it does not know it yet.
    /// Each step may be repeated, so a claim that was cut off is finished by the next.
    pub(crate) async fn claim(&self, call: &Call) -> Result<Answer, Failure> {
        let claim = self.decode_claim(call)?;
        let known_before: Option<SenderItem> = self.table.get(claim.key()).await?;
        let is_new = known_before.is_none();
        if let Claimed::Taken = self.write_claim(&claim).await? {
            return Err(Refusal::new(
                RefusalCode::SenderTaken,
                "The address belongs to another organisation.",
            )
            .into());
        }
        let verification = self.verify(&claim, known_before.as_ref()).await?;
        let sender = self
            .note_verification(&claim.organisation, &claim.address, verification, claim.now)
            .await?
            .ok_or_else(|| Fault::contended("a sender was given up while it was claimed"))?;
        let body = json!({ "sender": SenderBody::from(sender) });
        Ok(if is_new {
            Answer::created(body)
        } else {
            Answer::ok(body)
        })
    }

    fn decode_claim(&self, call: &Call) -> Result<Claim, Refusal> {
        let organisation = self.tenancy.organisation(call)?;
        let address = call.path_parameter("address", SenderAddress::parse_in_path)?;
        let mut body = Fields::of_optional_body(call.body())?;
        let name = body.optional("name", text(SenderName::parse))?;
        body.finish()?;
        Ok(Claim {
            organisation,
            address,
            name,
            now: call.now(),
        })
    }

    /// Takes the address for the organisation, and writes the sender where it does not stand yet.
    async fn write_claim(&self, claim: &Claim) -> Result<Claimed, Fault> {
        let owner = SenderOwnerItem {
            organisation: claim.organisation.clone(),
        };
        let put_owner = leg(self
            .table
            .put(Key::sender_owner(&claim.address), &owner)?
            .condition_expression("attribute_not_exists(pk) OR organisation = :organisation")
            .expression_attribute_values(":organisation", string(&claim.organisation)))?;
        let mut assignments = "SET address = :address, \
            verification = if_not_exists(verification, :pending), \
            checked_at = if_not_exists(checked_at, :now), \
            made_identity = if_not_exists(made_identity, :false)"
            .to_owned();
        let mut update = self
            .table
            .update(claim.key())
            .expression_attribute_values(":address", string(&claim.address))
            .expression_attribute_values(":pending", attribute(&Verification::Pending)?)
            .expression_attribute_values(":now", string(claim.now))
            .expression_attribute_values(":false", attribute(&false)?);
        if let Some(name) = &claim.name {
            assignments.push_str(", #name = :name");
            update = update
                .expression_attribute_names("#name", "name")
                .expression_attribute_values(":name", string(name));
        }
        let set_sender = leg(update.update_expression(assignments))?;
        match self
            .table
            .transact(WriteToken::random(), [put_owner, set_sender])
            .await?
        {
            Transacted::Committed => Ok(Claimed::Ours),
            Transacted::Refused(_) => Ok(Claimed::Taken),
            Transacted::Unsettled(fault) => Err(fault),
        }
    }

    /// What SES says of the address, after it was asked to verify one that it did not know.
    async fn verify(
        &self,
        claim: &Claim,
        known_before: Option<&SenderItem>,
    ) -> Result<Verification, Fault> {
        let made_identity = known_before.is_some_and(|sender| sender.made_identity);
        match self.identities.look_up(&claim.address).await? {
            Known::As(Verification::Failed) if made_identity => {
                // SES starts a verification anew only for an identity that is new.
                self.identities.delete(&claim.address).await?;
                self.identities.create(&claim.address).await?;
                Ok(Verification::Pending)
            }
            Known::As(verification) => Ok(verification),
            Known::Not => {
                // Noted first: a crash between the two must not leave an identity that nobody
                // knows to be ours to delete.
                self.note_made_identity(&claim.organisation, &claim.address)
                    .await?;
                self.identities.create(&claim.address).await?;
                Ok(Verification::Pending)
            }
        }
    }
}

impl Claim {
    fn key(&self) -> Key {
        Key::sender(&self.organisation, &self.address)
    }
}
