//! The specification of the limits: the response to each command, and the state that it leads to.
//!
//! The model shares no code with the product, so that neither can repeat an error of the other. A
//! method that changes the model is one atomic step. A transcript consists of several steps, and
//! steps of other commands may come between them (`steps.rs`). All other commands are one step.

mod conversation;
mod recording;
mod requests;
mod transcripts;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::commands::{
    Agent, Caller, Channel, Chat, CommandNumber, Key, MessageName, SendTranscript, SesFault,
    Status, Visibility, Wording,
};

/// The time until an agent may request another rating in the same conversation.
const COOLDOWN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The time after the first answer in which a visitor may change it.
const CHANGE_WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// The limit of a conversation's transcripts in one clock hour.
pub const SLOTS: usize = 5;
/// The limit of an agent's transcripts in one clock hour. The stacks of these tests use it too.
pub const AGENT_CAP: u32 = 4;
/// The limit of all transcripts in one clock hour. The stacks of these tests use it too.
pub const ORGANISATION_CAP: u32 = 7;
/// The time after which a transcript that is still reserved has an unknown outcome.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// The expected state of one organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Model {
    pub conversations: BTreeMap<Chat, Conversation>,
    /// Transcripts in each clock hour, by agent. `None` counts those of all agents.
    pub sent: BTreeMap<(Timestamp, Option<Agent>), u32>,
    /// The faults of the next calls of SES, in order.
    pub ses: VecDeque<SesFault>,
    /// The mails that SES accepted, each with its count.
    pub mails: BTreeMap<Mail, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Conversation {
    pub channel: Channel,
    pub status: Status,
    pub has_visitor_email: bool,
    pub recorded_at: Timestamp,
    pub updated_at: Timestamp,
    /// The command that created the visitor's token. No other token is valid.
    pub visitor_token: CommandNumber,
    /// The end of each agent's cooldown.
    pub cooldowns: BTreeMap<Agent, Timestamp>,
    pub requests: BTreeMap<CommandNumber, RatingRequest>,
    /// The newest request. All others are superseded.
    pub current: Option<CommandNumber>,
    /// Whether the current request was withdrawn before it was answered.
    pub is_withdrawn: bool,
    /// The request whose answer is the conversation's rating.
    pub rated: Option<CommandNumber>,
    pub messages: BTreeMap<MessageName, Message>,
    /// The thread's events, each with its count. Events of the same time have no order.
    pub events: BTreeMap<(Timestamp, Event), usize>,
    pub transcripts: BTreeMap<CommandNumber, Transcript>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RatingRequest {
    pub requester: Requester,
    pub origin: Origin,
    pub requested_at: Timestamp,
    pub next_request_at: Timestamp,
    pub rating: Option<Rating>,
    /// Whether the request was created for a transcript whose mail was not sent.
    pub is_unmailed: bool,
}

/// The agent of a rating request, and the caller whose token created it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requester {
    pub agent: Agent,
    pub caller: Caller,
}

/// The way in which a rating request was created. A retry has the same origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// In the chat without an idempotency key, so no request is a retry.
    Chat,
    /// In the chat, with this idempotency key of the agent.
    ChatWithKey(Key),
    /// In a transcript with this idempotency key of the agent.
    InTranscript(Option<Key>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rating {
    pub value: Value,
    /// The time of the first answer.
    pub rated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    pub score: u8,
    pub comment: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message {
    pub visibility: Visibility,
    pub wording: Wording,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    RatingRequested {
        request: CommandNumber,
        requester: Requester,
    },
    RatingSubmitted {
        request: CommandNumber,
        value: Value,
    },
    RatingChanged {
        request: CommandNumber,
        old: Value,
        new: Value,
    },
    TranscriptSent {
        transcript: CommandNumber,
        agent: Agent,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transcript {
    pub send: SendTranscript,
    pub state: State,
    pub message_count: usize,
    pub sent_at: Timestamp,
    /// Set once the transcript is sent.
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Reserved,
    Sent,
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outcome {
    pub remaining: usize,
    /// The transcript's rating request or its refusal. `None` if the command asked for no rating.
    pub rating_request: Option<Result<CommandNumber, Refusal>>,
}

/// The conversation and the public messages of a mail.
pub type Mail = (Chat, BTreeSet<(MessageName, Message)>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Response {
    RatingRequested {
        chat: Chat,
        request: CommandNumber,
        replayed: bool,
    },
    Rated {
        is_first: bool,
        rating: Rating,
    },
    RatingRequestShown {
        request: Option<CommandNumber>,
        rating: Option<Rating>,
    },
    TranscriptSent {
        transcript: CommandNumber,
        replayed: bool,
    },
    ConversationRecorded {
        is_new: bool,
    },
    MessagesRecorded {
        messages: usize,
    },
    Refused(Refusal),
}

/// The reason of a response that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    InvalidVisitorToken,
    ConversationNotFound,
    ChannelRequired,
    ChannelNotSupported(Channel),
    RatingAlreadyRequested { available_at: Timestamp },
    RatingRequestNotFound,
    RatingRequestSuperseded,
    RatingRequestWithdrawn,
    RatingClosed,
    IdempotencyKeyReused,
    IdempotencyKeyInUse,
    RecipientRequired,
    NothingToSend,
    TranscriptLimitReached { limit: Limit, resets_at: Timestamp },
    EmailRefused,
    EmailUnavailable,
    EmailOutcomeUnknown { replayed: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    Conversation,
    Agent,
    Organisation,
}

/// The public messages of a transcript.
pub type Draft = BTreeSet<(MessageName, Message)>;

/// The result of a call of SES.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    Accepted,
    Throttled,
    Refused,
    Unknown,
}

/// The start of the clock hour that contains `moment`.
pub fn hour_of(moment: Timestamp) -> Timestamp {
    let seconds = moment.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(3_600)).unwrap()
}

pub fn end_of_hour(moment: Timestamp) -> Timestamp {
    hour_of(moment) + SignedDuration::from_hours(1)
}

/// The end of the cooldown of a request at `moment`. Cooldowns start at whole seconds.
fn cooldown_end(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap() + COOLDOWN
}

impl Rating {
    pub fn changeable_until(&self) -> Timestamp {
        self.rated_at + CHANGE_WINDOW
    }
}
