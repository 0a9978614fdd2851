//! Random cases. proptest shrinks a failing case to the few steps that matter.

use std::ops::RangeInclusive;

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};

use crate::commands::{
    Agent, Caller, Case, Channel, Chat, Command, Firing, Key, MessageName, RandomCommand,
    RecordConversation, RecordMessages, RequestChoice, RequestRating, SendOwnTranscript,
    SendTranscript, SesFault, Settings, ShowRatingRequest, Status, Step, SubmitRating, TokenChoice,
    Visibility, Wait, Wording,
};
use crate::model::SENDER_OF_SETTINGS;

/// Cases in which each command starts after the response to the previous one.
pub fn sequences() -> BoxedStrategy<Case> {
    cases(1..=1, 1..=16).boxed()
}

/// Cases in which two to four commands start at the same time.
pub fn races() -> BoxedStrategy<Case> {
    cases(2..=4, 1..=5).boxed()
}

/// How often each kind of command is generated.
#[derive(Clone, Copy)]
struct Weights {
    rating_requests: u32,
    ratings: u32,
    transcripts: u32,
    own_transcripts: u32,
    recordings: u32,
}

const RATINGS: Weights = Weights {
    rating_requests: 6,
    ratings: 6,
    transcripts: 2,
    own_transcripts: 1,
    recordings: 1,
};
const TRANSCRIPTS: Weights = Weights {
    rating_requests: 1,
    ratings: 1,
    transcripts: 16,
    own_transcripts: 1,
    recordings: 1,
};
const ROUNDS: Weights = Weights {
    rating_requests: 4,
    ratings: 4,
    transcripts: 2,
    own_transcripts: 4,
    recordings: 4,
};

fn cases(
    concurrent: RangeInclusive<usize>,
    steps: RangeInclusive<usize>,
) -> impl Strategy<Value = Case> {
    let starts_at = select(vec![0, 400, 1_800_900, 3_599_250]);
    let without_settings = prop_oneof![
        3 => vec(step(concurrent.clone(), RATINGS), steps.clone()),
        2 => vec(step(concurrent.clone(), TRANSCRIPTS), steps.clone()),
    ];
    let without_settings = without_settings.prop_map(|steps| (Settings::default(), steps));
    let with_settings = (settings(), steps_with_settings(concurrent, steps));
    let settings_and_steps = prop_oneof![without_settings, with_settings];
    (starts_at, settings_and_steps).prop_map(|(starts_at, (settings, steps))| Case {
        starts_at,
        settings,
        steps,
    })
}

fn step(concurrent: RangeInclusive<usize>, weights: Weights) -> impl Strategy<Value = Step> {
    let meanwhile = match concurrent.end() {
        1 => Just(None).boxed(),
        _ => proptest::option::weighted(0.15, wait()).boxed(),
    };
    let concurrent = (vec(command(weights), concurrent), meanwhile);
    prop_oneof![
        8 => concurrent.prop_map(|(commands, wait)| Step::Concurrent(commands, wait)),
        3 => wait().prop_map(Step::Wait),
        1 => ses_faults(),
    ]
}

fn command(weights: Weights) -> impl Strategy<Value = RandomCommand> {
    prop_oneof![
        weights.rating_requests => request_rating().prop_map(Command::RequestRating),
        weights.ratings => submit_rating().prop_map(Command::SubmitRating),
        1 => show_rating_request().prop_map(Command::ShowRatingRequest),
        weights.transcripts => send_transcript().prop_map(Command::SendTranscript),
        weights.own_transcripts => send_own_transcript().prop_map(Command::SendOwnTranscript),
        weights.recordings => record_conversation().prop_map(Command::RecordConversation),
        2 => record_messages().prop_map(Command::RecordMessages),
    ]
}

