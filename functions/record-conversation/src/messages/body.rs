use std::collections::HashSet;

use domain::{
    AgentId, ArrivalOrder, Attachment, AttachmentName, AttachmentUrl, Author, AuthorKind,
    ContentType, ConversationId, Entry, EntryContent, MESSAGE_LEAD_SECONDS, Message, MessageId,
    MessageText, OrganisationId, PersonName, Timestamp, UniqueId, UnlinkedAttachment, Visibility,
};
use dynamodb::{Item, Key, item_bytes, write_item};
use errors::{Failure, Refusal};
use lambda::http::{Fields, HttpRequest, TenantResolver, Warnings, text, whole_number};
use lambda::random;
use store::{ConversationRef, EntryItem, key};

/// The maximum size of a message's item, including its key. DynamoDB allows 400 KB (409,600 bytes)
/// for an item together with its entry in the local secondary index. That entry is a full copy of
/// the item.
const MESSAGE_BYTES: usize = 200_000;

/// The decoded request to record messages of one conversation.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) organisation: OrganisationId,
    pub(super) conversation: ConversationId,
    pub(super) messages: Vec<NewMessage>,
    /// The ID of this recording.
    pub(super) id: UniqueId,
    pub(super) now: Timestamp,
    /// The values that were not recorded as they were sent.
    pub(super) warnings: Warnings,
}

/// A message to record.
#[derive(Clone, Debug)]
pub(super) struct NewMessage {
    pub(super) key: Key,
    /// Its place in the thread: [`key::thread_sort_key`].
    pub(super) place: String,
    pub(super) visibility: Visibility,
    pub(super) author: AuthorKind,
    pub(super) as_of: Option<Timestamp>,
    /// The attributes to record, without the key and the expiry.
    pub(super) attributes: Item,
}

impl Recording {
    pub(super) fn decode(request: &HttpRequest, tenants: &TenantResolver) -> Result<Self, Failure> {
        let mut recording = Self {
            organisation: tenants.organisation(request)?,
            conversation: request.path_parameter("conversation_id", ConversationId::parse)?,
            messages: Vec::new(),
            id: random::unique_id(),
            now: request.now(),
            warnings: Warnings::default(),
        };
        let mut body = Fields::of_body(request.body())?;
        let messages = body.required_objects("messages", 1..=100)?;
        body.finish()?;
        let mut ids = HashSet::new();
        let mut warnings = Warnings::default();
        for (position, fields) in messages.into_iter().enumerate() {
            let message = recording.read_message(fields, position, &mut ids, &mut warnings)?;
            recording.messages.push(message);
        }
        recording.warnings = warnings;
        Ok(recording)
    }

    pub(super) fn conversation_ref(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
    }

    fn read_message(
        &self,
        mut fields: Fields,
        position: usize,
        ids: &mut HashSet<MessageId>,
        warnings: &mut Warnings,
    ) -> Result<NewMessage, Failure> {
        let latest = self.now.plus_seconds(MESSAGE_LEAD_SECONDS);
        fields.drop_nulls(&["as_of", "attachments"], warnings);
        let id = fields.required("id", text(MessageId::parse))?;
        if !ids.insert(id.clone()) {
            return Err(fields
                .invalid("id", "must not be repeated in one body")
                .into());
        }
        let sent_at = fields.required("sent_at", text(Timestamp::parse))?;
        if sent_at > latest {
            return Err(fields
                .invalid("sent_at", "must not be more than 5 minutes ahead")
                .into());
        }
        let as_of = fields.optional("as_of", text(Timestamp::parse))?;
        if as_of.is_some_and(|as_of| as_of > latest) {
            return Err(fields
                .invalid("as_of", "must not be more than 5 minutes ahead")
                .into());
        }
        let mut content = Message {
            author: read_author(fields.required_object("author")?, warnings)?,
            text: fields.required("text", text(MessageText::parse))?,
            attachments: Vec::new(),
            unlinked_attachments: Vec::new(),
        };
        let attachments = fields.optional_objects("attachments", 0..=32)?;
        for fields in attachments.unwrap_or_default() {
            match read_attachment(fields, warnings)? {
                ReadAttachment::Linked(file) => content.attachments.push(file),
                ReadAttachment::Unlinked(file) => content.unlinked_attachments.push(file),
            }
        }
        let author = content.author.kind;
        let entry = Entry {
            id: id.into(),
            at: sent_at,
            visibility: fields.required("visibility", text(Visibility::parse))?,
            content: EntryContent::Message(content),
        };
        let message = self.message(entry, author, position, as_of)?;
        let bytes = item_bytes(&message.attributes) + item_bytes(&message.key.clone().into_item());
        if bytes > MESSAGE_BYTES {
            let rule = format!("must take at most {MESSAGE_BYTES} bytes as stored, not {bytes}");
            return Err(fields.invalid_object(rule).into());
        }
        fields.finish()?;
        Ok(message)
    }

