use domain::{
    Agent, ClockHour, ConversationId, EmailAddress, Language, OrganisationId, RatingRequestId,
    SenderAddress, SenderName, Timestamp, TranscriptId, TranscriptNote, UniqueId,
};
use dynamodb::Key;
use lambda::random;
use serde::Serialize;
use store::{ConversationRef, MailLink, OngoingRound, key};

/// A request for a transcript.
#[derive(Debug)]
pub struct TranscriptRequest {
    /// The tenant of the conversation.
    pub organisation: OrganisationId,
    /// The conversation.
    pub conversation: ConversationId,
    /// What the transcript is prepared for.
    pub purpose: Purpose,
    /// Who requested it.
    pub requested_by: RequestedBy,
    /// The agent who is recorded as the requester. If the visitor requested the transcript, it has
    /// the reserved id `visitor`. If a rule did, it is the assignee.
    pub agent: Agent,
    /// What the caller sent, or what the settings say.
    pub payload: Payload,
    /// Random, or derived from the idempotency key.
    pub id: TranscriptId,
    /// Random. It distinguishes this attempt from all others, including those of requests under the
    /// same key.
    pub attempt: UniqueId,
    /// The rating request of the transcript, if the caller asked for one.
    pub rating_request: Option<RatingRequestParameters>,
    /// The fingerprint of the payload, or `None` if there is no idempotency key.
    pub payload_fingerprint: Option<String>,
    /// The rating request whose faces are mailed instead of the conversation.
    pub rating_mail: Option<RatingMail>,
    /// The round of the conversation in which a rule sends the transcript.
    pub round: Option<OngoingRound>,
    /// When the request arrived.
    pub now: Timestamp,
}

/// What a transcript is prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is sent.
    Send,
    /// It is only shown, so no limit applies to it.
    Preview,
}

/// Who requested a transcript. Each has a limit of its own, besides those of the conversation and
/// the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestedBy {
    /// An agent, through the API.
    Agent,
    /// The visitor, by the button of the widget.
    Visitor,
    /// A rule of the settings. It has no limit of its own.
    Rule,
}

/// The parameters of the rating request whose faces are below a transcript.
#[derive(Debug)]
pub struct RatingRequestParameters {
    /// Derived from the transcript's id, so a retry does not create a second rating request.
    pub rating_request_id: RatingRequestId,
    /// The secret of the links, and when they expire.
    pub link: MailLink,
    /// The origin to which the API request was sent, as API Gateway reports it.
    pub origin: Option<String>,
}

/// The contents of a request.
#[derive(Debug, Serialize)]
pub struct Payload {
    /// `None` means the visitor's own address.
    pub to: Option<EmailAddress>,
    /// The address of the sender.
    pub from: SenderAddress,
    /// The name of the sender.
    pub sender_name: SenderName,
    /// Whether the mail asks for a rating.
    pub ask_for_rating: bool,
    /// The language of the mail. `None` means the visitor's. It is absent from the fingerprints of
    /// requests without it, so that they are those of the former version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// A note of the agent above the conversation. It is absent from the fingerprints of requests
    /// without it, for the same reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<TranscriptNote>,
    /// The agent whom the caller named.
    pub agent: Option<Agent>,
}

/// A mail with the faces of an unanswered rating request.
#[derive(Clone, Debug)]
pub struct RatingMail {
    /// The id of the rating request, which must be the conversation's current one.
    pub rating_request_id: RatingRequestId,
    /// The credential of its links.
    pub link: MailLink,
    /// The origin of the page `/rate`, if the stack has no `PUBLIC_URL`.
    pub origin: Option<String>,
}

impl Payload {
    /// A transcript for the visitor, in the visitor's language, that no agent sends.
    pub fn to_visitor(from: SenderAddress, sender_name: SenderName) -> Self {
        Self {
            to: None,
            from,
            sender_name,
            ask_for_rating: false,
            language: None,
            note: None,
            agent: None,
        }
    }
}

impl RatingRequestParameters {
    /// The parameters of the rating request that the transcript `id` makes at `now`. `origin` is the
    /// origin to which the API request was sent.
    pub fn new(id: &TranscriptId, origin: Option<String>, now: Timestamp) -> Self {
        Self {
            rating_request_id: RatingRequestId::for_transcript(id),
            link: MailLink::new(random::visitor_secret(), now),
            origin,
        }
    }
}

impl TranscriptRequest {
    /// Starts a new attempt, so that late writes of an earlier attempt do not affect it.
    pub(crate) fn begin_attempt(&mut self) {
        self.attempt = random::unique_id();
    }

    pub(crate) fn conversation_ref(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
    }

    pub(crate) fn sender_key(&self) -> Key {
        key::sender(&self.organisation, &self.payload.from)
    }

    pub(crate) fn transcript_key(&self) -> Key {
        key::transcript(&self.organisation, &self.conversation, &self.id)
    }

    pub(crate) fn rating_request_key(&self, id: &RatingRequestId) -> Key {
        key::rating_request(&self.organisation, &self.conversation, id)
    }

    /// The clock hour whose limits apply to the request.
    pub(crate) fn hour(&self) -> ClockHour {
        ClockHour::of(self.now)
    }

    pub(crate) fn conversation_quota(&self) -> Key {
        key::conversation_quota(&self.organisation, &self.conversation, self.hour())
    }

    pub(crate) fn agent_quota(&self) -> Key {
        key::agent_quota(&self.organisation, self.hour(), &self.agent.id)
    }

    pub(crate) fn visitor_quota(&self) -> Key {
        key::visitor_quota(&self.organisation, &self.conversation)
    }

    pub(crate) fn organisation_quota(&self) -> Key {
        key::organisation_quota(&self.organisation, self.hour())
    }

    /// Whether the caller decides by the state of the conversation that it has read, and must decide
    /// again if that has changed.
    pub(crate) fn is_decided(&self) -> bool {
        self.round.is_some() || self.rating_mail.is_some()
    }

    /// Whether the request has an idempotency key, by which a retry is recognized.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.payload_fingerprint.is_some()
    }
}