/// Steps in which something happens by itself, or the visitor requests transcripts.
fn steps_with_settings(
    concurrent: RangeInclusive<usize>,
    steps: RangeInclusive<usize>,
) -> impl Strategy<Value = Vec<Step>> {
    let others = concurrent.start() - 1..=concurrent.end() / 2;
    let one = prop_oneof![
        4 => step(concurrent.clone(), ROUNDS),
        1 => deliver(others.clone()),
        1 => fire(others.clone()),
    ];
    let parts = prop_oneof![
        5 => one.prop_map(|step| vec![step]),
        3 => round(others.clone()),
        2 => expiry(others.clone()),
        1 => unmailed_request(others),
        1 => own_transcripts(concurrent),
    ];
    vec(parts, 1..=steps.end() / 3 + 1).prop_map(|parts| parts.concat())
}

fn deliver(others: RangeInclusive<usize>) -> impl Strategy<Value = Step> {
    with_rivals(Just(Command::DeliverEvents), others)
}

fn fire(others: RangeInclusive<usize>) -> impl Strategy<Value = Step> {
    with_rivals(firing().prop_map(Command::FireSchedules), others)
}

/// A conversation is resolved, the rules act, and the visitor answers when it may be open again.
fn round(others: RangeInclusive<usize>) -> impl Strategy<Value = Vec<Step>> {
    let record = |status| record_status(status).prop_map(Command::RecordConversation);
    let submit = submit_rating().prop_map(Command::SubmitRating);
    let end = (
        at_the_same_time(record(Status::Open), others.clone()),
        at_the_same_time(submit, others.clone()),
    );
    let parts = (
        at_the_same_time(record(Status::Resolved), others.clone()),
        vec(ses_faults(), 0..=1),
        deliver(others.clone()),
        select(vec![Wait::FiveMinutes, Wait::ToTheEndOfTheHour, Wait::ADay]),
        fire(others),
        vec(end, 0..=1),
    );
    parts.prop_map(|(resolve, faults, deliver, wait, fire, end)| {
        let mut steps = vec![resolve];
        steps.extend(faults);
        steps.extend([deliver, Step::Wait(wait), fire]);
        steps.extend(end.into_iter().flat_map(|(open, submit)| [open, submit]));
        steps
    })
}

/// A rating is requested, and is answered when it expires.
fn expiry(others: RangeInclusive<usize>) -> impl Strategy<Value = Vec<Step>> {
    let request = request_rating().prop_map(Command::RequestRating);
    let submit = || submit_rating().prop_map(Command::SubmitRating);
    let parts = (
        at_the_same_time(request, others.clone()),
        deliver(others.clone()),
        select(vec![
            Wait::ADayLessAMillisecond,
            Wait::ADay,
            Wait::AWeekLessASecond,
            Wait::AWeek,
        ]),
        at_the_same_time(submit(), others.clone()),
        fire(others.clone()),
        at_the_same_time(submit(), others),
    );
    parts.prop_map(|(request, deliver, wait, submit, fire, last)| {
        vec![request, deliver, Step::Wait(wait), submit, fire, last]
    })
}

/// The mail of a transcript that asks for a rating is not sent. The agent's next one may contain the same
/// request, unless that expired.
fn unmailed_request(others: RangeInclusive<usize>) -> impl Strategy<Value = Vec<Step>> {
    let fault = prop_oneof![3 => Just(SesFault::Reject), 1 => ses_fault()];
    let wait = select(vec![Wait::OneSecond, Wait::ADay]);
    let others = (deliver(others.clone()), deliver(others));
    (fault, agent(), wait, others).prop_map(|(fault, agent, wait, (deliver, last))| {
        let send = Command::SendTranscript(SendTranscript {
            chat: Chat::C1,
            agent,
            key: None,
            asks_for_rating: true,
            caller: Caller::Agent,
            sender_name: SENDER_OF_SETTINGS,
        });
        let send = Step::Concurrent(vec![send], None);
        vec![
            Step::Ses(vec![fault]),
            send.clone(),
            deliver,
            Step::Wait(wait),
            send,
            last,
        ]
    })
}

