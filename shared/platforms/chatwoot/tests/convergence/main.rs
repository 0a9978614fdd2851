//! Compares deliveries of the same day.
//!
//! The perfect delivery sends each event at once, in order, and reads back at once. The other deliveries
//! are shuffled, doubled and lossy. Their bodies are built later than their events, from the state at
//! that time, and what is read is recorded later. At the end every thread is read through the API, and
//! some bodies arrive even later. A delivery without losses must be equal even if the threads are not
//! read at the end.
//!
//! The model handles events as `receive-webhook` does, and reads and answers as `call-platform` does. A
//! thread is also read after the first event of its conversation, when the conversation is resolved, and
//! by command. Its messages that are recorded with the same content are left out, and keep their `as_of`.
//!
//! # What is equal
//!
//! - The threads (id, time, order, author, visibility, text, attachments), the states of the
//!   conversations, and the numbers of public messages by author kind. Those of the perfect delivery are
//!   also those of the server.
//! - The commands. Each delivered command is executed once. A command whose `message_created` was lost,
//!   or was built after the note was deleted, is not executed.
//! - The rating requests: one of each agent and conversation for which a command was delivered.
//! - The answers: each is the visitor's last choice before the next request of the conversation was made, also if
//!   the request was withdrawn because the conversation was reopened. This includes requests after which a command
//!   asked. It excludes those after which the API asked, and deleted prompts.
//!
//! # What is not guaranteed
//!
//! - The answer to a request after which the API asked, or whose prompt was deleted, before the answer was read. It
//!   is missing, or an earlier choice of the visitor. This can happen without any loss.
//! - When a command makes its request. A choice between the command and its execution counts.
//! - Whether the page accepts a rating after the conversation was reopened. It refuses the rating if no choice in the
//!   prompt was read.
//! - Who asks by the command of an automation rule. It is the recorded assignee when the command is executed.
//! - Which of several commands of an agent makes the request.
//! - The orders in `orders.rs`: an older version or answer is recorded last, although a later read found nothing to
//!   record, or a choice is read after a later rating on the page. The comparison leaves these orders out, and no
//!   others. One delivery contains them, too. It must be equal after the threads are read once more, except for
//!   prompts that are rated on the page.
//!
//! Not compared are `as_of`, the name of an inbox, which only messages contain, and the earlier answers
//! to a request.
//!
//! # What the model leaves out
//!
//! The prompts of the day are those of requests that were made through the API. A request by command
//! posts no prompt. A read takes no time, and the read before a command asks succeeds. An answer is recorded in one
//! step, although the product records the rating and the answer in the prompt in two. The visitor chooses no face in a
//! prompt after they rated it on the page. The day is shorter than each cooldown, and than the time in which a rating
//! can be changed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod comparison;
mod day;
mod delivery;
mod orders;
mod records;
mod requests;
mod rules;
mod schedule;
mod server;

use std::cell::RefCell;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::comparison::{Compared, compare};
use crate::day::{Case, case};
use crate::rules::BrokenRule;

const CASES: u32 = 500;

/// Runs the same cases each time.
fn runner(cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(config, rng)
}

#[test]
fn an_imperfect_delivery_with_reconciliation_equals_a_perfect_one() {
    let total = RefCell::new(Compared::default());
    let mut runner = runner(CASES);
    let outcome = runner.run(&case(), |case| {
        let compared = compare(&case, None)?;
        total.borrow_mut().add(compared);
        Ok(())
    });
    outcome.unwrap();
    let total = total.into_inner();
    let is_enough = total.answers >= 500
        && total.changed_answers >= 300
        && total.other_prompts >= 300
        && total.requests >= 300;
    assert!(is_enough, "{total:?}");
}

#[test]
fn each_order_that_is_left_out_makes_a_difference() {
    for (order, case) in orders::all() {
        compare(&case, None).unwrap();
        let difference = compare(&case, Some(order)).unwrap_err();
        assert!(
            difference.to_string().contains("Reconciled"),
            "{difference}"
        );
    }
}

/// The cases, as the comparison runs them.
fn cases() -> Vec<Case> {
    let mut runner = runner(1);
    let cases = (0..CASES).map(|_| case().new_tree(&mut runner).unwrap().current());
    cases.collect()
}

/// The number of the first case that fails, beginning with 1.
fn first_failing_case(cases: &[Case], rule: BrokenRule) -> Option<usize> {
    let mut cases = cases.iter();
    let first = cases.position(|case| compare(case, Some(rule)).is_err())?;
    Some(first + 1)
}

/// `page` with new rows in the table that has this `header`.
fn replace_rows(page: &str, header: &str, rules: &[BrokenRule]) -> String {
    let mut rows = String::new();
    let cases = cases();
    for rule in rules {
        let first = first_failing_case(&cases, *rule);
        let first = first.unwrap_or_else(|| panic!("{rule:?} is not found"));
        rows.push_str(&format!("| {} | {first} |\n", rule.description()));
    }
    let header = format!("{header}\n|---|---|\n");
    let (before, rest) = page.split_once(&header).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    format!("{before}{header}{rows}\n{after}")
}

#[test]
fn each_broken_rule_is_found() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/README.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let header = "| broken rule | found in case |";
    let expected = replace_rows(&page, header, BrokenRule::RULES);
    if std::env::var_os("REWRITE_DOCS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap();
    assert_eq!(page, expected, "run with REWRITE_DOCS=1");
}
