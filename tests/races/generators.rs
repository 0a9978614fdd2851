//! Random cases. proptest shrinks a failing case to the few steps that matter.

use std::ops::RangeInclusive;

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};

use crate::commands::{
    Agent, Caller, Case, Channel, Chat, Command, Key, MessageName, RecordConversation,
    RecordMessages, RequestChoice, RequestRating, SendTranscript, SesFault, ShowRatingRequest,
    Status, Step, SubmitRating, TokenChoice, Visibility, Wait, Wording,
};

/// Cases in which each command starts after the response to the previous one.
pub fn sequences() -> BoxedStrategy<Case> {
    cases(1..=1, 1..=16).boxed()
}

/// Cases in which two to four commands start at the same time.
pub fn races() -> BoxedStrategy<Case> {
    cases(2..=4, 1..=5).boxed()
}

fn cases(
    concurrent: RangeInclusive<usize>,
    steps: RangeInclusive<usize>,
) -> impl Strategy<Value = Case> {
    let starts_at = select(vec![0, 400, 1_800_900, 3_599_250]);
    let steps = prop_oneof![
        3 => steps_of(concurrent.clone(), steps.clone(), 6, 6, 2),
        2 => steps_of(concurrent, steps, 1, 1, 16),
    ];
    (starts_at, steps).prop_map(|(starts_at, steps)| Case { starts_at, steps })
}

/// Steps in which rating requests, ratings and transcripts have these weights.
fn steps_of(
    concurrent: RangeInclusive<usize>,
    steps: RangeInclusive<usize>,
    rating_requests: u32,
    ratings: u32,
    transcripts: u32,
) -> impl Strategy<Value = Vec<Step>> {
    let command = prop_oneof![
        rating_requests => request_rating().prop_map(Command::RequestRating),
        ratings => submit_rating().prop_map(Command::SubmitRating),
        1 => show_rating_request().prop_map(Command::ShowRatingRequest),
        transcripts => send_transcript().prop_map(Command::SendTranscript),
        1 => record_conversation().prop_map(Command::RecordConversation),
        2 => record_messages().prop_map(Command::RecordMessages),
    ];
    let meanwhile = match concurrent.end() {
        1 => Just(None).boxed(),
        _ => proptest::option::weighted(0.15, wait()).boxed(),
    };
    let concurrent = (vec(command, concurrent), meanwhile);
    let step = prop_oneof![
        8 => concurrent.prop_map(|(commands, wait)| Step::Concurrent(commands, wait)),
        3 => wait().prop_map(Step::Wait),
        1 => vec(ses_fault(), 1..=2).prop_map(Step::Ses),
    ];
    vec(step, steps)
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
            sender_name,
        },
    )
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
    (chat, channel, status, any::<bool>(), any::<bool>()).prop_map(
        |(chat, channel, status, sets_visitor_email, renews_token)| RecordConversation {
            chat,
            channel,
            status,
            sets_visitor_email,
            renews_token,
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
