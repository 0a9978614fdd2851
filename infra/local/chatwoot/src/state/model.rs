//! The records of a server.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use serde_json::{Map, Value};

use crate::ids::{
    AccountId, AgentId, BotId, ContactId, ConversationId, InboxId, MacroId, MessageId, RuleId,
    TeamId, WebhookId,
};

/// What an agent may do in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Administrator,
    /// To read and write in the inboxes of which the agent is a member.
    Agent,
}

/// The status of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Open.
    Open,
    /// Resolved.
    Resolved,
    /// Handled by a bot.
    Pending,
    /// Set aside until later.
    Snoozed,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::Pending => "pending",
            Self::Snoozed => "snoozed",
        }
    }
}

/// Whom a conversation is assigned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// An agent.
    Agent(AgentId),
    /// A bot.
    Bot(BotId),
}

/// The kind of a message, with the number that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageKind {
    Incoming = 0,
    Outgoing = 1,
    Activity = 2,
    Template = 3,
}

impl MessageKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
            Self::Activity => "activity",
            Self::Template => "template",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    Agent(AgentId),
    Bot(BotId),
    Contact(ContactId),
}

#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) next_display_id: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Inbox {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) channel: String,
    pub(crate) has_csat: bool,
    pub(crate) bot: Option<BotId>,
    pub(crate) members: BTreeSet<AgentId>,
}

#[derive(Clone, Debug)]
pub(crate) struct Agent {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) token: String,
    pub(crate) roles: BTreeMap<AccountId, Role>,
}

#[derive(Clone, Debug)]
pub(crate) struct Bot {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) outgoing_url: Option<String>,
    pub(crate) token: String,
}

/// A contact, which is a visitor of the web site or the sender of an e-mail.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) account: AccountId,
    pub(crate) profile: NewContact,
    /// The inboxes in which the contact opened the widget or wrote.
    pub(crate) inboxes: BTreeSet<InboxId>,
    pub(crate) is_blocked: bool,
}

/// A contact to create. `Default` is an anonymous visitor.
#[derive(Clone, Debug, Default)]
pub struct NewContact {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The id in the tenant's own system.
    pub identifier: Option<String>,
    /// Whether the identifier was proven to the server.
    pub is_hmac_verified: bool,
    /// The language of the browser.
    pub browser_language: Option<String>,
    /// The text of the browser for the time at which the chat began, with an offset and a localised
    /// name of the time zone.
    pub initiated_at: Option<String>,
    /// The page on which the chat began.
    pub referer: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Team {
    pub(crate) account: AccountId,
    pub(crate) name: String,
}

/// An action of a macro or of an automation rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Add a private note.
    AddPrivateNote(String),
    /// Send a message to the visitor.
    SendMessage(String),
    /// Add a label.
    AddLabel(String),
    /// Assign an agent.
    AssignAgent(AgentId),
    /// Assign a team.
    AssignTeam(TeamId),
    /// Resolve the conversation.
    Resolve,
    /// Post the conversation to a URL, unsigned.
    SendWebhookEvent(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Macro {
    pub(crate) id: MacroId,
    pub(crate) account: AccountId,
    pub(crate) actions: Vec<Action>,
}

/// The event that triggers an automation rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleEvent {
    /// A conversation was created.
    ConversationCreated,
    /// A conversation was opened again.
    ConversationOpened,
    /// A conversation was resolved.
    ConversationResolved,
    /// A message was created.
    MessageCreated,
}

impl RuleEvent {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ConversationCreated => "conversation_created",
            Self::ConversationOpened => "conversation_opened",
            Self::ConversationResolved => "conversation_resolved",
            Self::MessageCreated => "message_created",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: RuleId,
    pub(crate) account: AccountId,
    pub(crate) event: RuleEvent,
    pub(crate) actions: Vec<Action>,
}

#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) id: WebhookId,
    pub(crate) account: AccountId,
    pub(crate) name: Option<String>,
    pub(crate) url: String,
    pub(crate) subscriptions: Vec<String>,
    pub(crate) secret: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Conversation {
    pub(crate) id: ConversationId,
    pub(crate) uuid: String,
    pub(crate) inbox: InboxId,
    pub(crate) contact: ContactId,
    pub(crate) source_id: String,
    pub(crate) pubsub_token: String,
    pub(crate) status: Status,
    pub(crate) assignee: Option<Assignee>,
    pub(crate) team: Option<TeamId>,
    pub(crate) labels: Vec<String>,
    pub(crate) snoozed_until: Option<Timestamp>,
    pub(crate) waiting_since: Option<Timestamp>,
    pub(crate) first_reply_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) last_activity_at: Timestamp,
    pub(crate) messages: Vec<Message>,
}

/// A file of a message to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttachment {
    /// The kind of file, such as `image` or `file`.
    pub file_type: String,
    /// The name of the file.
    pub name: String,
    /// The content of the file.
    pub content: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub(crate) id: u64,
    pub(crate) token: String,
    pub(crate) file: NewAttachment,
}

#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) kind: MessageKind,
    pub(crate) is_private: bool,
    pub(crate) sender: Option<Sender>,
    pub(crate) content: Option<String>,
    pub(crate) content_type: String,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) source_id: Option<String>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}
