use domain::{
    Agent, AgentId, ClockHour, ConversationId, EmailAddress, Language, OrganisationId,
    RatingRequestId, SenderAddress, SenderName, Timestamp, TranscriptId, TranscriptNote, UniqueId,
    VisitorToken,
};
use dynamodb::Key;
use errors::{Failure, Refusal, RefusalCode};
use lambda::http::{
    Fields, HttpRequest, IdempotencyKey, TenantResolver, check_from_header, flag, named_agent,
    payload_fingerprint, text,
};
use lambda::random;
use serde::Serialize;
use store::{ConversationRef, MailLink, key};

/// A decoded request for a transcript.
#[derive(Debug)]
pub(crate) struct TranscriptRequest {
    pub(crate) organisation: OrganisationId,
    pub(crate) conversation: ConversationId,
    pub(crate) purpose: Purpose,
    pub(crate) requested_by: RequestedBy,
    /// The agent who is recorded as the requester. If the visitor requested the transcript, it has
    /// the reserved id `visitor`.
    pub(crate) agent: Agent,
    pub(crate) payload: Payload,
    /// Random, or derived from the idempotency key.
    pub(crate) id: TranscriptId,
    /// Random. It distinguishes this attempt from all others, including those of requests under the
    /// same key.
    pub(crate) attempt: UniqueId,
    /// The rating request of the transcript, if the caller asked for one.
    pub(crate) rating_request: Option<RatingRequestParameters>,
    /// The fingerprint of the payload, or `None` if there is no idempotency key.
    pub(crate) payload_fingerprint: Option<String>,
    pub(crate) now: Timestamp,
}

/// What a transcript is prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Send,
    /// It is only shown, so no limit applies to it.
    Preview,
}

/// Who requested a transcript. Each has a limit of its own, besides those of the conversation and
/// the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestedBy {
    Agent,
    Visitor,
}

/// The parameters of the rating request whose faces are below a transcript.
#[derive(Debug)]
pub(crate) struct RatingRequestParameters {
    /// Derived from the transcript's id, so a retry does not create a second rating request.
    pub(crate) rating_request_id: RatingRequestId,
    /// The secret of the links, and when they expire.
    pub(crate) link: MailLink,
    /// The origin to which the API request was sent, as API Gateway reports it.
    pub(crate) origin: Option<String>,
}

/// The request body.
#[derive(Debug, Serialize)]
pub(crate) struct Payload {
    /// `None` means the visitor's own address.
    pub(crate) to: Option<EmailAddress>,
    pub(crate) from: SenderAddress,
    pub(crate) sender_name: SenderName,
    pub(crate) ask_for_rating: bool,
    /// The language of the mail. `None` means the visitor's. It is absent from the fingerprints of
    /// requests without it, so that they are those of the former version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<Language>,
    /// A note of the agent above the conversation. It is absent from the fingerprints of requests
    /// without it, for the same reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<TranscriptNote>,
    pub(crate) agent: Option<Agent>,
}

impl Payload {
    fn decode(body: &[u8]) -> Result<Self, Refusal> {
        let mut body = Fields::of_body(body)?;
        let payload = Self {
            agent: named_agent(&mut body, "agent")?,
            to: body
                .optional("to", text(EmailAddress::parse))
                .map_err(|refusal| refusal.with_code(RefusalCode::InvalidRecipient))?,
            from: body.required("from", text(SenderAddress::parse))?,
            sender_name: body
                .required("sender_name", text(SenderName::parse))
                .map_err(|refusal| refusal.with_code(RefusalCode::InvalidSenderName))?,
            ask_for_rating: body.optional("ask_for_rating", flag)?.unwrap_or(false),
            language: body.optional("language", text(Language::parse))?,
            note: body.optional("note", text(TranscriptNote::parse))?,
        };
        body.finish()?;
        check_from_header("sender_name", &payload.sender_name, &payload.from)?;
        Ok(payload)
    }
}

impl TranscriptRequest {
    /// Decodes the request of an agent.
    ///
    /// # Errors
    /// 4xx if the caller, the path or the body is not valid.
    pub(crate) fn of_agent(
        http_request: &HttpRequest,
        tenants: &TenantResolver,
        purpose: Purpose,
    ) -> Result<Self, Failure> {
        let caller = tenants.agent_caller(http_request)?;
        let conversation = http_request.path_parameter("conversation_id", ConversationId::parse)?;
        let key = match purpose {
            Purpose::Send => http_request.idempotency_key()?,
            Purpose::Preview => None,
        };
        let payload = Payload::decode(http_request.body())?;
        let agent = caller.agent(payload.agent.clone())?;
        Self::new(
            http_request,
            purpose,
            (caller.organisation, conversation),
            (RequestedBy::Agent, agent),
            key,
            payload,
        )
    }

    /// The request of a visitor whose token was verified, for a mail from `from`.
    ///
    /// # Errors
    /// 422 if the idempotency key is not valid.
    pub(crate) fn of_visitor(
        http_request: &HttpRequest,
        token: VisitorToken,
        from: SenderAddress,
        sender_name: SenderName,
    ) -> Result<Self, Failure> {
        let key = http_request.idempotency_key()?;
        let agent = Agent {
            id: AgentId::visitor(),
            name: None,
        };
        let payload = Payload {
            to: None,
            from,
            sender_name,
            ask_for_rating: false,
            language: None,
            note: None,
            agent: None,
        };
        Self::new(
            http_request,
            Purpose::Send,
            (token.organisation, token.conversation),
            (RequestedBy::Visitor, agent),
            key,
            payload,
        )
    }

    fn new(
        http_request: &HttpRequest,
        purpose: Purpose,
        (organisation, conversation): (OrganisationId, ConversationId),
        (requested_by, agent): (RequestedBy, Agent),
        key: Option<IdempotencyKey>,
        payload: Payload,
    ) -> Result<Self, Failure> {
        // A visitor sends no payload. The sender of the settings may change between two attempts.
        let payload_fingerprint = key
            .as_ref()
            .map(|_| match requested_by {
                RequestedBy::Agent => payload_fingerprint(&payload),
                RequestedBy::Visitor => payload_fingerprint(&()),
            })
            .transpose()?;
        let id = key.map_or_else(random::unique_id, |key| {
            key.record_id("transcript", &organisation, &conversation, &agent.id)
        });
        let id = TranscriptId::from(id);
        let rating_request = payload.ask_for_rating.then(|| RatingRequestParameters {
            rating_request_id: RatingRequestId::for_transcript(&id),
            link: MailLink::new(random::visitor_secret(), http_request.now()),
            origin: http_request.origin(),
        });
        Ok(Self {
            organisation,
            conversation,
            purpose,
            requested_by,
            agent,
            payload,
            id,
            attempt: random::unique_id(),
            rating_request,
            payload_fingerprint,
            now: http_request.now(),
        })
    }

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

    /// Whether the request has an idempotency key, by which a retry is recognized.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.payload_fingerprint.is_some()
    }
}
