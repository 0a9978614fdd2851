mod merge;
mod recording;
mod write;

use serde_json::{Value, json};
use shared::api::{Answer, Call, ConversationBody, Failure, Refusal};
use shared::domain::{InvalidValue, VisitorToken};
use shared::table::ConversationItem;

use self::recording::Recording;
use self::write::Recorded;
use crate::RecordConversation;

impl RecordConversation {
    pub(crate) async fn record_conversation(&self, call: &Call) -> Result<Answer, Failure> {
        let recording = Recording::decode(call, &self.tenancy)?;
        match self.write_conversation(&recording).await? {
            Recorded::New(item) => Ok(Answer::created(describe(recording, item))),
            Recorded::Known(item) => Ok(Answer::ok(describe(recording, item))),
            Recorded::NeedsChannel => Err(Refusal::invalid_field(
                "channel",
                &InvalidValue::new("must be there the first time a conversation is recorded"),
            )
            .into()),
            Recorded::Erased => Err(Refusal::conversation_erased().into()),
        }
    }
}

fn describe(recording: Recording, item: ConversationItem) -> Value {
    let conversation = ConversationBody::new(recording.conversation.clone(), &item);
    let token = VisitorToken {
        organisation: recording.organisation,
        conversation: recording.conversation,
        secret: item.visitor_secret,
    };
    json!({ "conversation": conversation, "visitor_token": token.reveal() })
}
