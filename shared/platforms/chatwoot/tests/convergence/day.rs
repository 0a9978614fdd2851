//! Random days and random deliveries.

use proptest::collection::vec;
use proptest::prelude::*;

/// How many conversations a day has at most.
pub(crate) const CONVERSATIONS: usize = 3;

/// A day, and how its events are delivered.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) actions: Vec<Action>,
}

/// One thing that happens in Chatwoot.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    pub(crate) conversation: usize,
    pub(crate) pause_milliseconds: i64,
    pub(crate) what: What,
    /// How the events of the action are delivered, in their order.
    pub(crate) plans: Vec<Plan>,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    VisitorWrites(u8),
    AgentWrites(u8),
    BotWrites(u8),
    Greeting,
    Note(u8),
    Command { is_rating: bool, is_by_rule: bool },
    Prompt,
    AnswerPrompt(u8),
    Edit { position: usize, text: u8 },
    Delete { position: usize },
    Resolve,
    Reopen,
    WaitForBot,
    Label(u8),
    Assign(Option<u8>),
    AssignBot,
    Team(Option<u8>),
}

/// The deliveries of one event. If there is none, the event is lost.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) copies: Vec<Copy>,
}

/// One delivery of an event. Times are numbers of actions.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    pub(crate) built_after: usize,
    pub(crate) arrives_after: usize,
    /// The position among the deliveries that arrive between the same actions.
    pub(crate) order: u16,
    pub(crate) read_back_fails: bool,
    pub(crate) read_back_recorded_after: usize,
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    vec(action(), 1..40).prop_map(|actions| Case { actions })
}

fn action() -> impl Strategy<Value = Action> {
    let pause = prop_oneof![2 => 1..400_i64, 1 => 400..90_000_i64];
    (0..CONVERSATIONS, pause, what(), vec(plan(), 5)).prop_map(
        |(conversation, pause_milliseconds, what, plans)| Action {
            conversation,
            pause_milliseconds,
            what,
            plans,
        },
    )
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        6 => any::<u8>().prop_map(What::VisitorWrites),
        5 => any::<u8>().prop_map(What::AgentWrites),
        2 => any::<u8>().prop_map(What::BotWrites),
        1 => Just(What::Greeting),
        2 => any::<u8>().prop_map(What::Note),
        2 => any::<(bool, bool)>()
            .prop_map(|(is_rating, is_by_rule)| What::Command { is_rating, is_by_rule }),
        1 => Just(What::Prompt),
        1 => any::<u8>().prop_map(What::AnswerPrompt),
        5 => (0..20_usize, any::<u8>()).prop_map(|(position, text)| What::Edit { position, text }),
        4 => (0..20_usize).prop_map(|position| What::Delete { position }),
        3 => Just(What::Resolve),
        2 => Just(What::Reopen),
        1 => Just(What::WaitForBot),
        2 => (0..4_u8).prop_map(What::Label),
        2 => proptest::option::of(0..3_u8).prop_map(What::Assign),
        1 => Just(What::AssignBot),
        1 => proptest::option::of(0..3_u8).prop_map(What::Team),
    ]
}

fn plan() -> impl Strategy<Value = Plan> {
    let copies = prop_oneof![2 => vec(copy(), 0..=0), 5 => vec(copy(), 1), 2 => vec(copy(), 2..=3)];
    copies.prop_map(|copies| Plan { copies })
}

fn copy() -> impl Strategy<Value = Copy> {
    let delay = || prop_oneof![3 => 0..2_usize, 1 => 2..25_usize];
    (
        delay(),
        delay(),
        any::<u16>(),
        prop::bool::weighted(0.2),
        delay(),
    )
        .prop_map(
            |(built_after, arrives_after, order, read_back_fails, read_back_recorded_after)| Copy {
                built_after,
                arrives_after,
                order,
                read_back_fails,
                read_back_recorded_after,
            },
        )
}