/// The visitor requests transcripts in two clock hours.
fn own_transcripts(concurrent: RangeInclusive<usize>) -> impl Strategy<Value = Vec<Step>> {
    let own = Command::SendOwnTranscript(SendOwnTranscript {
        chat: Chat::C1,
        token: Some(TokenChoice::Good),
        key: None,
    });
    let at_once = *concurrent.end();
    let hour = move |count: usize| {
        let own = vec![own.clone(); count];
        let batches = own.chunks(at_once).map(<[_]>::to_vec);
        let steps = batches.map(|commands| Step::Concurrent(commands, None));
        steps.collect::<Vec<_>>()
    };
    let wait = select(vec![Wait::ADayLessAMillisecond, Wait::ADay]);
    (1_usize..=4, 1_usize..=4, wait).prop_map(move |(first, second, wait)| {
        let next_hour = [Wait::ToTheEndOfTheHour, Wait::OneSecond].map(Step::Wait);
        let mut steps = hour(first);
        steps.extend(next_hour);
        steps.extend(hour(second));
        steps.push(Step::Wait(wait));
        steps.extend(hour(1));
        steps
    })
}

/// A command and so many others at the same time.
fn at_the_same_time(
    command: impl Strategy<Value = RandomCommand>,
    others: RangeInclusive<usize>,
) -> impl Strategy<Value = Step> {
    among(command, self::command(ROUNDS), others)
}

/// What happens by itself in a round, and other commands of the same conversation that may prevent it.
fn with_rivals(
    command: impl Strategy<Value = RandomCommand>,
    others: RangeInclusive<usize>,
) -> impl Strategy<Value = Step> {
    let status = prop_oneof![2 => Just(Status::Open), 1 => Just(Status::Resolved)];
    let record = status.prop_flat_map(record_status);
    let rival = prop_oneof![
        3 => request_rating().prop_map(Command::RequestRating),
        4 => record.prop_map(Command::RecordConversation),
        3 => self::command(ROUNDS),
    ];
    among(command, rival, others)
}

