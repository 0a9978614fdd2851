use std::collections::HashSet;

use domain::{
    AgentId, Attachment, AttachmentName, AttachmentUrl, Author, AuthorKind, ContentType,
    ConversationId, MESSAGE_LEAD_SECONDS, Message, MessageId, MessageText, PersonName, Timestamp,
    UnlinkedAttachment, Visibility,
};
use errors::{Failure, Refusal};
use lambda::http::{Fields, HttpRequest, TenantResolver, Warnings, text, whole_number};
use lambda::random;
use recordings::{MessagesRecording, NewMessage, NotAdded};

/// Decodes the request to record messages of one conversation. `warnings` receives the values that
/// are not recorded as they were sent.
pub(super) fn decode_messages(
    request: &HttpRequest,
    tenants: &TenantResolver,
    warnings: &mut Warnings,
) -> Result<MessagesRecording, Failure> {
    let now = request.now();
    let mut recording = MessagesRecording::new(
        tenants.organisation(request)?,
        request.path_parameter("conversation_id", ConversationId::parse)?,
        random::unique_id(),
        now,
    );
    let mut body = Fields::of_body(request.body())?;
    let messages = body.required_objects("messages", 1..=100)?;
    body.finish()?;
    let mut ids = HashSet::new();
    for mut fields in messages {
        let message = read_message(&mut fields, now, &mut ids, warnings)?;
        recording
            .add_message(message)
            .map_err(|not_added| explain(not_added, &fields))?;
        fields.finish()?;
    }
    Ok(recording)
}

fn explain(not_added: NotAdded, fields: &Fields) -> Failure {
    match not_added {
        NotAdded::TooLarge { bytes, maximum } => {
            let rule = format!("must take at most {maximum} bytes as stored, not {bytes}");
            fields.invalid_object(rule).into()
        }
        NotAdded::Failed(fault) => fault.into(),
    }
}

/// Reads a message. The caller must finish `fields`.
fn read_message(
    fields: &mut Fields,
    now: Timestamp,
    ids: &mut HashSet<MessageId>,
    warnings: &mut Warnings,
) -> Result<NewMessage, Refusal> {
    let latest = now.plus_seconds(MESSAGE_LEAD_SECONDS);
    fields.drop_nulls(&["as_of", "attachments"], warnings);
    let id = fields.required("id", text(MessageId::parse))?;
    if !ids.insert(id.clone()) {
        return Err(fields.invalid("id", "must not be repeated in one body"));
    }
    let sent_at = fields.required("sent_at", text(Timestamp::parse))?;
    if sent_at > latest {
        return Err(fields.invalid("sent_at", "must not be more than 5 minutes ahead"));
    }
    let as_of = fields.optional("as_of", text(Timestamp::parse))?;
    if as_of.is_some_and(|as_of| as_of > latest) {
        return Err(fields.invalid("as_of", "must not be more than 5 minutes ahead"));
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
    Ok(NewMessage {
        id,
        sent_at,
        visibility: fields.required("visibility", text(Visibility::parse))?,
        content,
        as_of,
    })
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
