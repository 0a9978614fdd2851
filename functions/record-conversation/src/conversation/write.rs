use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use shared::aws::AwsFailure;
use shared::domain::Channel;
use shared::fault::Fault;
use shared::table::{
    ConversationItem, IS_FREE, StoredConversation, Transacted, WriteToken, leg, number, read_item,
};

use super::merge::Merge;
use super::recording::Recording;
use crate::RecordConversation;

/// How often a recording is tried again that met another of the same conversation.
const RETRIES: u32 = 5;

/// What became of a recording.
#[derive(Debug)]
pub(super) enum Recorded {
    /// The conversation is new: 201.
    New(ConversationItem),
    /// It was known and is now up to date: 200.
    Known(ConversationItem),
    /// It is not known, and its channel was not told: 422.
    NeedsChannel,
    /// It was erased: 410.
    Erased,
}

/// What became of a merge.
enum Merged {
    /// It took place: the conversation as it is now.
    Done(Box<ConversationItem>),
    /// What stands does not take it.
    Refused(StoredConversation),
}

impl RecordConversation {
    /// Records what was told: one round trip, and two where a new conversation names an e-mail
    /// address, by which it must be found from then on, or where a resolved one is opened again.
    pub(super) async fn write_conversation(
        &self,
        recording: &Recording,
    ) -> Result<Recorded, Fault> {
        let mut resolved: Option<ConversationItem> = None;
        for _ in 0..=RETRIES {
            let stored = match self.merge(recording, resolved.as_ref()).await? {
                Merged::Done(item) if recording.made(&item) => return Ok(Recorded::New(*item)),
                Merged::Done(item) => return Ok(Recorded::Known(*item)),
                Merged::Refused(StoredConversation::Erased(_)) => return Ok(Recorded::Erased),
                Merged::Refused(stored) => stored,
            };
            if let Some(stands) = stored.standing(recording.now) {
                let reopens = recording.reopens(&stands);
                let knew_it = resolved.is_some();
                // That it is resolved is what refused the merge, until the merge reckons with it.
                if knew_it || !reopens {
                    self.lead_to(recording, &stands).await?;
                }
                resolved = reopens.then_some(stands);
            } else if let Some(channel) = &recording.channel {
                if let Some(new) = self.put_new(recording, channel).await? {
                    return Ok(Recorded::New(new));
                }
            } else {
                return Ok(Recorded::NeedsChannel);
            }
        }
        Err(Fault::contended(
            "a conversation kept being changed by others",
        ))
    }

    /// Merges what was told into the item that stands.
    async fn merge(
        &self,
        recording: &Recording,
        resolved: Option<&ConversationItem>,
    ) -> Result<Merged, Fault> {
        let merge = Merge::of(recording, resolved, self.table.retention())?;
        let written = self
            .table
            .client()
            .update_item()
            .table_name(self.table.name())
            .set_key(Some(recording.at().key().into_item()))
            .update_expression(merge.update())
            .expression_attribute_names("#status", "status")
            .set_expression_attribute_values(Some(merge.values))
            .condition_expression(merge.condition)
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match written {
            Ok(written) => read_item(written.attributes.unwrap_or_default())
                .map(|item| Merged::Done(Box::new(item))),
            Err(error) => {
                let failure = AwsFailure::new("dynamodb:UpdateItem", &error);
                match error.into_service_error() {
                    UpdateItemError::ConditionalCheckFailedException(refused) => {
                        StoredConversation::read(refused.item).map(Merged::Refused)
                    }
                    _ => Err(Fault::storage(failure)),
                }
            }
        }
    }

    /// Lets whom the recording names lead to the conversation, or renews what does.
    async fn lead_to(
        &self,
        recording: &Recording,
        conversation: &ConversationItem,
    ) -> Result<(), Fault> {
        match recording.visitor_hash() {
            Some(visitor) if !conversation.visitors.contains(&visitor) => {
                self.table.add_visitor(recording.at(), &visitor).await
            }
            _ => {
                self.table
                    .renew_visitors(recording.at(), conversation)
                    .await
            }
        }
    }

    /// Puts a new conversation, also in the place of one that has expired, together with what leads
    /// to it; `None` where another did meanwhile.
    async fn put_new(
        &self,
        recording: &Recording,
        channel: &Channel,
    ) -> Result<Option<ConversationItem>, Fault> {
        let at = recording.at();
        let visitor = recording.visitor_hash();
        let visitors_until = self.table.visitors_until(at.now);
        let told = &recording.visitor;
        let item = ConversationItem {
            channel: channel.clone(),
            status: recording.status.unwrap_or_default(),
            visitor_name: told.name.clone(),
            visitor_email: told.email.clone(),
            visitor_time_zone: told.time_zone.clone(),
            visitor_language: told.language.clone(),
            assignee: recording.assignee.clone(),
            visitor_secret: recording.new_secret.clone(),
            recorded_at: at.now,
            recorded_by: recording.id.to_string(),
            updated_at: at.now,
            current_request: None,
            rating: None,
            rating_agent_id: None,
            visitors_until: visitor.as_ref().and(visitors_until),
            visitors: visitor.iter().cloned().collect(),
            expires_at: None,
        };
        let put = leg(self
            .table
            .put_kept(at.key(), &item, at.now)?
            .condition_expression(IS_FREE)
            .expression_attribute_values(":now", number(at.now.epoch_seconds())))?;
        let mut legs = vec![put];
        if let Some(visitor) = &visitor {
            legs.push(self.table.put_visitor_conversation(at, visitor)?);
        }
        match self.table.transact_all(WriteToken::random(), &legs).await? {
            Transacted::Committed => Ok(Some(item)),
            Transacted::Refused(_) => Ok(None),
            Transacted::Unsettled(fault) => Err(fault),
        }
    }
}
