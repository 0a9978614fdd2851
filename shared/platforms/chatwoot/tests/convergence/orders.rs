//! The orders that the product does not prevent, and that make a difference until the threads are read
//! again. The comparison leaves them out.

use crate::day::{Action, Case, Copy, IMMEDIATE, Plan, What};
use crate::rules::BrokenRule;

/// Later than the threads are read at the end.
const LATE: usize = 20;

/// Each order, with a day in which it makes a difference.
pub(crate) fn all() -> [(BrokenRule, Case); 7] {
    [
        (BrokenRule::OlderReadLast, older_read_last()),
        (BrokenRule::OlderEventLast, older_event_last()),
        (BrokenRule::OlderAnswerLast, older_answer_last()),
        (BrokenRule::ChoiceReadAfterPage, choice_read_after_page()),
        (BrokenRule::ChoiceReadAfterPage, prompt_edited_after_page()),
        (BrokenRule::ChoiceReadAfterPage, change_read_after_page()),
        (
            BrokenRule::ChoiceReadAfterPage,
            change_read_after_same_on_page(),
        ),
    ]
}

/// An agent edits a message and edits it back. The event of the second edit is lost. The thread is read, and the
/// message is left out, because it is recorded with the same text. Then the read of the first edit is recorded.
fn older_read_last() -> Case {
    day([
        action(What::AgentWrites(0), [&[IMMEDIATE], &[IMMEDIATE]]),
        action(edit(1), [&[RECORDED_LATE], &[]]),
        action(edit(0), [&[], &[]]),
    ])
}

/// The event of a new message is sent twice: built before an edit, and built after it. The event of the edit is
/// lost. The second one is delivered first. The thread is read, and the message is left out. Then the first one is
/// delivered. It has the same `as_of`.
fn older_event_last() -> Case {
    let before = Copy {
        arrives_after: LATE,
        ..IMMEDIATE
    };
    let after = Copy {
        built_after: 1,
        ..IMMEDIATE
    };
    day([
        action(What::AgentWrites(0), [&[], &[before, after]]),
        action(edit(1), [&[], &[]]),
    ])
}

/// The visitor chooses 3, then 5, then 3 again. The event of the last choice is lost. The thread is read, and nothing
/// is recorded, because 3 is the answer that was recorded last. Then the read of 5 is recorded.
fn older_answer_last() -> Case {
    prompt_day([
        action(choose(3), [&[IMMEDIATE], &[]]),
        action(choose(5), [&[RECORDED_LATE], &[]]),
        action(choose(3), [&[], &[]]),
    ])
}

/// The visitor chooses 3 in the prompt, and its event is delayed. Then they rate 5 on the page. Then the event is
/// delivered, and the prompt is read.
fn choice_read_after_page() -> Case {
    let late = Copy {
        arrives_after: LATE,
        ..IMMEDIATE
    };
    prompt_day([
        action(choose(3), [&[late], &[]]),
        action(rate_on_page(5), [&[], &[]]),
    ])
}

/// The visitor chooses 3 in the prompt, and its event is lost. Then they rate 5 on the page. Then an agent edits the
/// prompt. Because of that event, the prompt is read.
fn prompt_edited_after_page() -> Case {
    prompt_day([
        action(choose(3), [&[], &[]]),
        action(rate_on_page(5), [&[], &[]]),
        action(edit(1), [&[IMMEDIATE], &[]]),
    ])
}

/// The visitor chooses 3 in the prompt, which is read. Then they choose 4, and its event is lost. Then they rate 5 on
/// the page. Then the thread is read. Its answer is not the first one in the prompt.
fn change_read_after_page() -> Case {
    prompt_day([
        action(choose(3), [&[IMMEDIATE], &[]]),
        action(choose(4), [&[], &[]]),
        action(rate_on_page(5), [&[], &[]]),
    ])
}

/// The visitor chooses 5 in the prompt, which is read. Then they choose 4, and its event is lost. Then they rate 5 on
/// the page. Then the read of 5 is recorded, as the answer in the prompt. Then the thread is read.
fn change_read_after_same_on_page() -> Case {
    prompt_day([
        action(choose(5), [&[RECORDED_SOON], &[]]),
        action(choose(4), [&[], &[]]),
        action(rate_on_page(5), [&[], &[]]),
    ])
}

const RECORDED_LATE: Copy = Copy {
    reads_recorded_after: LATE,
    ..IMMEDIATE
};

/// After two more actions.
const RECORDED_SOON: Copy = Copy {
    reads_recorded_after: 1,
    ..IMMEDIATE
};

const PROMPT: What = What::Prompt {
    is_response_lost: false,
};

fn edit(text: u8) -> What {
    What::Edit { position: 0, text }
}

fn choose(face: u8) -> What {
    What::ChooseFace { position: 0, face }
}

fn rate_on_page(face: u8) -> What {
    What::RateOnPage { position: 0, face }
}

/// A day that begins with a prompt.
fn prompt_day<const LENGTH: usize>(actions: [Action; LENGTH]) -> Case {
    let start = [
        action(What::VisitorWrites(0), [&[IMMEDIATE], &[IMMEDIATE]]),
        action(PROMPT, [&[IMMEDIATE], &[]]),
    ];
    Case {
        actions: start.into_iter().chain(actions).collect(),
    }
}

fn day<const LENGTH: usize>(actions: [Action; LENGTH]) -> Case {
    Case {
        actions: actions.to_vec(),
    }
}

/// An action, with the deliveries of its events.
fn action(what: What, copies: [&[Copy]; 2]) -> Action {
    let plans = copies.map(|copies| Plan {
        copies: copies.to_vec(),
    });
    Action {
        conversation: 0,
        pause_milliseconds: 1_000,
        what,
        plans: plans.to_vec(),
    }
}
