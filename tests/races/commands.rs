//! What may happen, and how it is drawn at random: cases are lists of steps, which shrink to the
//! few that matter.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};

use crate::model::Number;

/// A conversation. `C1` is there from the start; `C2` must be recorded first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    C1,
    C2,
}

impl Place {
    pub const ALL: [Self; 2] = [Self::C1, Self::C2];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agent {
    Kim,
    Lee,
    Max,
}

impl Agent {
    pub const ALL: [Self; 3] = [Self::Kim, Self::Lee, Self::Max];
}

/// By whose token an agent asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// The agent's own.
    Agent,
    /// The platform's, which acts for the agent and tells the agent's name.
    Platform,
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

/// A message's id and time.
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

/// Tells one text of a message from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wording {
    First,
    Second,
}

/// Which rating request a visitor answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The conversation's newest.
    Newest,
    /// The one before that.
    Older,
    /// The newest of the other conversation.
    Foreign,
    /// None that was ever made.
    Unknown,
}

/// Which token a visitor shows. It names the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// The conversation's.
    Good,
    /// The one before it was renewed, or else a forged one.
    Bad,
}

/// What a mail meets at SES.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SesFault {
    /// It is to be sent again later.
    Throttle,
    /// It is refused for what it is.
    Reject,
    /// It is not sent, and nobody can tell.
    Error,
    /// It is sent, and nobody can tell.
    LostReply,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub place: Place,
    pub agent: Agent,
    pub caller: Caller,
    pub key: Option<Key>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate<R, T> {
    pub place: Place,
    pub token: Option<T>,
    pub request: Option<R>,
    pub score: u8,
    pub comment: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Show<T> {
    pub place: Place,
    pub token: Option<T>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SendTranscript {
    pub place: Place,
    pub agent: Agent,
    pub key: Option<Key>,
    pub asks_for_rating: bool,
    /// Another sender's name makes it another payload.
    pub sender_name: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub place: Place,
    pub channel: Option<Channel>,
    pub status: Option<Status>,
    pub tells_visitor: bool,
    pub renews_token: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    pub place: Place,
    pub messages: Vec<(MessageName, Visibility, Wording)>,
}

/// A request to the product. `R` names rating requests and `T` tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command<R, T> {
    Ask(Ask),
    Rate(Rate<R, T>),
    Show(Show<T>),
    Send(SendTranscript),
    Record(Record),
    Write(Write),
}

/// As it is drawn.
pub type Drawn = Command<Which, Token>;
/// As it is sent.
pub type Sent = Command<Number, Number>;

/// How the clock moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    OneMillisecond,
    OneSecond,
    /// A transcript that is on its way until then has an unknown outcome.
    HalfAMinute,
    /// To the last millisecond of the clock hour.
    ToTheEndOfTheHour,
    ADayLessAMillisecond,
    ADay,
    /// Within the second in which a gate opens, if it was closed late in its second.
    AWeekLessHalfASecond,
    AWeekLessASecond,
    AWeek,
}

impl<R, T> Command<R, T> {
    /// Which conversation it is about.
    pub fn place(&self) -> Place {
        match self {
            Self::Ask(Ask { place, .. })
            | Self::Rate(Rate { place, .. })
            | Self::Show(Show { place, .. })
            | Self::Send(SendTranscript { place, .. })
            | Self::Record(Record { place, .. })
            | Self::Write(Write { place, .. }) => *place,
        }
    }
}

