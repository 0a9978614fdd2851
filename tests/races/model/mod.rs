//! The specification of the limits: the response to each command, and the state that it leads to.
//!
//! The model shares no code with the product, so that neither can repeat an error of the other. A
//! method that changes the model is one atomic step. A transcript and what happens by itself consist
//! of several steps, and steps of other commands may come between them (`steps.rs`, `background.rs`).
//! All other commands are one step.

mod conversation;
mod expiry;
mod mails_of_rules;
mod recording;
mod requests;
mod rounds;
mod transcripts;

pub use rounds::AskOutcome;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::commands::{
    Agent, Caller, Channel, Chat, CommandNumber, Key, MessageName, SendTranscript, SesFault,
    Settings, Status, Visibility, Wording,
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
/// The name of the sender of mails that no agent sends.
pub const SENDER_OF_SETTINGS: &str = "Acme";
/// The limit of the transcripts that the visitor of a conversation requests in 24 hours.
const VISITOR_LIMIT: usize = 5;
/// The length of that window.
const VISITOR_WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// The time after which a mail of a rule is tried again.
const NEXT_ATTEMPT: SignedDuration = SignedDuration::from_hours(1);
/// The time after which a transcript that is still reserved has an unknown outcome.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// The expected state of one organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Model {
    pub settings: Settings,
    pub conversations: BTreeMap<Chat, Conversation>,
    /// Transcripts in each clock hour, by agent. `None` counts those of all agents.
    pub sent: BTreeMap<(Timestamp, Option<Agent>), u32>,
    /// The faults of the next calls of SES, in order.
    pub ses: VecDeque<SesFault>,
    /// The mails that SES accepted, each with its count.
    pub mails: BTreeMap<Mail, usize>,
    /// The events that the bus has not delivered. It contains only those after which something happens
    /// by the settings.
    pub waiting: VecDeque<BusEvent>,
    /// What is scheduled, and when.
    pub schedules: BTreeMap<Due, Timestamp>,
}

/// An event on the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BusEvent {
    Resolved { round: Round, at: Timestamp },
    RatingRequested { request: RequestRef, at: Timestamp },
}

/// What happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    Ask(Round),
    SendTranscript(Round),
    Expire(RequestRef),
}

/// A round of a conversation. The command that began it identifies it, and also the request and the
/// transcript that rules make in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Round {
    pub chat: Chat,
    pub number: CommandNumber,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestRef {
    pub chat: Chat,
    pub number: CommandNumber,
}

/// The decision of a rule to act in a round, and the recording from which it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    pub round: Round,
    pub agent: Agent,
    recorded_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Conversation {
    pub channel: Channel,
    pub status: Status,
    pub assignee: Option<Agent>,
    /// The command that began the current round. `None` if the conversation is open.
    pub round: Option<CommandNumber>,
    /// The round in which a rating was last requested.
    pub asked_in_round: Option<CommandNumber>,
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
    /// The transcripts that the visitor requested, the newest first.
    pub visitor_transcripts: Vec<(CommandNumber, Timestamp)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RatingRequest {
    pub requester: Requester,
    pub origin: Origin,
    pub requested_at: Timestamp,
    pub next_request_at: Timestamp,
    pub rating: Option<Rating>,
    /// Until when it can be answered. Whole seconds.
    pub answerable_until: Option<Timestamp>,
    /// Whether the request was created for a transcript whose mail was not sent.
    pub is_unmailed: bool,
}

/// The agent of a rating request or of a transcript, and who created it.
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
    /// By the rule, at most once in a round.
    ByRule,
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
    RatingExpired {
        request: CommandNumber,
    },
    TranscriptSent {
        transcript: CommandNumber,
        requester: Requester,
    },
    /// The transcript of a rule was not sent, and is not tried again.
    MailGivenUp {
        round: CommandNumber,
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
        chat: Chat,
        request: Option<CommandNumber>,
        rating: Option<Rating>,
    },
    TranscriptSent {
        chat: Chat,
        transcript: CommandNumber,
        replayed: bool,
    },
    ConversationRecorded {
        chat: Chat,
        is_new: bool,
    },
    MessagesRecorded {
        messages: usize,
    },
    /// No function failed.
    BackgroundDone,
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
    RatingRequestExpired,
    RatingClosed,
    IdempotencyKeyReused,
    IdempotencyKeyInUse,
    RecipientRequired { is_field_named: bool },
    NothingToSend,
    TranscriptsNotOffered,
    TranscriptLimitReached { limit: Limit, resets_at: Timestamp },
    EmailRefused,
    EmailUnavailable,
    EmailOutcomeUnknown { replayed: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    Conversation,
    Agent,
    Visitor,
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
    floor_to_second(moment) + COOLDOWN
}

/// `moment` in whole seconds.
fn floor_to_second(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap()
}

impl Rating {
    pub fn changeable_until(&self) -> Timestamp {
        self.rated_at + CHANGE_WINDOW
    }
}
