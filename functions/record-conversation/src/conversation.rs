use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use serde_json::{Value, json};
use shared::api::{Answer, Call, ConversationBody, Failure, Fields, Refusal, flag, text};
use shared::aws::AwsFailure;
use shared::domain::{
    AgentId, Assignee, Channel, ConversationId, ConversationStatus, EmailAddress, InvalidValue,
    Language, OrganisationId, PersonName, TimeZoneName, Timestamp, UniqueId, Visitor,
    VisitorSecret, VisitorToken,
};
use shared::fault::Fault;
use shared::table::{ConversationItem, Key, attribute, read_item, string};

use crate::RecordConversation;

/// What the platform tells of a conversation, decoded. What is absent stays as it is.
#[derive(Debug)]
struct Recording {
    organisation: OrganisationId,
    conversation: ConversationId,
    channel: Option<Channel>,
    visitor: Visitor,
    assignee: Option<Assignee>,
    status: Option<ConversationStatus>,
    /// Names this recording: the conversation keeps the name of its first.
    id: UniqueId,
    /// Whether `new_secret` takes the place of the one that stands.
    renews_secret: bool,
    new_secret: VisitorSecret,
    now: Timestamp,
}

/// What became of a recording.
#[derive(Debug)]
enum Recorded {
    /// The conversation is new: 201.
    New(ConversationItem),
    /// It was known and is now up to date: 200.
    Known(ConversationItem),
    /// It is not known, and its channel was not told: 422.
    NeedsChannel,
}

impl RecordConversation {
    pub(crate) async fn record_conversation(&self, call: &Call) -> Result<Answer, Failure> {
        let recording = self.decode_recording(call)?;
        match self.write_conversation(&recording).await? {
            Recorded::New(item) => Ok(Answer::created(describe(recording, item))),
            Recorded::Known(item) => Ok(Answer::ok(describe(recording, item))),
            Recorded::NeedsChannel => Err(Refusal::invalid_field(
                "channel",
                &InvalidValue::new("must be there the first time a conversation is recorded"),
            )
            .into()),
        }
    }

    fn decode_recording(&self, call: &Call) -> Result<Recording, Refusal> {
        let organisation = self.tenancy.organisation(call)?;
        let conversation = call.path_parameter("conversation_id", ConversationId::parse)?;
        let mut body = Fields::of_body(call.body())?;
        let recording = Recording {
            organisation,
            conversation,
            channel: body.optional("channel", text(Channel::parse))?,
            visitor: body
                .optional_object("visitor")?
                .map(read_visitor)
                .transpose()?
                .unwrap_or_default(),
            assignee: body
                .optional_object("assignee")?
                .map(read_assignee)
                .transpose()?,
            status: body.optional("status", text(ConversationStatus::parse))?,
            id: UniqueId::random(),
            renews_secret: body.optional("renew_visitor_token", flag)?.unwrap_or(false),
            new_secret: VisitorSecret::random(),
            now: call.now(),
        };
        body.finish()?;
        Ok(recording)
    }

    /// Merges what was told into the item, in one update that may be repeated. It touches neither
    /// the current rating request nor the rating.
    async fn write_conversation(&self, recording: &Recording) -> Result<Recorded, Fault> {
        let merge = merge(recording)?;
        let condition = match recording.channel {
            Some(_) => None,
            None => Some("attribute_exists(pk)".to_owned()),
        };
        let key = Key::conversation(&recording.organisation, &recording.conversation);
        let written = self
            .table
            .client()
            .update_item()
            .table_name(self.table.name())
            .set_key(Some(key.into_item()))
            .update_expression(format!("SET {}", merge.assignments.join(", ")))
            .expression_attribute_names("#status", "status")
            .set_expression_attribute_values(Some(merge.values))
            .set_condition_expression(condition)
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        let attributes = match written {
            Ok(written) => written.attributes.unwrap_or_default(),
            Err(error) => {
                return match error.as_service_error() {
                    Some(UpdateItemError::ConditionalCheckFailedException(_)) => {
                        Ok(Recorded::NeedsChannel)
                    }
                    _ => Err(Fault::storage(AwsFailure::new(
                        "dynamodb:UpdateItem",
                        &error,
                    ))),
                };
            }
        };
        let item: ConversationItem = read_item(attributes)?;
        // After a lost reply the SDK's repeat meets its own write, which is still the first.
        let is_new = item.recorded_by == recording.id.to_string();
        Ok(if is_new {
            Recorded::New(item)
        } else {
            Recorded::Known(item)
        })
    }
}

/// The assignments of an update, and their values.
#[derive(Default)]
struct Merge {
    assignments: Vec<String>,
    values: HashMap<String, AttributeValue>,
}

impl Merge {
    /// Sets `attribute`.
    fn set(&mut self, attribute: &str, value: AttributeValue) {
        let placeholder = placeholder(attribute);
        self.assignments
            .push(format!("{attribute} = {placeholder}"));
        self.values.insert(placeholder, value);
    }

    /// Sets `attribute` where it was told.
    fn set_told(&mut self, attribute: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.set(attribute, string(value));
        }
    }

    /// Sets `attribute` where it does not stand yet.
    fn set_first(&mut self, attribute: &str, value: AttributeValue) {
        let placeholder = placeholder(attribute);
        self.assignments.push(format!(
            "{attribute} = if_not_exists({attribute}, {placeholder})"
        ));
        self.values.insert(placeholder, value);
    }
}

fn placeholder(attribute: &str) -> String {
    format!(":{}", attribute.trim_start_matches('#'))
}

fn merge(recording: &Recording) -> Result<Merge, Fault> {
    let mut merge = Merge::default();
    let secret = attribute(&recording.new_secret)?;
    if recording.renews_secret {
        merge.set("visitor_secret", secret);
    } else {
        merge.set_first("visitor_secret", secret);
    }
    match recording.status {
        Some(status) => merge.set("#status", string(status.as_str())),
        None => merge.set_first("#status", string(ConversationStatus::default().as_str())),
    }
    let visitor = &recording.visitor;
    merge.set_told("channel", recording.channel.as_ref());
    merge.set_told("visitor_name", visitor.name.as_ref());
    merge.set_told("visitor_email", visitor.email.as_ref());
    merge.set_told("visitor_time_zone", visitor.time_zone.as_ref());
    merge.set_told("visitor_language", visitor.language.as_ref());
    if let Some(assignee) = &recording.assignee {
        merge.set("assignee", attribute(assignee)?);
    }
    merge.set_first("recorded_at", string(recording.now));
    merge.set_first("recorded_by", string(recording.id));
    merge.set("updated_at", string(recording.now));
    Ok(merge)
}

fn read_visitor(mut fields: Fields) -> Result<Visitor, Refusal> {
    let visitor = Visitor {
        name: fields.optional("name", text(PersonName::parse))?,
        email: fields.optional("email", text(EmailAddress::parse))?,
        time_zone: fields.optional("time_zone", text(TimeZoneName::parse))?,
        language: fields.optional("language", text(Language::parse))?,
    };
    fields.finish().map(|()| visitor)
}

fn read_assignee(mut fields: Fields) -> Result<Assignee, Refusal> {
    let assignee = Assignee {
        id: fields.required("id", text(AgentId::parse))?,
        name: fields.optional("name", text(PersonName::parse))?,
    };
    fields.finish().map(|()| assignee)
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
