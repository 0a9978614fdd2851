use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use serde_json::{Value, json};
use shared::api::{Answer, Call, ConversationBody, Failure, Fields, Refusal, flag, text};
use shared::aws::AwsFailure;
use shared::domain::{
    AgentId, Assignee, Channel, ConversationId, ConversationStatus, EmailAddress, InvalidValue,
    Language, OrganisationId, PersonName, TimeZoneName, Timestamp, UniqueId, Visitor, VisitorHash,
    VisitorSecret, VisitorToken,
};
use shared::fault::Fault;
use shared::table::{
    ConversationAt, ConversationItem, IS_FREE, StoredConversation, Transacted, WriteToken,
    attribute, leg, number, read_item, string,
};

use crate::RecordConversation;

/// How often a recording is tried again that met another of the same conversation.
const RETRIES: u32 = 5;

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

impl Recording {
    fn at(&self) -> ConversationAt<'_> {
        ConversationAt::new(&self.organisation, &self.conversation, self.now)
    }

    /// Whom the conversation must be found by.
    fn visitor_hash(&self) -> Option<VisitorHash> {
        self.visitor.email.as_ref().map(VisitorHash::of)
    }

    /// Whether it opens `conversation` again.
    fn reopens(&self, conversation: &ConversationItem) -> bool {
        self.status == Some(ConversationStatus::Open)
            && conversation.status == ConversationStatus::Resolved
    }

    /// Whether `item` is its own work. After a lost reply a repeat meets what it wrote itself,
    /// which is still the first.
    fn made(&self, item: &ConversationItem) -> bool {
        item.recorded_by == self.id.to_string()
    }
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
            Recorded::Erased => Err(Refusal::conversation_erased().into()),
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

    /// Records what was told: one round trip, and two where a new conversation names an e-mail
    /// address, by which it must be found from then on, or where a resolved one is opened again.
    async fn write_conversation(&self, recording: &Recording) -> Result<Recorded, Fault> {
        let mut resolved: Option<ConversationItem> = None;
        for _ in 0..=RETRIES {
            let stored = match self.merge(recording, resolved.as_ref()).await? {
                Merged::Done(item) if recording.made(&item) => return Ok(Recorded::New(*item)),
                Merged::Done(item) => return Ok(Recorded::Known(*item)),
                Merged::Refused(StoredConversation::Erased(_)) => return Ok(Recorded::Erased),
                Merged::Refused(stored) => stored,
            };
            match (stored.standing(recording.now), &recording.channel) {
                (Some(stands), _) => {
                    let is_news = resolved.is_none() && recording.reopens(&stands);
                    if !is_news {
                        self.lead_to(recording, &stands).await?;
                    }
                    resolved = Some(stands).filter(|stands| recording.reopens(stands));
                }
                (None, None) => return Ok(Recorded::NeedsChannel),
                (None, Some(channel)) => {
                    if let Some(new) = self.put_new(recording, channel).await? {
                        return Ok(Recorded::New(new));
                    }
                }
            }
        }
        Err(Fault::contended(
            "a conversation kept being changed by others",
        ))
    }

    /// Merges what was told into the item, in one update that may be repeated. It touches neither
    /// the current rating request nor the rating, unless it opens again what `resolved` found
    /// resolved: that withdraws a request which is not answered.
    ///
    /// It makes the item where there is none and no e-mail address is told: what leads from a
    /// visitor to a conversation is there before the conversation names the visitor.
    async fn merge(
        &self,
        recording: &Recording,
        resolved: Option<&ConversationItem>,
    ) -> Result<Merged, Fault> {
        let mut merge = merge(recording)?;
        let mut condition = ConversationItem::may_be_written(self.table.retention());
        if recording.status == Some(ConversationStatus::Open) {
            condition.push_str(" AND ");
            condition.push_str(merge.open(resolved, recording.now));
        }
        if let Some(visitor) = recording.visitor_hash() {
            condition.push_str(" AND contains(visitors, :visitor)");
            merge.values.insert(":visitor".to_owned(), string(visitor));
        } else if recording.channel.is_some() {
            condition = format!("attribute_not_exists(pk) OR ({condition})");
        }
        let now = number(recording.now.epoch_seconds());
        merge.values.insert(":now".to_owned(), now);
        let forget = match self.table.retention().expires_at(recording.now) {
            Some(expires_at) => {
                merge.set("expires_at", number(expires_at));
                ""
            }
            None => " REMOVE expires_at",
        };
        let written = self
            .table
            .client()
            .update_item()
            .table_name(self.table.name())
            .set_key(Some(recording.at().key().into_item()))
            .update_expression(format!("SET {}{forget}", merge.assignments.join(", ")))
            .expression_attribute_names("#status", "status")
            .set_expression_attribute_values(Some(merge.values))
            .condition_expression(condition)
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
        match self.table.transact_all(WriteToken::random(), legs).await? {
            Transacted::Committed => Ok(Some(item)),
            Transacted::Refused(_) => Ok(None),
            Transacted::Unsettled(fault) => Err(fault),
        }
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

    /// Opens the conversation, again where it stands `resolved`, and gives the condition for that.
    fn open(&mut self, resolved: Option<&ConversationItem>, now: Timestamp) -> &'static str {
        let resolved_value = string(ConversationStatus::Resolved.as_str());
        self.values.insert(":resolved".to_owned(), resolved_value);
        let Some(stands) = resolved else {
            return "NOT #status = :resolved";
        };
        match &stands.current_request {
            Some(current) if stands.current_rating().is_none() => {
                self.set("current_request.withdrawn_at", string(now));
                self.values
                    .insert(":unanswered".to_owned(), string(&current.id));
                "#status = :resolved AND current_request.id = :unanswered \
                 AND NOT rating.request_id = :unanswered"
            }
            _ => {
                "#status = :resolved AND (attribute_not_exists(current_request) \
                 OR rating.request_id = current_request.id)"
            }
        }
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
    format!(":{}", attribute.trim_start_matches('#').replace('.', "_"))
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
