use domain::{
    Agent, ClockHour, ConversationId, EmailAddress, OrganisationId, RatingRequestId, SenderAddress,
    SenderName, Timestamp, TranscriptId, UniqueId,
};
use dynamodb::Key;
use errors::{Failure, RefusalCode};
use lambda::http::{
    Fields, Fingerprint, HttpRequest, TenantResolver, check_from_header, flag, named_agent, text,
};
use lambda::random;
use serde::Serialize;
use store::{ConversationRef, EventSubject, MailLink, key};

/// An agent's wish for a transcript, decoded.
#[derive(Debug)]
pub(crate) struct TranscriptRequest {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) agent: Agent,
    pub(crate) payload: Payload,
    /// Random, or derived from the idempotency key.
    pub(crate) id: TranscriptId,
    /// Random: tells this attempt from others, also of requests under the same key.
    pub(crate) attempt: UniqueId,
    /// The asking for a rating beneath it, where it is wished for.
    pub(crate) asking: Option<RequestBeneath>,
    /// What the idempotency key stands for; `None` where there is no key.
    pub(crate) payload_fingerprint: Option<String>,
    pub(crate) now: Timestamp,
}

/// The asking for a rating beneath a transcript.
#[derive(Debug)]
pub(crate) struct RequestBeneath {
    /// Derived from the transcript's id: a repeat asks no second time.
    pub(crate) request_id: RatingRequestId,
    /// What the links answer with.
    pub(crate) link: MailLink,
    /// Where the request came to, as the gateway says.
    pub(crate) origin: Option<String>,
}

/// What the body says.
#[derive(Debug, Serialize)]
pub(crate) struct Payload {
    /// `None` for the visitor's own address.
    pub(crate) to: Option<EmailAddress>,
    pub(crate) from: SenderAddress,
    pub(crate) sender_name: SenderName,
    ask_for_rating: bool,
    agent: Option<Agent>,
}

impl TranscriptRequest {
    /// Decodes `call`.
    pub(crate) fn decode(call: &HttpRequest, tenancy: &TenantResolver) -> Result<Self, Failure> {
        let caller = tenancy.agent_caller(call)?;
        let conversation = call.path_parameter("conversation_id", ConversationId::parse)?;
        let key = call.idempotency_key()?;
        let mut body = Fields::of_body(call.body())?;
        let payload = Payload {
            agent: named_agent(&mut body, "agent")?,
            to: body
                .optional("to", text(EmailAddress::parse))
                .map_err(|refusal| refusal.under(RefusalCode::InvalidRecipient))?,
            from: body.required("from", text(SenderAddress::parse))?,
            sender_name: body
                .required("sender_name", text(SenderName::parse))
                .map_err(|refusal| refusal.under(RefusalCode::InvalidSenderName))?,
            ask_for_rating: body.optional("ask_for_rating", flag)?.unwrap_or(false),
        };
        body.finish()?;
        check_from_header("sender_name", &payload.sender_name, &payload.from)?;
        let agent = caller.agent(payload.agent.clone())?;
        let payload_fingerprint = key
            .as_ref()
            .map(|_| Fingerprint::of(&payload))
            .transpose()?;
        let id = key.map_or_else(random::unique_id, |key| {
            key.record_id("transcript", &caller.organisation, &conversation, &agent.id)
        });
        let id = TranscriptId::from(id);
        let asking = payload.ask_for_rating.then(|| RequestBeneath {
            request_id: RatingRequestId::beneath(&id),
            link: MailLink::new(random::visitor_secret(), call.now()),
            origin: call.origin(),
        });
        Ok(Self {
            organisation: caller.organisation,
            conversation,
            agent,
            payload,
            id,
            attempt: random::unique_id(),
            asking,
            payload_fingerprint,
            now: call.now(),
        })
    }

    /// Names the next attempt at it, so that what a former one still does late does not touch this.
    pub(crate) fn begin_attempt(&mut self) {
        self.attempt = random::unique_id();
    }

    /// Its conversation.
    pub(crate) fn conversation_ref(&self) -> ConversationRef<'_> {
        ConversationRef::new(&self.organisation, &self.conversation, self.now)
    }

    pub(crate) fn sender_key(&self) -> Key {
        key::sender(&self.organisation, &self.payload.from)
    }

    /// The key of the transcript that the request makes.
    pub(crate) fn transcript_key(&self) -> Key {
        key::transcript(&self.organisation, &self.conversation, &self.id)
    }

    /// The key of a rating request in its conversation.
    pub(crate) fn rating_request_key(&self, id: &RatingRequestId) -> Key {
        key::rating_request(&self.organisation, &self.conversation, id)
    }

    /// What its events are about.
    pub(crate) fn subject(&self) -> EventSubject {
        EventSubject::transcript(
            &self.organisation,
            &self.conversation,
            &self.agent,
            &self.id,
        )
    }

    /// The hour whose limits count it.
    pub(crate) fn hour(&self) -> ClockHour {
        ClockHour::of(self.now)
    }

    pub(crate) fn conversation_quota(&self) -> Key {
        key::conversation_quota(&self.organisation, &self.conversation, self.hour())
    }

    pub(crate) fn agent_quota(&self) -> Key {
        key::agent_quota(&self.organisation, self.hour(), &self.agent.id)
    }

    pub(crate) fn organisation_quota(&self) -> Key {
        key::organisation_quota(&self.organisation, self.hour())
    }

    /// Whether a repeat of it is known by its idempotency key.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.payload_fingerprint.is_some()
    }
}