    fn message(
        &self,
        entry: Entry,
        author: AuthorKind,
        position: usize,
        as_of: Option<Timestamp>,
    ) -> Result<NewMessage, Failure> {
        let key = key::entry(&self.organisation, &self.conversation, entry.at, &entry.id);
        let place = key::thread_sort_key(entry.at, &entry.id);
        let visibility = entry.visibility;
        let item = EntryItem {
            arrival: Some(ArrivalOrder::new(self.now, &self.id, position)),
            written_by: Some(self.id.to_string()),
            as_of,
            ..EntryItem::from(entry)
        };
        let mut attributes = write_item(key.clone(), &item)?;
        for name in key.clone().into_item().keys() {
            attributes.remove(name);
        }
        Ok(NewMessage {
            key,
            place,
            visibility,
            author,
            as_of,
            attributes,
        })
    }
}

fn read_author(mut fields: Fields, warnings: &mut Warnings) -> Result<Author, Refusal> {
    fields.drop_nulls(&["id", "name"], warnings);
    fields.drop_blank_name("name", warnings);
    let author = Author {
        kind: fields.required("kind", text(AuthorKind::parse))?,
        id: fields.optional("id", text(AgentId::parse))?,
        name: fields.optional("name", text(PersonName::parse))?,
    };
    fields.finish().map(|()| author)
}

/// An attachment, decoded.
enum ReadAttachment {
    Linked(Attachment),
    /// An attachment whose URL is too long.
    Unlinked(UnlinkedAttachment),
}

/// Reads an attachment. A value that is only too long is shortened or left out, so that one file
/// does not cause the other messages of the request to be refused.
fn read_attachment(mut fields: Fields, warnings: &mut Warnings) -> Result<ReadAttachment, Refusal> {
    fields.drop_nulls(&["content_type", "bytes"], warnings);
    let name = read_attachment_name(&mut fields, warnings)?;
    let url = fields.required("url", text(|url| Ok(url.to_owned())))?;
    let content_type = read_content_type(&mut fields, warnings)?;
    let bytes = fields.optional("bytes", whole_number)?;
    let attachment = if AttachmentUrl::is_only_too_long(&url) {
        let detail =
            "The URL has more than 2,048 characters. The attachment was recorded without it.";
        fields.warn("url", detail, warnings);
        ReadAttachment::Unlinked(UnlinkedAttachment {
            name,
            content_type,
            bytes,
        })
    } else {
        let url =
            AttachmentUrl::parse(&url).map_err(|rule| fields.invalid("url", rule.to_string()))?;
        ReadAttachment::Linked(Attachment {
            name,
            url,
            content_type,
            bytes,
        })
    };
    fields.finish().map(|()| attachment)
}

fn read_attachment_name(
    fields: &mut Fields,
    warnings: &mut Warnings,
) -> Result<AttachmentName, Refusal> {
    let (name, is_shortened) = fields.required(
        "name",
        text(|name| {
            let beginning = AttachmentName::parse_beginning(name)?;
            let is_shortened = beginning.as_str().len() < name.len();
            Ok((beginning, is_shortened))
        }),
    )?;
    if is_shortened {
        let detail = "The name has more than 255 characters. The first 255 were recorded.";
        fields.warn("name", detail, warnings);
    }
    Ok(name)
}

fn read_content_type(
    fields: &mut Fields,
    warnings: &mut Warnings,
) -> Result<Option<ContentType>, Refusal> {
    let read = fields.optional(
        "content_type",
        text(|content_type| {
            if ContentType::is_only_too_long(content_type) {
                return Ok(None);
            }
            ContentType::parse(content_type).map(Some)
        }),
    )?;
    if read == Some(None) {
        let detail = "The content type has more than 255 characters. It was not recorded.";
        fields.warn("content_type", detail, warnings);
    }
    Ok(read.flatten())
}
