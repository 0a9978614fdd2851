//! Which visitors an erasure by e-mail address covers.

use std::collections::BTreeSet;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::json;
use tests::{Caller, Stack};

use crate::erasure::{CONVERSATION, erase_by_post, is_erased};

#[tokio::test]
async fn an_address_in_a_path_is_decoded_once_and_must_be_valid() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    for wrong in [
        "ana",
        "%40",
        "erase",
        "ana%2540example.org",
        // The part after the question mark is cut off.
        "ana%3Fb%40example.org",
        "a%20b@example.org",
        "a@b@c",
    ] {
        let problem = agent
            .delete(&format!("/v1/visitors/{wrong}"))
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "email", "{wrong}");
    }
    let platform = stack.platform().await;
    let body = json!({ "channel": "voice", "visitor": { "email": "ana+1@example.org" } });
    platform.put(CONVERSATION, body).await.expect(201);
    for path in ["ana%2B1%40Example.ORG", "ANA+1@example.org"] {
        agent
            .delete(&format!("/v1/visitors/{path}"))
            .await
            .expect(200);
        agent
            .get(CONVERSATION)
            .await
            .expect_problem(404, "conversation_not_found");
    }
}

/// Addresses that can be recorded. Some become others of this list if they are decoded.
const ADDRESSES: [&str; 30] = [
    "ana@example.org",
    "a/b@example.org",
    "a%2Fb@example.org",
    "a%252Fb@example.org",
    "a?b@example.org",
    "a%3Fb@example.org",
    "a@example.org",
    "a#b@example.org",
    "a%23b@example.org",
    "a+b@example.org",
    "a%2Bb@example.org",
    "a%20b@example.org",
    "a%b@example.org",
    "a%25b@example.org",
    "50%41@example.org",
    "50a@example.org",
    "50%2541@example.org",
    "%@example.org",
    "/@example.org",
    "?@example.org",
    "#@example.org",
    "erase@example.org",
    "o'neill@example.org",
    "a&b=c@example.org",
    "{email}@example.org",
    "a|b^c`d~e!f$g*h@example.org",
    "a.b-c_d@example.org",
    "ana@xn--bcher-kva.example",
    "a%40@example.org",
    "ana%40example.org@example.org",
];

/// Records a conversation for each visitor, and returns the conversations' ids.
async fn record_each(platform: &Caller, addresses: &[String]) -> Vec<String> {
    let mut ids = Vec::new();
    for (number, address) in addresses.iter().enumerate() {
        let id = format!("c{number}");
        let body = json!({ "channel": "voice", "visitor": { "email": address } });
        let path = format!("/v1/conversations/{id}");
        platform.put(&path, body).await.expect(201);
        ids.push(id);
    }
    ids
}

#[tokio::test]
async fn every_recordable_address_can_be_erased_without_erasing_another() {
    let stack = Stack::start().await;
    let (platform, agent) = (stack.platform().await, stack.agent("kim").await);
    let addresses = ADDRESSES.map(str::to_owned);
    let ids = record_each(&platform, &addresses).await;
    for (address, id) in addresses.iter().zip(&ids) {
        // Earlier erasures did not affect it.
        assert!(!is_erased(&agent, id).await, "{address}");
        let erased = erase_by_post(&agent, &address.to_ascii_uppercase()).await;
        assert_eq!(erased, json!({ "done": true, "removed": 2 }), "{address}");
        assert!(is_erased(&agent, id).await, "{address}");
    }
}

#[tokio::test]
async fn an_address_in_a_path_erases_that_visitor_or_nobody() {
    let stack = Stack::start().await;
    let (platform, agent) = (stack.platform().await, stack.agent("kim").await);
    let addresses = ADDRESSES.map(str::to_owned);
    let ids = record_each(&platform, &addresses).await;
    for (address, id) in addresses.iter().zip(&ids) {
        assert!(!is_erased(&agent, id).await, "{address}");
        let encoded: String = address.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let reply = agent.delete(&format!("/v1/visitors/{encoded}")).await;
        // A slash and an empty address make another path. The part before a question mark is not an address.
        let (status, is_erasable) = match address {
            it if it.contains('/') || it.starts_with('?') => (404, false),
            it if it.contains('?') => (422, false),
            _ => (200, true),
        };
        assert_eq!(reply.status, status, "{address}");
        assert_eq!(is_erased(&agent, id).await, is_erasable, "{address}");
    }
}

/// Random addresses of a few difficult characters, each of another mailbox.
fn random_addresses(count: usize) -> Vec<String> {
    let local_part = proptest::string::string_regex("[aAbB0-9%/?#+]{1,5}").unwrap();
    let mut runner = TestRunner::deterministic();
    let mut mailboxes = BTreeSet::new();
    let mut addresses = Vec::new();
    while addresses.len() < count {
        let local_part = local_part.new_tree(&mut runner).unwrap().current();
        let address = format!("{local_part}@example.org");
        if mailboxes.insert(address.to_ascii_lowercase()) {
            addresses.push(address);
        }
    }
    addresses
}

#[tokio::test]
async fn only_the_named_ones_of_random_addresses_are_erased() {
    let stack = Stack::start().await;
    let (platform, agent) = (stack.platform().await, stack.agent("kim").await);
    let addresses = random_addresses(120);
    let ids = record_each(&platform, &addresses).await;
    for address in addresses.iter().step_by(2) {
        erase_by_post(&agent, address).await;
    }
    for (number, (address, id)) in addresses.iter().zip(&ids).enumerate() {
        assert_eq!(is_erased(&agent, id).await, number % 2 == 0, "{address}");
    }
}
