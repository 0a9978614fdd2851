//! The commands and the steps of a case.

use std::fmt;
use std::time::Duration;

/// The name of a conversation. `C1` exists from the start; a command records `C2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chat {
    C1,
    C2,
}

impl Chat {
    pub const ALL: [Self; 2] = [Self::C1, Self::C2];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agent {
    Kim,
    Lee,
    Max,
    /// The agent of a rule if the conversation has no assignee.
    Automatic,
    /// The agent of a transcript that the visitor requested.
    Visitor,
}

impl Agent {
    /// The agents who have a token.
    pub const ALL: [Self; 3] = [Self::Kim, Self::Lee, Self::Max];
}

/// Who creates a rating request or sends a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// The agent, with the agent's own token.
    Agent,
    /// The platform. The body names the agent.
    Platform,
    /// The visitor, with the visitor's token.
    Visitor,
    /// A rule of the settings.
    Rule,
}

/// The settings of a case: what happens by itself, and whether visitors may request transcripts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Settings {
    /// After how many minutes the rule asks for a rating. `None` disables the rule.
    pub asks_after_minutes: Option<u16>,
    /// After how many minutes the rule sends the transcript. `None` disables the rule.
    pub sends_after_minutes: Option<u16>,
    pub expires_after_days: Option<u16>,
    pub visitor_may_request: bool,
}

/// What the scheduler does with each due schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firing {
    Once,
    /// Two invocations at the same time.
    Twice,
    /// No invocation.
    Lost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    K1,
    K2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    Widget,
    Voice,
    Messenger,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Open,
    Resolved,
}

/// The name of a message, which has its own id and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageName {
    M1,
    M2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    Public,
    Private,
}

/// Which text a message has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wording {
    First,
    Second,
}

/// Which rating request a visitor answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestChoice {
    /// The newest of the conversation.
    Newest,
    /// The second newest of the conversation.
    Older,
    /// The newest of the other conversation.
    Foreign,
    /// One that does not exist.
    Unknown,
}

/// Which token a visitor sends. Each names the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenChoice {
    /// The current token of the conversation.
    Good,
    /// The token before the last renewal, or a forged one if there is none.
    Bad,
}

/// A fault of a call of SES.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SesFault {
    /// SES throttles the call, which may be retried.
    Throttle,
    /// SES rejects the mail.
    Reject,
    /// The mail is not sent, and the outcome is unknown.
    Error,
    /// The mail is sent, and the outcome is unknown.
    LostReply,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRating {
    pub chat: Chat,
    pub agent: Agent,
    pub caller: Caller,
    pub key: Option<Key>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmitRating<R, T> {
    pub chat: Chat,
    pub token: Option<T>,
    pub request: Option<R>,
    pub score: u8,
    pub comment: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowRatingRequest<T> {
    pub chat: Chat,
    pub token: Option<T>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SendTranscript {
    pub chat: Chat,
    pub agent: Agent,
    pub key: Option<Key>,
    pub asks_for_rating: bool,
    pub caller: Caller,
    /// Another name makes another payload, so the idempotency key cannot be used again.
    pub sender_name: &'static str,
}

/// The button with which a visitor requests the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendOwnTranscript<T> {
    pub chat: Chat,
    pub token: Option<T>,
    pub key: Option<Key>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordConversation {
    pub chat: Chat,
    pub channel: Option<Channel>,
    pub status: Option<Status>,
    pub assignee: Option<Agent>,
    pub sets_visitor_email: bool,
    pub renews_token: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordMessages {
    pub chat: Chat,
    pub messages: Vec<(MessageName, Visibility, Wording)>,
}

/// A request to the product, or what AWS does with the product. `R` identifies a rating request and `T` a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command<R, T> {
    RequestRating(RequestRating),
    SubmitRating(SubmitRating<R, T>),
    ShowRatingRequest(ShowRatingRequest<T>),
    SendTranscript(SendTranscript),
    RecordConversation(RecordConversation),
    RecordMessages(RecordMessages),
    SendOwnTranscript(SendOwnTranscript<T>),
    /// The event bus delivers all events that wait, one after the other.
    DeliverEvents,
    /// The scheduler fires all due schedules at the same time.
    FireSchedules(Firing),
}

/// The number of a command in its case. It also names the record that the command created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandNumber(pub usize);

/// A command as it is generated.
pub type RandomCommand = Command<RequestChoice, TokenChoice>;
/// A command as it is sent.
pub type ResolvedCommand = Command<CommandNumber, CommandNumber>;

/// By how much the clock advances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    OneMillisecond,
    OneSecond,
    /// A transcript that is still reserved then has an unknown outcome.
    HalfAMinute,
    /// As long as rules wait. Schedules are at least a minute ahead.
    FiveMinutes,
    /// Until the last millisecond of the clock hour.
    ToTheEndOfTheHour,
    ADayLessAMillisecond,
    ADay,
    /// Ends within the last second of a cooldown that started late in a second.
    AWeekLessHalfASecond,
    AWeekLessASecond,
    AWeek,
}

impl<R, T> Command<R, T> {
    /// Whether no caller sends it.
    pub fn is_background(&self) -> bool {
        matches!(self, Self::DeliverEvents | Self::FireSchedules(_))
    }
}

impl Wait {
    /// The duration, if the clock is `milliseconds` into an hour.
    pub fn duration(self, milliseconds: u64) -> Duration {
        const HOUR: u64 = 3_600_000;
        const DAY: u64 = 24 * HOUR;
        Duration::from_millis(match self {
            Self::OneMillisecond => 1,
            Self::OneSecond => 1_000,
            Self::HalfAMinute => 30_000,
            Self::FiveMinutes => 300_000,
            Self::ToTheEndOfTheHour => HOUR - 1 - milliseconds,
            Self::ADayLessAMillisecond => DAY - 1,
            Self::ADay => DAY,
            Self::AWeekLessHalfASecond => 7 * DAY - 500,
            Self::AWeekLessASecond => 7 * DAY - 1_000,
            Self::AWeek => 7 * DAY,
        })
    }
}

#[derive(Clone, PartialEq, Eq)]
pub enum Step {
    /// Advances the clock.
    Wait(Wait),
    /// Sets the faults of the next calls of SES.
    Ses(Vec<SesFault>),
    /// Sends the commands at the same time, and advances the clock meanwhile.
    Concurrent(Vec<RandomCommand>, Option<Wait>),
}

#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    /// The time of the start, in milliseconds into a clock hour.
    pub starts_at: u64,
    pub settings: Settings,
    pub steps: Vec<Step>,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait(wait) => write!(f, "wait {wait:?}"),
            Self::Ses(faults) => write!(f, "faults of the next mails: {faults:?}"),
            Self::Concurrent(commands, wait) => {
                if let ([command], None) = (&commands[..], wait) {
                    return write!(f, "{command:?}");
                }
                write!(f, "at the same time:")?;
                for command in commands {
                    write!(f, "\n       {command:?}")?;
                }
                wait.iter()
                    .try_for_each(|wait| write!(f, "\n       wait {wait:?}"))
            }
        }
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "from {} ms into a clock hour,", self.starts_at)?;
        writeln!(f, "with {:?}:", self.settings)?;
        for (index, step) in self.steps.iter().enumerate() {
            writeln!(f, "  {}. {step:?}", index + 1)?;
        }
        Ok(())
    }
}