/// A command before or after the others. If it is what happens by itself, and comes after them, its write
/// may be held ([`System::execute_all`](crate::system::System::execute_all)).
fn among(
    command: impl Strategy<Value = RandomCommand>,
    other: impl Strategy<Value = RandomCommand>,
    others: RangeInclusive<usize>,
) -> impl Strategy<Value = Step> {
    let is_last = proptest::bool::weighted(0.7);
    let parts = (command, vec(other, others), is_last);
    parts.prop_map(|(command, mut commands, is_last)| {
        let position = if is_last { commands.len() } else { 0 };
        commands.insert(position, command);
        Step::Concurrent(commands, None)
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    let asks_after_minutes = select(vec![None, Some(0), Some(0), Some(5), Some(5)]);
    let sends_after_minutes = select(vec![None, None, None, Some(0), Some(5)]);
    let expires_after_days = select(vec![None, None, Some(1), Some(7)]);
    let parts = (
        asks_after_minutes,
        sends_after_minutes,
        expires_after_days,
        any::<bool>(),
    );
    parts.prop_map(|(asks, sends, expires, visitor_may_request)| Settings {
        asks_after_minutes: asks,
        sends_after_minutes: sends,
        expires_after_days: expires,
        visitor_may_request,
    })
}

fn firing() -> impl Strategy<Value = Firing> {
    prop_oneof![6 => Just(Firing::Once), 2 => Just(Firing::Twice), 1 => Just(Firing::Lost)]
}

fn chat() -> impl Strategy<Value = Chat> {
    prop_oneof![4 => Just(Chat::C1), 1 => Just(Chat::C2)]
}

fn agent() -> impl Strategy<Value = Agent> {
    select(Agent::ALL.to_vec())
}

fn key() -> impl Strategy<Value = Option<Key>> {
    prop_oneof![6 => Just(None), 2 => Just(Some(Key::K1)), 1 => Just(Some(Key::K2))]
}

fn request_rating() -> impl Strategy<Value = RequestRating> {
    let caller = prop_oneof![3 => Just(Caller::Agent), 1 => Just(Caller::Platform)];
    (chat(), agent(), caller, key()).prop_map(|(chat, agent, caller, key)| RequestRating {
        chat,
        agent,
        caller,
        key,
    })
}

fn submit_rating() -> impl Strategy<Value = SubmitRating<RequestChoice, TokenChoice>> {
    let request = prop_oneof![
        8 => Just(RequestChoice::Newest),
        2 => Just(RequestChoice::Older),
        1 => Just(RequestChoice::Foreign),
        1 => Just(RequestChoice::Unknown),
    ];
    let comment = select(vec![None, Some("thanks"), Some("no"), Some("")]);
    (chat(), token(), request, 3_u8..=5, comment).prop_map(
        |(chat, token, request, score, comment)| SubmitRating {
            chat,
            token: Some(token),
            request: Some(request),
            score,
            comment,
        },
    )
}

fn token() -> impl Strategy<Value = TokenChoice> {
    prop_oneof![12 => Just(TokenChoice::Good), 1 => Just(TokenChoice::Bad)]
}

fn show_rating_request() -> impl Strategy<Value = ShowRatingRequest<TokenChoice>> {
    (chat(), token()).prop_map(|(chat, token)| ShowRatingRequest {
        chat,
        token: Some(token),
    })
}

fn send_transcript() -> impl Strategy<Value = SendTranscript> {
    let sender_name = prop_oneof![9 => Just("Acme"), 1 => Just("Other")];
    let asks_for_rating = prop_oneof![3 => Just(false), 1 => Just(true)];
    (chat(), agent(), key(), asks_for_rating, sender_name).prop_map(
        |(chat, agent, key, asks_for_rating, sender_name)| SendTranscript {
            chat,
            agent,
            key,
            asks_for_rating,
            caller: Caller::Agent,
            sender_name,
        },
    )
}

fn send_own_transcript() -> impl Strategy<Value = SendOwnTranscript<TokenChoice>> {
    (chat(), token(), key()).prop_map(|(chat, token, key)| SendOwnTranscript {
        chat,
        token: Some(token),
        key,
    })
}

/// Begins a round, or ends it.
fn record_status(status: Status) -> impl Strategy<Value = RecordConversation> {
    (chat(), assignee(), any::<bool>()).prop_map(move |(chat, assignee, sets_visitor_email)| {
        RecordConversation {
            chat,
            channel: Some(Channel::Widget),
            status: Some(status),
            assignee,
            sets_visitor_email,
            renews_token: false,
        }
    })
}

fn assignee() -> impl Strategy<Value = Option<Agent>> {
    proptest::option::weighted(0.3, agent())
}

fn record_conversation() -> impl Strategy<Value = RecordConversation> {
    let channel = prop_oneof![
        3 => Just(Some(Channel::Widget)),
        1 => Just(None),
        1 => Just(Some(Channel::Voice)),
        1 => Just(Some(Channel::Messenger)),
    ];
    let status = select(vec![None, Some(Status::Open), Some(Status::Resolved)]);
    let chat = select(Chat::ALL.to_vec());
    let flags = (any::<bool>(), any::<bool>());
    (chat, channel, status, assignee(), flags).prop_map(
        |(chat, channel, status, assignee, (sets_visitor_email, renews_token))| {
            RecordConversation {
                chat,
                channel,
                status,
                assignee,
                sets_visitor_email,
                renews_token,
            }
        },
    )
}

fn record_messages() -> impl Strategy<Value = RecordMessages> {
    let names = subsequence(vec![MessageName::M1, MessageName::M2], 1..=2);
    let visibility = prop_oneof![2 => Just(Visibility::Public), 1 => Just(Visibility::Private)];
    let wording = select(vec![Wording::First, Wording::Second]);
    (chat(), names, visibility, wording).prop_map(|(chat, names, visibility, wording)| {
        RecordMessages {
            chat,
            messages: names
                .into_iter()
                .map(|name| (name, visibility, wording))
                .collect(),
        }
    })
}

fn ses_faults() -> impl Strategy<Value = Step> {
    vec(ses_fault(), 1..=2).prop_map(Step::Ses)
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
        Wait::FiveMinutes,
        Wait::ToTheEndOfTheHour,
        Wait::ADayLessAMillisecond,
        Wait::ADay,
        Wait::AWeekLessHalfASecond,
        Wait::AWeekLessASecond,
        Wait::AWeek,
    ])
}
