//! Every response that the contract describes occurs and matches its description.

mod connections;
mod every_operation;
mod faults;
mod refusals;
mod successes;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{Contract, Operation, Reply, SENDER, message};

/// Responses of the contract that these tests cannot cause, by the end of their names, and the reason.
const OUT_OF_REACH: [(&str, &str); 5] = [
    ("429 gateway", "the local gateway does not throttle"),
    ("500 gateway", "a function always returns a response"),
    // Responses to HEAD have no body, so those of the gateway and of a function look the same.
    ("429", "the local gateway does not throttle"),
    ("500", "a function always returns a response"),
    (
        "503 gateway",
        "a function responds before the gateway's timeout",
    ),
];

#[tokio::test]
async fn every_response_in_the_contract_occurs_and_matches_its_description() {
    let mut observed = ObservedResponses::default();
    every_operation::call_by_example(&mut observed).await;
    successes::use_every_operation(&mut observed).await;
    successes::read_reports(&mut observed).await;
    successes::load_files(&mut observed).await;
    every_operation::call_without_permission(&mut observed).await;
    every_operation::send_invalid_requests(&mut observed).await;
    every_operation::name_missing_resources(&mut observed).await;
    refusals::refuse_rating_requests(&mut observed).await;
    refusals::refuse_ratings(&mut observed).await;
    refusals::refuse_expired_ratings(&mut observed).await;
    refusals::refuse_settings(&mut observed).await;
    refusals::refuse_transcripts(&mut observed).await;
    refusals::refuse_previews(&mut observed).await;
    refusals::refuse_visitor_transcripts(&mut observed).await;
    connections::connect_an_account(&mut observed).await;
    faults::fail_to_send(&mut observed).await;
    faults::fail_to_send_to_visitors(&mut observed).await;
    faults::fail_to_read_a_platform(&mut observed).await;
    refusals::refuse_a_taken_sender(&mut observed).await;
    refusals::refuse_erased_conversations(&mut observed).await;
    faults::fail_aws_calls(&mut observed).await;
    faults::run_out_of_time(&mut observed).await;

    let out_of_reach = OUT_OF_REACH.iter().flat_map(|(kind, _)| {
        let operations = observed.operations_with(kind).into_iter();
        operations.map(move |operation| format!("{} {kind}", operation.id))
    });
    let out_of_reach: BTreeSet<_> = out_of_reach.collect();
    let reached: Vec<_> = out_of_reach.intersection(&observed.names).collect();
    assert!(
        reached.is_empty(),
        "out of reach, but observed: {reached:#?}"
    );
    let known = &out_of_reach | &observed.names;
    let described = observed.contract.response_names();
    let missed: Vec<_> = described.difference(&known).collect();
    assert!(
        missed.is_empty(),
        "described, but not observed: {missed:#?}"
    );
}

/// The names of the responses so far. Each matches the contract.
struct ObservedResponses {
    contract: Contract,
    names: BTreeSet<String>,
}

impl Default for ObservedResponses {
    fn default() -> Self {
        Self {
            contract: Contract::load(),
            names: BTreeSet::new(),
        }
    }
}

impl ObservedResponses {
    /// Records a response, asserts that the contract has it under this name, and returns its body.
    #[track_caller]
    fn record(&mut self, name: &str, reply: Reply) -> Value {
        let (operation, _) = name
            .split_once(' ')
            .expect("the name is an operation and a response");
        let recognized = self.contract.recognize(operation, &reply);
        assert_eq!(recognized, name, "{}", reply.body);
        self.names.insert(recognized);
        reply.body
    }

    /// The operations that have a response of this kind, such as `400 invalid_json`.
    fn operations_with(&self, kind: &str) -> Vec<Operation> {
        let described = self.contract.response_names();
        let operations = self.contract.operations().into_iter();
        let matching: Vec<_> = operations
            .filter(|operation| described.contains(&format!("{} {kind}", operation.id)))
            .collect();
        assert!(!matching.is_empty(), "no operation describes {kind}");
        matching
    }
}

/// Settings that offer transcripts to visitors.
fn offer() -> Value {
    json!({ "transcripts": { "from": SENDER, "visitor_may_request": true } })
}

/// The day of the rating requests in the reports.
const DAY: &str = "2026-11-02";

/// The path of an operation on a stack with the conversation `c1`.
fn path(operation: &Operation) -> String {
    operation.example_path(&[
        ("conversation_id", "c1"),
        ("rating_request_id", "r1"),
        ("address", SENDER),
        ("email", SENDER),
        ("from", DAY),
        ("to", DAY),
    ])
}

fn hello() -> Value {
    message("m1", "2026-01-05T09:00:00Z", "Hello")
}
