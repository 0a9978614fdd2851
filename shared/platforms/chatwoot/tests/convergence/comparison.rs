//! What must be equal.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use crate::day::{Case, SENDERS};
use crate::delivery::{Delivery, deliver_perfectly};
use crate::rules::BrokenRule;
use crate::schedule::{Losses, deliver_imperfectly};

/// How much was compared, so that a test can check that it is enough.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Compared {
    /// Prompts with an answer that must be equal.
    pub(crate) answers: usize,
    /// Those of them in which the visitor chose twice or more often.
    pub(crate) changed_answers: usize,
    /// Prompts whose answer may be missing or older.
    pub(crate) other_prompts: usize,
    /// Rating requests by command.
    pub(crate) requests: usize,
}

impl Compared {
    pub(crate) fn add(&mut self, other: Self) {
        self.answers += other.answers;
        self.changed_answers += other.changed_answers;
        self.other_prompts += other.other_prompts;
        self.requests += other.requests;
    }
}

/// Compares a perfect delivery of a case with the server and with imperfect deliveries.
pub(crate) fn compare(case: &Case, broken: Option<BrokenRule>) -> Result<Compared, TestCaseError> {
    let perfect = deliver_perfectly(case, broken);
    if broken.is_none() {
        compare_with_server(&perfect)?;
    }
    let mut compared = Compared::default();
    for losses in [Losses::Reconciled, Losses::None, Losses::ReconciledTwice] {
        let imperfect = deliver_imperfectly(case, losses, broken);
        let (one, other) = (&perfect.records, &imperfect.records);
        prop_assert_eq!(one.threads(), other.threads(), "{:?}", losses);
        prop_assert_eq!(one.states(), other.states(), "{:?}", losses);
        prop_assert_eq!(one.counts(), other.counts(), "{:?}", losses);
        compare_commands(&perfect, &imperfect)?;
        compared.requests += compare_requests(&perfect, &imperfect)?;
        compared.add(compare_answers(&imperfect, losses)?);
    }
    Ok(compared)
}

/// The threads of a perfect delivery are those of the server. The answer to each request is the last choice of the
/// visitor before the next request.
fn compare_with_server(perfect: &Delivery) -> Result<(), TestCaseError> {
    let shown = |it: Value| json!([it["id"], it["visibility"], it["text"]]);
    let threads = perfect.records.threads().into_iter();
    let threads: Vec<Vec<_>> = threads
        .map(|(_, thread)| thread.into_iter().map(shown).collect())
        .collect();
    prop_assert_eq!(threads, perfect.server.expected_threads());
    for prompt in &perfect.server.prompts {
        let chosen = prompt.choices.last().map(String::as_str);
        prop_assert_eq!(perfect.score(prompt), chosen, "{}", prompt.marker);
    }
    Ok(())
}

/// The delivered commands are executed once, and no others.
fn compare_commands(perfect: &Delivery, imperfect: &Delivery) -> Result<(), TestCaseError> {
    let executed: BTreeSet<_> = imperfect.executed.iter().collect();
    prop_assert_eq!(executed.len(), imperfect.executed.len());
    prop_assert!(executed.iter().copied().eq(&imperfect.delivered_commands));
    prop_assert!(executed.iter().all(|note| perfect.executed.contains(note)));
    Ok(())
}

/// Each agent of whom a command was delivered has one request, as after a perfect delivery. Returns
/// their number.
fn compare_requests(perfect: &Delivery, imperfect: &Delivery) -> Result<usize, TestCaseError> {
    let mut tasks = BTreeSet::new();
    for (_, request) in imperfect.requests.by_command() {
        prop_assert!(imperfect.delivered_commands.contains(&request.id));
        prop_assert!(tasks.insert(&request.id), "{} asked twice", request.id);
    }
    let senders: Vec<_> = SENDERS.map(|id| id.to_string()).collect();
    let by_senders = |delivery: &Delivery| {
        let requests = delivery.requests.by_command();
        let requests = requests.filter(|(_, request)| senders.contains(&request.agent));
        let requests = requests.map(|(id, request)| (id.to_owned(), request.agent.clone()));
        let mut requests: Vec<_> = requests.collect();
        requests.sort();
        requests
    };
    let mut expected = by_senders(perfect);
    expected.retain(|it| imperfect.delivered_askers.contains(it));
    let requests = by_senders(imperfect);
    prop_assert_eq!(&requests, &expected);
    Ok(requests.len())
}

/// The answer to each request is the visitor's last choice before the next request, if it must be recorded. Else it is
/// missing, or one of the choices before.
fn compare_answers(delivery: &Delivery, losses: Losses) -> Result<Compared, TestCaseError> {
    let mut compared = Compared::default();
    for prompt in &delivery.server.prompts {
        let score = delivery.score(prompt);
        let place = format!("{losses:?} {}", prompt.marker);
        let is_unanswered = score.is_none();
        prop_assert!(is_unanswered || !delivery.is_withdrawn(prompt), "{}", place);
        let is_guaranteed = delivery.server.is_guaranteed(prompt)
            && !(prompt.is_rated_on_page && losses == Losses::ReconciledTwice);
        if is_guaranteed {
            let chosen = prompt.choices.last().map(String::as_str);
            prop_assert_eq!(score, chosen, "{}", place);
            compared.answers += usize::from(score.is_some());
            compared.changed_answers += usize::from(prompt.choices.len() > 1);
        } else {
            let is_chosen = |score: &str| prompt.choices.iter().any(|it| it == score);
            prop_assert!(score.is_none_or(is_chosen), "{} {:?}", place, score);
            compared.other_prompts += 1;
        }
    }
    Ok(compared)
}
