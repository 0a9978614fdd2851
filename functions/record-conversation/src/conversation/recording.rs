use shared::api::{Call, Fields, Refusal, Tenancy, flag, named_agent, text};
use shared::domain::{
    Agent, Channel, ConversationId, ConversationStatus, EmailAddress, Language,
    MESSAGE_LEAD_SECONDS, OrganisationId, PersonName, TimeZoneName, Timestamp, UniqueId, Visitor,
    VisitorHash, VisitorSecret,
};
use shared::table::{ConversationAt, ConversationItem};

/// What the platform tells of a conversation, decoded. What is absent stays as it is.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) organisation: OrganisationId,
    pub(super) conversation: ConversationId,
    pub(super) channel: Option<Channel>,
    pub(super) visitor: Visitor,
    pub(super) assignee: Option<Agent>,
    pub(super) status: Option<ConversationStatus>,
    /// The platform's own time of what it sends.
    pub(super) as_of: Option<Timestamp>,
    /// Names this recording: the conversation keeps the name of its first.
    pub(super) id: UniqueId,
    /// Whether `new_secret` takes the place of the one that stands.
    pub(super) renews_secret: bool,
    pub(super) new_secret: VisitorSecret,
    pub(super) now: Timestamp,
}

impl Recording {
    pub(super) fn decode(call: &Call, tenancy: &Tenancy) -> Result<Self, Refusal> {
        let organisation = tenancy.organisation(call)?;
        let conversation = call.path_parameter("conversation_id", ConversationId::parse)?;
        let mut body = Fields::of_body(call.body())?;
        let recording = Self {
            organisation,
            conversation,
            channel: body.optional("channel", text(Channel::parse))?,
            visitor: body
                .optional_object("visitor")?
                .map(read_visitor)
                .transpose()?
                .unwrap_or_default(),
            assignee: named_agent(&mut body, "assignee")?,
            status: body.optional("status", text(ConversationStatus::parse))?,
            as_of: read_as_of(&mut body, call.now())?,
            id: UniqueId::random(),
            renews_secret: body.optional("renew_visitor_token", flag)?.unwrap_or(false),
            new_secret: VisitorSecret::random(),
            now: call.now(),
        };
        body.finish()?;
        Ok(recording)
    }

    pub(super) fn at(&self) -> ConversationAt<'_> {
        ConversationAt::new(&self.organisation, &self.conversation, self.now)
    }

    /// Whom the conversation must be found by.
    pub(super) fn visitor_hash(&self) -> Option<VisitorHash> {
        self.visitor.email.as_ref().map(VisitorHash::of)
    }

    /// Whether `conversation` was recorded as of a later time.
    pub(super) fn is_outdated(&self, conversation: &ConversationItem) -> bool {
        match (self.as_of, conversation.as_of) {
            (Some(as_of), Some(latest)) => as_of < latest,
            _ => false,
        }
    }

    /// Whether `item` is its own work. After a lost reply a repeat meets what it wrote itself,
    /// which is still the first.
    pub(super) fn made(&self, item: &ConversationItem) -> bool {
        item.recorded_by == self.id.to_string()
    }
}

fn read_as_of(body: &mut Fields, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let as_of = body.optional("as_of", text(Timestamp::parse))?;
    if as_of.is_some_and(|as_of| as_of > now.plus_seconds(MESSAGE_LEAD_SECONDS)) {
        return Err(body.invalid("as_of", "must not be more than 5 minutes ahead"));
    }
    Ok(as_of)
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
