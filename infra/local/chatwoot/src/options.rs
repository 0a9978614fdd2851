//! Options of a server.

use std::time::Duration;

use crate::clock::Clock;

/// How a server renders the content of messages in webhooks. The API always returns the stored
/// content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookContent {
    /// As it is stored.
    Stored,
    /// As HTML. Versions 4.9.0 to 4.12.0 do this.
    Html,
    /// As it is stored, but without the backslash before a line break, and without line breaks at
    /// the end.
    WithoutBackslashes,
}

/// The differences between versions of Chatwoot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerVersion {
    /// The number, as `GET /api` returns it.
    pub number: &'static str,
    /// Whether a post keeps all of its `content_attributes` (since 4.9.0), or only those that Chatwoot knows.
    pub keeps_attributes: bool,
    /// Whether webhooks have a secret and are signed (since 4.11.2).
    pub signs_webhooks: bool,
    /// Whether a conversation in a webhook has the member `account` (since 4.14.2).
    pub conversations_have_account: bool,
    /// How webhooks render the content of messages.
    pub webhook_content: WebhookContent,
    /// Whether a visitor can answer the prompts of all conversations of the inbox (until 4.13), or
    /// only those of the visitor's own conversations.
    pub any_visitor_can_answer: bool,
}

impl ServerVersion {
    /// Version 4.15.
    pub const V4_15: Self = Self {
        number: "4.15.1",
        keeps_attributes: true,
        signs_webhooks: true,
        conversations_have_account: true,
        webhook_content: WebhookContent::WithoutBackslashes,
        any_visitor_can_answer: false,
    };

    /// Version 4.12.0.
    pub const V4_12: Self = Self {
        number: "4.12.0",
        keeps_attributes: true,
        signs_webhooks: true,
        conversations_have_account: false,
        webhook_content: WebhookContent::Html,
        any_visitor_can_answer: true,
    };

    /// Version 4.9.
    pub const V4_9: Self = Self {
        number: "4.9.2",
        keeps_attributes: true,
        signs_webhooks: false,
        conversations_have_account: false,
        webhook_content: WebhookContent::Html,
        any_visitor_can_answer: true,
    };

    /// Version 4.8.
    pub const V4_8: Self = Self {
        number: "4.8.0",
        keeps_attributes: false,
        signs_webhooks: false,
        conversations_have_account: false,
        webhook_content: WebhookContent::Stored,
        any_visitor_can_answer: true,
    };
}

/// The limits of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The number of requests per minute. More are answered with 429.
    pub requests_per_minute: usize,
    /// The number of messages per minute and conversation. More posts are answered with 422.
    pub messages_per_minute: usize,
    /// The number of characters of a message. Longer posts are answered with 422.
    pub content_characters: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: 3_000,
            messages_per_minute: 200,
            content_characters: 150_000,
        }
    }
}

/// The options of a server.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1. With 0, the system chooses a free one.
    pub port: u16,
    /// The version.
    pub version: ServerVersion,
    /// The limits of the API.
    pub limits: Limits,
    /// The source of the time.
    pub clock: Clock,
    /// The seed of ids, tokens and secrets. Two servers with one seed create the same ones.
    pub seed: u64,
    /// How long a webhook's receiver may take for its response.
    pub hook_timeout: Duration,
    /// How often a hook is sent at most. Chatwoot sends it once. With more attempts, all of them
    /// have one delivery id.
    pub hook_attempts: u32,
    /// The pause between two attempts.
    pub hook_attempt_pause: Duration,
    /// How long the API takes for the response of [`ApiFault::SlowServerError`].
    ///
    /// [`ApiFault::SlowServerError`]: crate::ApiFault::SlowServerError
    pub server_error_delay: Duration,
    /// Whether line breaks in what agents type are stored with a backslash before them, as the
    /// editor of the dashboard writes them.
    pub editor_writes_backslashes: bool,
    /// Whether payloads contain members that no version has, as later versions may do.
    pub has_unknown_members: bool,
    /// Whether the URL of a webhook cannot be changed, as in some forks.
    pub webhook_urls_are_fixed: bool,
    /// The sentence that replaces the content of a deleted message. It depends on the language of
    /// the account.
    pub deletion_text: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            version: ServerVersion::V4_15,
            limits: Limits::default(),
            clock: Clock::system(),
            seed: 1,
            hook_timeout: Duration::from_secs(5),
            hook_attempts: 1,
            hook_attempt_pause: Duration::from_millis(50),
            server_error_delay: Duration::from_secs(15),
            editor_writes_backslashes: false,
            has_unknown_members: false,
            webhook_urls_are_fixed: false,
            deletion_text: "This message was deleted".to_owned(),
        }
    }
}
