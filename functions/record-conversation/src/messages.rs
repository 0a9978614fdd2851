use std::collections::HashSet;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use shared::api::{Answer, Call, Failure, Fields, Refusal, text, whole_number};
use shared::aws::AwsFailure;
use shared::domain::{
    AgentId, Attachment, AttachmentName, AttachmentUrl, Author, AuthorKind, ContentType,
    ConversationId, Entry, EntryContent, MESSAGE_LEAD_SECONDS, Message, MessageId, MessageText,
    OrganisationId, PersonName, Timestamp, Visibility,
};
use shared::fault::Fault;
use shared::table::{ConversationItem, EntryItem, Key, string, write_item};

use crate::RecordConversation;

/// How many messages are written at a time.
const WRITES_AT_ONCE: usize = 25;

/// Messages of one conversation, decoded.
#[derive(Debug)]
struct Recording {
    organisation: OrganisationId,
    conversation: ConversationId,
    entries: Vec<Entry>,
}

/// What became of one message.
#[derive(Debug)]
enum Recorded {
    /// It stands in the thread as it was told.
    AsTold,
    /// It is a late public copy of a message that was made private, and stays private.
    StaysPrivate,
}

impl RecordConversation {
    /// Records messages. Each is one write that may be repeated; when one fails, the caller repeats
    /// them all.
    pub(crate) async fn record_messages(&self, call: &Call) -> Result<Answer, Failure> {
        let recording = self.decode_messages(call)?;
        let key = Key::conversation(&recording.organisation, &recording.conversation);
        if self.table.get::<ConversationItem>(key).await?.is_none() {
            return Err(Refusal::conversation_not_found().into());
        }
        let writes: Vec<_> = recording
            .entries
            .iter()
            .map(|entry| self.write_message(&recording, entry))
            .collect();
        let outcomes: Vec<Recorded> = stream::iter(writes)
            .buffer_unordered(WRITES_AT_ONCE)
            .try_collect()
            .await?;
        Ok(Answer::ok(json!({ "recorded": outcomes.len() })))
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
        })
    }

    /// Puts a message. Private wins for good: a public one is put only where no private one stands.
    async fn write_message(&self, recording: &Recording, entry: &Entry) -> Result<Recorded, Fault> {
        let key = Key::entry(
            &recording.organisation,
            &recording.conversation,
            entry.at,
            &entry.id,
        );
        let mut put = self
            .table
            .client()
            .put_item()
            .table_name(self.table.name())
            .set_item(Some(write_item(key, &EntryItem::from(entry.clone()))?));
        if entry.visibility == Visibility::Public {
            put = put
                .condition_expression("attribute_not_exists(pk) OR visibility = :public")
                .expression_attribute_values(":public", string("public"));
        }
        match put.send().await {
            Ok(_) => Ok(Recorded::AsTold),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => {
                    Ok(Recorded::StaysPrivate)
                }
                _ => Err(Fault::storage(AwsFailure::new("dynamodb:PutItem", &error))),
            },
        }
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
