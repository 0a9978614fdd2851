//! Random days and random deliveries.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

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
    /// A note with a command. Without a sender, an automation rule wrote it.
    Command {
        command: &'static str,
        sender: Option<u8>,
    },
    /// This project posts the prompt of a rating request that was made through the API.
    Prompt {
        is_response_lost: bool,
    },
    /// An agent posts the same prompt again.
    CopyPrompt {
        position: usize,
    },
    /// The visitor chooses a face in a prompt or in a copy.
    ChooseFace {
        position: usize,
        face: u8,
    },
    /// The visitor rates on the page `/rate`. Afterwards they choose no face in the prompt.
    RateOnPage {
        position: usize,
        face: u8,
    },
    Edit {
        position: usize,
        text: u8,
    },
    Delete {
        position: usize,
    },
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
    pub(crate) reads_fail: bool,
    pub(crate) reads_recorded_after: usize,
}

/// The delivery of an event at once.
pub(crate) const IMMEDIATE: Copy = Copy {
    built_after: 0,
    arrives_after: 0,
    order: 0,
    reads_fail: false,
    reads_recorded_after: 0,
};

pub(crate) fn case() -> impl Strategy<Value = Case> {
    let part = prop_oneof![5 => what().prop_map(|what| vec![what]), 3 => story()];
    let part = (0..CONVERSATIONS, part).prop_flat_map(|(conversation, story)| {
        let actions = story.into_iter();
        actions
            .map(|what| action(conversation, what))
            .collect::<Vec<_>>()
    });
    vec(part, 1..16).prop_map(|parts| Case {
        actions: parts.concat(),
    })
}

/// The commands that a note can contain.
pub(crate) const COMMANDS: [&str; 3] = ["/ask-rating", "/send-transcript", "/read-conversation"];

/// The ids of the agents who write notes with commands. They are no assignees.
pub(crate) const SENDERS: std::ops::RangeInclusive<u8> = 7..=8;

fn action(conversation: usize, what: What) -> impl Strategy<Value = Action> {
    let pause = prop_oneof![2 => 1..400_i64, 1 => 400..90_000_i64];
    (pause, vec(plan(), 5)).prop_map(move |(pause_milliseconds, plans)| Action {
        conversation,
        pause_milliseconds,
        what: what.clone(),
        plans,
    })
}

/// Actions that follow each other, and whose events depend on their order. The position 0 is that of the
/// newest message or prompt.
fn story() -> impl Strategy<Value = Vec<What>> {
    let choose = |position, face| What::ChooseFace { position, face };
    let edit = |text| What::Edit { position: 0, text };
    let prompt = || What::Prompt {
        is_response_lost: false,
    };
    prop_oneof![
        3 => (text(), text()).prop_map(move |(one, other)| {
            vec![What::AgentWrites(one), edit(other), edit(one)]
        }),
        3 => (face(), face(), face()).prop_map(move |(first, second, last)| {
            vec![prompt(), choose(0, first), choose(0, second), choose(0, last)]
        }),
        5 => (face(), face()).prop_map(move |(first, second)| {
            vec![prompt(), choose(0, first), choose(0, second), choose(0, first)]
        }),
        1 => (face(), face()).prop_map(move |(face, other)| {
            let page = What::RateOnPage { position: 0, face: other };
            vec![prompt(), choose(0, face), page]
        }),
        1 => (face(), face()).prop_map(move |(face, other)| {
            let copy = What::CopyPrompt { position: 0 };
            vec![prompt(), choose(0, face), copy, choose(0, other)]
        }),
        1 => (face(), face()).prop_map(move |(face, other)| {
            vec![prompt(), choose(0, face), prompt(), choose(1, other)]
        }),
        1 => face().prop_map(move |face| {
            vec![prompt(), What::Resolve, What::Reopen, choose(0, face)]
        }),
        1 => (face(), SENDERS).prop_map(move |(face, sender)| {
            let (command, sender) = (COMMANDS[0], Some(sender));
            vec![prompt(), choose(0, face), What::Command { command, sender }]
        }),
        1 => SENDERS.prop_map(|sender| {
            let (command, sender) = (COMMANDS[0], Some(sender));
            vec![What::Command { command, sender }; 2]
        }),
    ]
}

fn what() -> impl Strategy<Value = What> {
    let position = || 0..20_usize;
    prop_oneof![
        6 => text().prop_map(What::VisitorWrites),
        5 => text().prop_map(What::AgentWrites),
        2 => text().prop_map(What::BotWrites),
        1 => Just(What::Greeting),
        2 => text().prop_map(What::Note),
        2 => (select(&COMMANDS), option::weighted(0.7, SENDERS))
            .prop_map(|(command, sender)| What::Command { command, sender }),
        1 => prop::bool::weighted(0.5)
            .prop_map(|is_response_lost| What::Prompt { is_response_lost }),
        1 => position().prop_map(|position| What::CopyPrompt { position }),
        3 => (position(), face()).prop_map(|(position, face)| What::ChooseFace { position, face }),
        1 => (position(), face()).prop_map(|(position, face)| What::RateOnPage { position, face }),
        5 => (position(), text()).prop_map(|(position, text)| What::Edit { position, text }),
        3 => position().prop_map(|position| What::Delete { position }),
        2 => Just(What::Resolve),
        1 => Just(What::Reopen),
        1 => Just(What::WaitForBot),
        2 => (0..4_u8).prop_map(What::Label),
        2 => option::of(0..3_u8).prop_map(What::Assign),
        1 => Just(What::AssignBot),
        1 => option::of(0..3_u8).prop_map(What::Team),
    ]
}

fn face() -> impl Strategy<Value = u8> {
    1..=5_u8
}

/// Few texts, so that some messages are edited and edited back.
fn text() -> impl Strategy<Value = u8> {
    prop_oneof![3 => 0..3_u8, 1 => any::<u8>()]
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
            |(built_after, arrives_after, order, reads_fail, reads_recorded_after)| Copy {
                built_after,
                arrives_after,
                order,
                reads_fail,
                reads_recorded_after,
            },
        )
}
