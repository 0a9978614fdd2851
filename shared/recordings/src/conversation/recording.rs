use domain::{
    Agent, Channel, ConversationId, ConversationStatus, Group, Labels, OrganisationId, ResolvedBy,
    RoundId, Timestamp, UniqueId, Visitor, VisitorHash, VisitorSecret,
};
use store::{ConversationItem, ConversationRef, Detail, EventSubject, OutboxEvent};

/// What to record of a conversation. A value that is `None` or unknown leaves the stored one
/// unchanged.
#[derive(Debug)]
pub struct ConversationRecording {
    /// The tenant of the conversation.
    pub organisation: OrganisationId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The channel, which the first recording of a conversation requires.
    pub channel: Option<Channel>,
    /// The visitor's known fields.
    pub visitor: Visitor,
    /// The assigned agent.
    pub assignee: Detail<Agent>,
    /// The inbox.
    pub inbox: Detail<Group>,
    /// The team.
    pub team: Detail<Group>,
    /// The labels.
    pub labels: Detail<Labels>,
    /// Whether the conversation is open or resolved.
    pub status: Option<ConversationStatus>,
    /// Whether a round begins if this is the first recording and the conversation is resolved. Otherwise the rules of
    /// the settings do not act until it is resolved again.
    pub begins_first_round: bool,
    /// Who or what ended the chat. Only with the status `resolved`.
    pub resolved_by: Option<ResolvedBy>,
    /// The platform's own time of the data that it sends.
    pub as_of: Option<Timestamp>,
    /// The ID of this recording. The conversation keeps the ID of its first recording.
    pub id: UniqueId,
    /// Whether `new_secret` replaces the existing secret.
    pub renews_secret: bool,
    /// The visitor's secret of a new conversation, which must be random.
    pub new_secret: VisitorSecret,
    /// When the request arrived.
    pub now: Timestamp,
}

impl ConversationRecording {
    /// The round that begins if this recording resolves the conversation.
    pub(super) fn round(&self) -> RoundId {
        self.id.into()
    }

    /// The subject of the conversation's events.
    pub(super) fn event_subject(&self) -> EventSubject {
        EventSubject::conversation(&self.organisation, &self.conversation)
    }

    /// The event that is published if this recording resolves the conversation.
    pub(super) fn resolved_event(&self) -> OutboxEvent {
        OutboxEvent::conversation_resolved(&self.round(), self.resolved_by, self.now)
    }

    pub(super) fn conversation_ref(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
    }

    /// The hash of the visitor by whom the conversation must be found.
    pub(super) fn visitor_hash(&self) -> Option<VisitorHash> {
        self.visitor.email.as_ref().map(VisitorHash::of)
    }

    /// Whether `conversation` was already recorded as of a later time.
    pub(super) fn is_outdated(&self, conversation: &ConversationItem) -> bool {
        match (self.as_of, conversation.as_of) {
            (Some(as_of), Some(latest)) => as_of < latest,
            _ => false,
        }
    }

    /// Whether this recording created `item`. If a reply was lost, the SDK's retry finds the item
    /// that its first attempt wrote. This recording is then still the conversation's first.
    pub(super) fn made(&self, item: &ConversationItem) -> bool {
        item.recorded_by == self.id.to_string()
    }
}
