use domain::{InvalidValue, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::problem_codes::problem_codes;
use crate::rate_limit::RateLimit;

problem_codes! {
    /// Every reason for which a request is refused: its stable code, status and title.
    RefusalCode:

    /// The body is not JSON.
    InvalidJson = 400, "invalid_json", "The body is not JSON";
    /// The visitor's token is missing, malformed or not the conversation's.
    InvalidVisitorToken = 401, "invalid_visitor_token", "The visitor token is not valid";
    /// The agent's token passed the gateway but names no organisation or no agent.
    TokenNotAccepted = 403, "token_not_accepted", "The token is not accepted";
    /// The caller may not act for an agent.
    AgentNotAllowed = 403, "agent_not_allowed", "The caller may not act for an agent";
    /// The conversation does not exist in the caller's organisation.
    ConversationNotFound = 404, "conversation_not_found", "The conversation was not found";
    /// The rating request does not exist in the visitor's conversation.
    RatingRequestNotFound = 404, "rating_request_not_found", "The rating request was not found";
    /// The sender does not exist in the caller's organisation.
    SenderNotFound = 404, "sender_not_found", "The sender was not found";
    /// The file does not exist.
    FileNotFound = 404, "file_not_found", "The file was not found";
    /// A visitor on this channel can't be asked.
    ChannelNotSupported = 409, "channel_not_supported", "The channel does not support ratings";
    /// The rating may no longer be changed.
    RatingClosed = 409, "rating_closed", "The rating can no longer be changed";
    /// Someone asked the visitor within the stack's interval.
    VisitorAskedRecently = 409, "visitor_asked_recently", "The visitor was asked recently";
    /// A request with the same idempotency key is still in progress.
    IdempotencyKeyInUse = 409, "idempotency_key_in_use", "The idempotency key is in use";
    /// The address belongs to another organisation.
    SenderTaken = 409, "sender_taken", "The sender belongs to another organisation";
    /// A newer rating request replaced this one.
    RatingRequestSuperseded = 410, "rating_request_superseded", "The rating request was superseded";
    /// The conversation was reopened before the visitor answered.
    RatingRequestWithdrawn = 410, "rating_request_withdrawn", "The rating request was withdrawn";
    /// The link in the mail has expired.
    RatingLinkExpired = 410, "rating_link_expired", "The link has expired";
    /// The conversation was erased permanently.
    ConversationErased = 410, "conversation_erased", "The conversation was erased";
    /// The settings were changed since the version that the caller named.
    SettingsChanged = 412, "settings_changed", "The settings were changed";
    /// The body is larger than the limit.
    BodyTooLarge = 413, "body_too_large", "The body is too large";
    /// A field breaks its rule.
    InvalidRequest = 422, "invalid_request", "The request is not valid";
    /// The score is not 1 to 5.
    InvalidScore = 422, "invalid_score", "The score is not valid";
    /// The caller acts for agents and names none.
    AgentRequired = 422, "agent_required", "An agent must be named";
    /// The idempotency key was used before with another payload.
    IdempotencyKeyReused = 422, "idempotency_key_reused", "The idempotency key was used before";
    /// No recipient is given, and the visitor's address is unknown.
    RecipientRequired = 422, "recipient_required", "A recipient is required";
    /// The recipient is not an address, or no mail may be sent to it.
    InvalidRecipient = 422, "invalid_recipient", "The recipient is not valid";
    /// The From address is not a verified sender of the organisation.
    SenderNotVerified = 422, "sender_not_verified", "The sender is not verified";
    /// The sender's name breaks its rule.
    InvalidSenderName = 422, "invalid_sender_name", "The sender's name is not valid";
    /// The conversation has no public message.
    NothingToSend = 422, "nothing_to_send", "There is nothing to send";
    /// The mail would be larger than SES accepts.
    TranscriptTooLarge = 422, "transcript_too_large", "The transcript is too large";
    /// The agent asked in this conversation within the last 7 days.
    RatingAlreadyRequested = 429, "rating_already_requested", "A rating was already requested";
    /// The hour's transcripts are used up.
    TranscriptLimitReached = 429, "transcript_limit_reached", "The transcript limit is reached";
}

/// A refusal: the response to the caller. It contains only data that the caller may see.
#[derive(Clone, Debug)]
pub struct Refusal {
    code: RefusalCode,
    detail: String,
    members: Vec<(&'static str, Value)>,
    headers: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal with the text `detail`.
    pub fn new(code: RefusalCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            members: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// A field that is not valid: `field` is its path, such as `messages[3].author.kind`.
    pub fn invalid_field(field: &str, rule: &InvalidValue) -> Self {
        Self::new(RefusalCode::InvalidRequest, format!("{field} {rule}."))
            .with_member("field", field)
    }

    /// The conversation does not exist, or the caller must not learn that it exists.
    pub fn conversation_not_found() -> Self {
        Self::new(
            RefusalCode::ConversationNotFound,
            "The organisation has no conversation with this id.",
        )
    }

    /// The conversation was erased. The platform receives this refusal because it may have more
    /// data to send.
    pub fn conversation_erased() -> Self {
        Self::new(
            RefusalCode::ConversationErased,
            "The conversation was erased. Nothing is recorded under its id again.",
        )
    }

    /// The visitor's token is not valid, for whatever reason.
    pub fn invalid_visitor_token() -> Self {
        Self::new(
            RefusalCode::InvalidVisitorToken,
            "The request needs the visitor's token of its conversation.",
        )
        .with_header("www-authenticate", "Bearer")
    }

    /// The idempotency key was used before with another payload.
    pub fn idempotency_key_reused() -> Self {
        Self::new(
            RefusalCode::IdempotencyKeyReused,
            "The idempotency key came before with another payload.",
        )
        .with_member("field", "Idempotency-Key")
    }

    /// The same refusal with a more specific code.
    #[must_use]
    pub fn under(mut self, code: RefusalCode) -> Self {
        self.code = code;
        self
    }

    /// The same refusal with one more member.
    #[must_use]
    pub fn with_member(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.members.push((name, serde_json::json!(value)));
        self
    }

    /// The same refusal with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same refusal with `Retry-After` and the RateLimit fields of a limit that resets at
    /// `available_at`.
    #[must_use]
    pub fn with_rate_limit(
        self,
        limit: &RateLimit,
        now: Timestamp,
        available_at: Timestamp,
    ) -> Self {
        let seconds = now.seconds_until(available_at);
        limit
            .exhausted_fields(seconds)
            .into_iter()
            .fold(self, |refusal, (name, value)| {
                refusal.with_header(name, value)
            })
            .with_header("retry-after", seconds.to_string())
    }

    /// The stable code.
    pub fn code(&self) -> RefusalCode {
        self.code
    }

    /// What is wrong, in a sentence for the caller.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The members that this code adds to the problem.
    pub fn members(&self) -> &[(&'static str, Value)] {
        &self.members
    }

    /// The additional headers of the response.
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
    }
}
