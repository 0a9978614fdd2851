use std::collections::HashSet;

use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use serde_json::json;
use shared::api::{Answer, Call, Failure, Fields, Refusal, text, whole_number};
use shared::domain::{
    AgentId, Attachment, AttachmentName, AttachmentUrl, Author, AuthorKind, ContentType,
    ConversationId, Entry, EntryContent, MESSAGE_LEAD_SECONDS, Message, MessageId, MessageText,
    OrganisationId, PersonName, Timestamp, Visibility,
};
use shared::fault::Fault;
use shared::table::{
    ConversationAt, EntryItem, IS_FREE, Key, Leg, StoredConversation, TransactWriteItem,
    Transacted, leg, number, string,
};

use crate::RecordConversation;

/// How many messages one transaction takes: DynamoDB's 100 actions less the conversation's own. Its
/// 4 MB are never reached, for a body has at most one.
const MESSAGES_AT_ONCE: usize = 99;

/// Messages of one conversation, decoded.
#[derive(Debug)]
struct Recording {
    organisation: OrganisationId,
    conversation: ConversationId,
    entries: Vec<Entry>,
    now: Timestamp,
}

impl Recording {
    fn at(&self) -> ConversationAt<'_> {
        ConversationAt::new(&self.organisation, &self.conversation, self.now)
    }
}

/// What became of messages.
#[derive(Debug)]
enum Recorded {
    /// They stand in the thread, now or before, or stay private: 200.
    All,
    /// There is no such conversation: 404.
    NoConversation,
    /// It was erased: 410.
    Erased,
}

impl RecordConversation {
    /// Records messages, in one transaction where they are fewer than 100. Each may be written
    /// again; when something fails, the caller repeats them all.
    pub(crate) async fn record_messages(&self, call: &Call) -> Result<Answer, Failure> {
        let recording = self.decode_messages(call)?;
        for entries in recording.entries.chunks(MESSAGES_AT_ONCE) {
            match self.write_messages(&recording, entries).await? {
                Recorded::All => {}
                Recorded::NoConversation => return Err(Refusal::conversation_not_found().into()),
                Recorded::Erased => return Err(Refusal::conversation_erased().into()),
            }
        }
        Ok(Answer::ok(json!({ "recorded": recording.entries.len() })))
    }

    fn decode_messages(&self, call: &Call) -> Result<Recording, Refusal> {
        let organisation = self.tenancy.organisation(call)?;
        let conversation = call.path_parameter("conversation_id", ConversationId::parse)?;
        let mut body = Fields::of_body(call.body())?;
        let messages = body.required_objects("messages", 1..=100)?;
        body.finish()?;
        let latest = call.now().plus_seconds(MESSAGE_LEAD_SECONDS);
        let mut ids = HashSet::new();
        let entries = messages
            .into_iter()
            .map(|fields| read_message(fields, latest, &mut ids))
            .collect::<Result<_, _>>()?;
        Ok(Recording {
            organisation,
            conversation,
            entries,
            now: call.now(),
        })
    }

    /// Puts messages in one transaction with their conversation, so that none comes after an
    /// erasure. Those that stand already and are private stay as they are: the others are put
    /// without them.
    async fn write_messages(
        &self,
        recording: &Recording,
        entries: &[Entry],
    ) -> Result<Recorded, Fault> {
        let mut puts = entries
            .iter()
            .map(|entry| self.put_message(recording, entry))
            .collect::<Result<Vec<_>, _>>()?;
        while !puts.is_empty() {
            let mut legs = vec![self.in_conversation(recording)?];
            legs.extend(puts.iter().cloned());
            let outcome = self.table.transact_all_in(recording.at(), &legs).await?;
            let mut legs = match outcome {
                Transacted::Committed => return Ok(Recorded::All),
                Transacted::Unsettled(fault) => return Err(fault),
                Transacted::Refused(legs) => legs.into_iter(),
            };
            match legs
                .next()
                .map(Leg::read_conversation)
                .transpose()?
                .flatten()
            {
                None => {}
                Some(StoredConversation::Erased(_)) => return Ok(Recorded::Erased),
                Some(_) => return Ok(Recorded::NoConversation),
            }
            let before = puts.len();
            puts = puts
                .into_iter()
                .zip(legs)
                .filter_map(|(put, leg)| matches!(leg, Leg::Fine).then_some(put))
                .collect();
            if puts.len() == before {
                return Err(Fault::internal(
                    "refused messages met nothing that refuses them",
                ));
            }
        }
        Ok(Recorded::All)
    }

    /// The leg of every write of messages: their conversation stands.
    fn in_conversation(&self, recording: &Recording) -> Result<TransactWriteItem, Fault> {
        leg(self.table.update_conversation(recording.at(), "", ""))
    }

    /// Puts a message. Private wins for good: a public one is put only where no private one stands.
    fn put_message(
        &self,
        recording: &Recording,
        entry: &Entry,
    ) -> Result<TransactWriteItem, Fault> {
        let key = Key::entry(
            &recording.organisation,
            &recording.conversation,
            entry.at,
            &entry.id,
        );
        let item = EntryItem::from(entry.clone());
        let put = self
            .table
            .put_kept(key, &item, recording.now)?
            // That it is refused says all: what stands there may be long.
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::None);
        leg(match entry.visibility {
            Visibility::Private => put,
            Visibility::Public => put
                .condition_expression(format!("{IS_FREE} OR visibility = :public"))
                .expression_attribute_values(":public", string("public"))
                .expression_attribute_values(":now", number(recording.now.epoch_seconds())),
        })
    }
}

fn read_message(
    mut fields: Fields,
    latest: Timestamp,
    ids: &mut HashSet<MessageId>,
) -> Result<Entry, Refusal> {
    let id = fields.required("id", text(MessageId::parse))?;
    if !ids.insert(id.clone()) {
        return Err(fields.invalid("id", "must not come twice in one body"));
    }
    let sent_at = fields.required("sent_at", text(Timestamp::parse))?;
    if sent_at > latest {
        return Err(fields.invalid("sent_at", "must not lie more than 5 minutes ahead"));
    }
    let entry = Entry {
        id: id.into(),
        at: sent_at,
        visibility: fields.required("visibility", text(Visibility::parse))?,
        content: EntryContent::Message(Message {
            author: read_author(fields.required_object("author")?)?,
            text: fields.required("text", text(MessageText::parse))?,
            attachments: fields
                .optional_objects("attachments", 0..=32)?
                .unwrap_or_default()
                .into_iter()
                .map(read_attachment)
                .collect::<Result<_, _>>()?,
        }),
    };
    fields.finish().map(|()| entry)
}

fn read_author(mut fields: Fields) -> Result<Author, Refusal> {
    let author = Author {
        kind: fields.required("kind", text(AuthorKind::parse))?,
        id: fields.optional("id", text(AgentId::parse))?,
        name: fields.optional("name", text(PersonName::parse))?,
    };
    fields.finish().map(|()| author)
}

fn read_attachment(mut fields: Fields) -> Result<Attachment, Refusal> {
    let attachment = Attachment {
        name: fields.required("name", text(AttachmentName::parse))?,
        url: fields.required("url", text(AttachmentUrl::parse))?,
        content_type: fields.optional("content_type", text(ContentType::parse))?,
        bytes: fields.optional("bytes", whole_number)?,
    };
    fields.finish().map(|()| attachment)
}
