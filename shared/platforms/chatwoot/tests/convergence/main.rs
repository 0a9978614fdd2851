//! Compares two deliveries of the same day.
//!
//! The perfect delivery sends each event at once, in order, and reads each edit back at once. The
//! other delivery is shuffled, doubled and lossy. Its bodies are built later than their events, from
//! the state at that time. Afterwards every thread is read through the API, and some bodies arrive
//! even later. A delivery without losses must be equal even if the threads are not read.
//!
//! The threads of the perfect delivery must be those of the server. Compared are: the threads (id, time, order, author, visibility, text, attachments), the states of
//! the conversations, the numbers of public messages by author kind, and the commands. A command
//! whose `message_created` was lost, or was built after the note was deleted, must not be executed.
//! All others must be executed once. Not compared are `as_of`, and the name of an inbox, which only
//! messages contain.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod day;
mod delivery;
mod records;
mod rules;
mod server;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::day::{Case, case};
use crate::delivery::{Losses, deliver_imperfectly, deliver_perfectly};
use crate::rules::BrokenRule;

const CASES: u32 = 500;

fn check(case: &Case, broken: Option<BrokenRule>) -> Result<(), TestCaseError> {
    let perfect = deliver_perfectly(case, broken);
    if broken.is_none() {
        prop_assert!(perfect.equals_server());
    }
    for losses in [Losses::Reconciled, Losses::None] {
        let imperfect = deliver_imperfectly(case, losses, broken);
        let (one, other) = (&perfect.records, &imperfect.records);
        prop_assert_eq!(one.threads(), other.threads(), "{:?}", losses);
        prop_assert_eq!(one.states(), other.states(), "{:?}", losses);
        prop_assert_eq!(one.counts(), other.counts(), "{:?}", losses);
        let executed: BTreeSet<_> = imperfect.executed.iter().collect();
        prop_assert_eq!(executed.len(), imperfect.executed.len());
        prop_assert!(executed.iter().copied().eq(&imperfect.delivered_commands));
        prop_assert!(executed.iter().all(|note| perfect.executed.contains(note)));
    }
    Ok(())
}

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
    let mut runner = runner(CASES);
    runner.run(&case(), |case| check(&case, None)).unwrap();
}

/// The number of the first case that fails, beginning with 1.
fn first_failing_case(rule: BrokenRule) -> Option<u32> {
    let mut runner = runner(1);
    (1..=CASES).find(|_| {
        let case = case().new_tree(&mut runner).unwrap().current();
        check(&case, Some(rule)).is_err()
    })
}

#[test]
fn each_broken_rule_is_found() {
    let mut rows = String::new();
    for rule in BrokenRule::ALL {
        let first = first_failing_case(rule);
        let first = first.unwrap_or_else(|| panic!("{rule:?} is not found"));
        rows.push_str(&format!("| {} | {first} |\n", rule.description()));
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/README.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("|---|---|\n").unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    let expected = format!("{before}|---|---|\n{rows}\n{after}");
    if std::env::var_os("REWRITE_DOCS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap();
    assert_eq!(page, expected, "run with REWRITE_DOCS=1");
}
