use domain::{InvalidValue, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::rate_limit::RateLimit;
use crate::refusal_code::RefusalCode;

/// A refusal: the response to the caller. It contains only data that the caller may see.
#[derive(Clone, Debug)]
pub struct Refusal {
    code: RefusalCode,
    detail: String,
    members: Vec<(&'static str, Value)>,
    headers: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal with this code and the text `detail`, a sentence for the caller.
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

    /// The conversation was erased. The platform receives this refusal, so that it stops sending
    /// data of the conversation.
    pub fn conversation_erased() -> Self {
        Self::new(
            RefusalCode::ConversationErased,
            "The conversation was erased. Its id cannot be used again.",
        )
    }

    /// The visitor's token is not valid. The refusal does not contain the reason.
    pub fn invalid_visitor_token() -> Self {
        Self::new(
            RefusalCode::InvalidVisitorToken,
            "The request needs the visitor's token of its conversation.",
        )
        .with_header("www-authenticate", "Bearer")
    }

    /// The link in a mail has expired.
    pub fn rating_link_expired() -> Self {
        Self::new(
            RefusalCode::RatingLinkExpired,
            "A link in a mail expires after 30 days.",
        )
    }

    /// The idempotency key was used before with another payload.
    pub fn idempotency_key_reused() -> Self {
        Self::new(
            RefusalCode::IdempotencyKeyReused,
            "The idempotency key was used before with another payload.",
        )
        .with_member("field", "Idempotency-Key")
    }

    /// The same refusal with a more specific code.
    #[must_use]
    pub fn with_code(mut self, code: RefusalCode) -> Self {
        self.code = code;
        self
    }

    /// The same refusal with one more member of the JSON body.
    #[must_use]
    pub fn with_member(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.members.push((name, serde_json::json!(value)));
        self
    }

    /// The same refusal with one more header of the response.
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

    /// The stable code, which determines the status and the title.
    pub fn code(&self) -> RefusalCode {
        self.code
    }

    /// What is wrong, in a sentence for the caller.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The members of the JSON body in addition to those that every refusal has.
    pub fn members(&self) -> &[(&'static str, Value)] {
        &self.members
    }

    /// The headers of the response in addition to those that every refusal has.
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_invalid_field_is_named_in_the_text_and_in_a_member() {
        let refusal = Refusal::invalid_field("email", &InvalidValue::new("is required"));
        assert_eq!(refusal.code(), RefusalCode::InvalidRequest);
        assert_eq!(refusal.detail(), "email is required.");
        assert_eq!(refusal.members(), [("field", json!("email"))]);
        let specific = refusal.with_code(RefusalCode::InvalidRecipient);
        assert_eq!(specific.code(), RefusalCode::InvalidRecipient);
        assert_eq!(specific.members(), [("field", json!("email"))]);
    }

    #[test]
    fn an_invalid_visitor_token_asks_for_a_bearer_token() {
        let refusal = Refusal::invalid_visitor_token();
        let challenge = ("www-authenticate", "Bearer".to_owned());
        assert_eq!(refusal.headers(), [challenge]);
    }

    #[test]
    fn a_limit_gives_the_seconds_until_its_reset_rounded_up() {
        let limit = RateLimit {
            policy: "transcripts",
            quota: 5,
            window_seconds: 3_600,
        };
        let now = Timestamp::from_epoch_milliseconds(500).unwrap();
        let available_at = Timestamp::from_epoch_seconds(60).unwrap();
        let refusal = Refusal::new(RefusalCode::TranscriptLimitReached, "Used up.")
            .with_rate_limit(&limit, now, available_at);
        assert_eq!(
            refusal.headers(),
            [
                ("ratelimit-policy", "\"transcripts\";q=5;w=3600".to_owned()),
                ("ratelimit", "\"transcripts\";r=0;t=60".to_owned()),
                ("retry-after", "60".to_owned()),
            ]
        );
    }
}