impl Wait {
    /// How long that is, `milliseconds` into an hour.
    pub fn duration(self, milliseconds: u64) -> Duration {
        const HOUR: u64 = 3_600_000;
        const DAY: u64 = 24 * HOUR;
        Duration::from_millis(match self {
            Self::OneMillisecond => 1,
            Self::OneSecond => 1_000,
            Self::HalfAMinute => 30_000,
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
    /// The clock moves, and nothing else happens.
    Wait(Wait),
    /// What the next mails meet.
    Ses(Vec<SesFault>),
    /// All at once; and the clock moves meanwhile.
    AtOnce(Vec<Drawn>, Option<Wait>),
}

/// One random case.
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    /// How far into a second and into an hour it begins, in milliseconds.
    pub begins: u64,
    pub steps: Vec<Step>,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait(wait) => write!(f, "wait {wait:?}"),
            Self::Ses(faults) => write!(f, "the next mails meet {faults:?}"),
            Self::AtOnce(commands, wait) => {
                if let ([command], None) = (&commands[..], wait) {
                    return write!(f, "{command:?}");
                }
                write!(f, "at once")?;
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
        writeln!(f, "{} ms into an hour:", self.begins)?;
        for (place, step) in self.steps.iter().enumerate() {
            writeln!(f, "  {}. {step:?}", place + 1)?;
        }
        Ok(())
    }
}

/// Cases of commands one after the other.
pub fn sequences() -> BoxedStrategy<Case> {
    cases(1..=1, 1..=16).boxed()
}

/// Cases in which several commands come at once.
pub fn races() -> BoxedStrategy<Case> {
    cases(2..=4, 1..=5).boxed()
}

fn cases(
    at_once: RangeInclusive<usize>,
    steps: RangeInclusive<usize>,
) -> impl Strategy<Value = Case> {
    let begins = select(vec![0, 400, 1_800_900, 3_599_250]);
    let steps = prop_oneof![
        3 => steps_of(at_once.clone(), steps.clone(), 6, 6, 2),
        2 => steps_of(at_once, steps, 1, 1, 16),
    ];
    (begins, steps).prop_map(|(begins, steps)| Case { begins, steps })
}

/// Steps with so many askings, ratings and transcripts in proportion.
fn steps_of(
    at_once: RangeInclusive<usize>,
    steps: RangeInclusive<usize>,
    asks: u32,
    rates: u32,
    sends: u32,
) -> impl Strategy<Value = Vec<Step>> {
    let command = prop_oneof![
        asks => ask().prop_map(Command::Ask),
        rates => rate().prop_map(Command::Rate),
        1 => show().prop_map(Command::Show),
        sends => send().prop_map(Command::Send),
        1 => record().prop_map(Command::Record),
        2 => write().prop_map(Command::Write),
    ];
    let meanwhile = match at_once.end() {
        1 => Just(None).boxed(),
        _ => proptest::option::weighted(0.15, wait()).boxed(),
    };
    let at_once = (vec(command, at_once), meanwhile);
    let step = prop_oneof![
        8 => at_once.prop_map(|(commands, wait)| Step::AtOnce(commands, wait)),
        3 => wait().prop_map(Step::Wait),
        1 => vec(ses_fault(), 1..=2).prop_map(Step::Ses),
    ];
    vec(step, steps)
}

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![4 => Just(Place::C1), 1 => Just(Place::C2)]
}

fn agent() -> impl Strategy<Value = Agent> {
    select(Agent::ALL.to_vec())
}

fn key() -> impl Strategy<Value = Option<Key>> {
    prop_oneof![6 => Just(None), 2 => Just(Some(Key::K1)), 1 => Just(Some(Key::K2))]
}

fn ask() -> impl Strategy<Value = Ask> {
    let caller = prop_oneof![3 => Just(Caller::Agent), 1 => Just(Caller::Platform)];
    (place(), agent(), caller, key()).prop_map(|(place, agent, caller, key)| Ask {
        place,
        agent,
        caller,
        key,
    })
}

fn rate() -> impl Strategy<Value = Rate<Which, Token>> {
    let which = prop_oneof![
        8 => Just(Which::Newest),
        2 => Just(Which::Older),
        1 => Just(Which::Foreign),
        1 => Just(Which::Unknown),
    ];
    let comment = select(vec![None, Some("thanks"), Some("no"), Some("")]);
    (place(), token(), which, 3_u8..=5, comment).prop_map(
        |(place, token, which, score, comment)| Rate {
            place,
            token: Some(token),
            request: Some(which),
            score,
            comment,
        },
    )
}

fn token() -> impl Strategy<Value = Token> {
    prop_oneof![12 => Just(Token::Good), 1 => Just(Token::Bad)]
}

fn show() -> impl Strategy<Value = Show<Token>> {
    (place(), token()).prop_map(|(place, token)| Show {
        place,
        token: Some(token),
    })
}

fn send() -> impl Strategy<Value = SendTranscript> {
    let sender_name = prop_oneof![9 => Just("Acme"), 1 => Just("Other")];
    let asks_for_rating = prop_oneof![3 => Just(false), 1 => Just(true)];
    (place(), agent(), key(), asks_for_rating, sender_name).prop_map(
        |(place, agent, key, asks_for_rating, sender_name)| SendTranscript {
            place,
            agent,
            key,
            asks_for_rating,
            sender_name,
        },
    )
}

fn record() -> impl Strategy<Value = Record> {
    let channel = prop_oneof![
        3 => Just(Some(Channel::Widget)),
        1 => Just(None),
        1 => Just(Some(Channel::Voice)),
        1 => Just(Some(Channel::Messenger)),
    ];
    let status = select(vec![None, Some(Status::Open), Some(Status::Resolved)]);
    let place = select(Place::ALL.to_vec());
    (place, channel, status, any::<bool>(), any::<bool>()).prop_map(
        |(place, channel, status, tells_visitor, renews_token)| Record {
            place,
            channel,
            status,
            tells_visitor,
            renews_token,
        },
    )
}

fn write() -> impl Strategy<Value = Write> {
    let names = subsequence(vec![MessageName::M1, MessageName::M2], 1..=2);
    let visibility = prop_oneof![2 => Just(Visibility::Public), 1 => Just(Visibility::Private)];
    let wording = select(vec![Wording::First, Wording::Second]);
    (place(), names, visibility, wording).prop_map(|(place, names, visibility, wording)| Write {
        place,
        messages: names
            .into_iter()
            .map(|name| (name, visibility, wording))
            .collect(),
    })
}

fn ses_fault() -> impl Strategy<Value = SesFault> {
    prop_oneof![
        3 => Just(SesFault::Reject),
        2 => Just(SesFault::LostReply),
        2 => Just(SesFault::Error),
        1 => Just(SesFault::Throttle),
    ]
}

fn wait() -> impl Strategy<Value = Wait> {
    select(vec![
        Wait::OneMillisecond,
        Wait::OneSecond,
        Wait::HalfAMinute,
        Wait::ToTheEndOfTheHour,
        Wait::ADayLessAMillisecond,
        Wait::ADay,
        Wait::AWeekLessHalfASecond,
        Wait::AWeekLessASecond,
        Wait::AWeek,
    ])
}
