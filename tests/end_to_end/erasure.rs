//! What is erased stays erased, and takes nothing with it that is somebody else's.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use local::Options;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tests::{AwsCall, AwsError, Caller, FaultInjection, Stack, asking, message, note};

const CONVERSATION: &str = "/v1/conversations/c1";
const VISITOR: &str = "/v1/visitors/ana@example.org";

/// How many items one call removes at most.
const ITEMS_AT_MOST: u64 = 1_000;

/// Which call of a write is held.
type Which = fn(&AwsCall) -> bool;

fn is_batch(call: &AwsCall) -> bool {
    call.is("dynamodb:BatchWriteItem")
}

/// Erases until it is done; how many items each call removed.
async fn erase(caller: &Caller, path: &str) -> Vec<u64> {
    let mut removed = Vec::new();
    loop {
        let reply = caller.delete(path).await;
        let (status, body) = (reply.status, reply.expect_success());
        removed.push(body["removed"].as_u64().unwrap());
        assert_eq!(body["done"], status == 200, "{status} {body}");
        if status == 200 {
            return removed;
        }
        assert!(removed.len() < 50, "it goes on: {removed:?}");
    }
}

/// Erases a conversation one of whose transcripts may still be on its way: it is closed, and the
/// erasure is not done.
async fn erase_in_flight(caller: &Caller, path: &str) {
    let body = caller.delete(path).await.expect(202);
    assert_eq!(body["done"], false);
    caller
        .get(path)
        .await
        .expect_problem(404, "conversation_not_found");
}

/// Everything kept in the partition of a conversation of `main`.
async fn partition(stack: &Stack, conversation: &str) -> Vec<Value> {
    let pk = json!({ "S": format!("main#{conversation}") });
    let items = stack.items().await.into_iter();
    items.filter(|item| item["pk"] == pk).collect()
}

fn sort_keys(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["sk"]["S"].as_str().unwrap())
        .collect()
}

/// Records `count` messages in a conversation.
async fn fill(platform: &Caller, conversation: &str, count: usize) {
    let path = format!("/v1/conversations/{conversation}/messages");
    let numbers: Vec<_> = (0..count).collect();
    for batch in numbers.chunks(100) {
        let messages = batch.iter().map(|number| {
            let id = format!("n{number}");
            message(&id, "2026-01-05T09:30:00Z", "Where is Ana's order?")
        });
        let body = json!({ "messages": messages.collect::<Vec<_>>() });
        platform.post(&path, body).await.expect(200);
    }
}

/// A conversation in which everything has happened that leaves an item.
async fn eventful(stack: &Stack, platform: &Caller) -> (Caller, Caller) {
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let private = note("p1", "2026-01-05T09:40:00Z", "Ana is a VIP");
    let body = json!({ "messages": [private] });
    platform
        .post(&format!("{CONVERSATION}/messages"), body)
        .await
        .expect(200);
    let request = agent.asked("c1").await;
    let answer = json!({ "score": 2, "comment": "Ana waited long" });
    visitor.rate(&request, answer).await.expect(201);
    let change = json!({ "score": 1, "comment": "Ana waits still" });
    visitor.rate(&request, change).await.expect(200);
    agent.send_transcript("c1").await.expect(201);
    let jo = stack.agent("jo").await;
    jo.send_transcript_as("c1", asking()).await.expect(201);
    (visitor, agent)
}

#[tokio::test]
async fn an_erased_conversation_leaves_a_tombstone_and_anonymous_ratings() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    eventful(&stack, &platform).await;
    let before = partition(&stack, "c1").await;
    let requests: Vec<_> = before
        .iter()
        .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#"))
        .collect();
    assert_eq!(requests.len(), 2);

    let agent = stack.agent("kim").await;
    let removed = erase(&agent, CONVERSATION).await;
    // Each item of its own, and what led from the visitor to it.
    assert_eq!(removed, [before.len() as u64 + 1]);

    let after = partition(&stack, "c1").await;
    let tombstone = &after[0];
    let members: BTreeSet<_> = tombstone.as_object().unwrap().keys().collect();
    assert_eq!(
        members.into_iter().collect::<Vec<_>>(),
        ["erased_at", "pk", "sk"]
    );
    assert_eq!(after.len(), 1 + requests.len());
    for (counted, request) in after[1..].iter().zip(requests) {
        for member in [
            "sk",
            "request_id",
            "organisation",
            "agent",
            "channel",
            "requested_at",
            "report_day",
            "ratings_of",
            "first_rated_at",
            "rated_score",
        ] {
            assert_eq!(counted[member], request[member], "{member}");
        }
        assert!(counted.get("conversation_id").is_none());
        let (answer, old) = (&counted["answer"]["M"], &request["answer"]["M"]);
        assert_eq!(answer["score"], old["score"]);
        assert_eq!(answer["rated_at"], old["rated_at"]);
        let scores = |answer: &Value| -> Vec<Value> {
            let earlier = answer["earlier"]["L"].as_array().into_iter().flatten();
            earlier.map(|it| it["M"]["score"].clone()).collect()
        };
        assert_eq!(scores(answer), scores(old));
    }
    let kept = stack.items().await;
    let text = json!(kept).to_string();
    for personal in ["Ana", "ana@", "VIP", "secret", "#VISITOR#", "comment"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
}

#[tokio::test]
async fn a_second_erasure_changes_nothing() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    eventful(&stack, &platform).await;
    let agent = stack.agent("kim").await;
    erase(&agent, CONVERSATION).await;
    let kept = stack.items().await;
    stack.advance(60).await;
    for path in [CONVERSATION, VISITOR] {
        let body = agent.delete(path).await.expect(200);
        assert_eq!(body, json!({ "done": true, "removed": 0 }));
        assert_eq!(stack.items().await, kept);
    }
}

#[tokio::test]
async fn erasing_an_unknown_conversation_or_visitor_changes_nothing() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let before = stack.items().await;
    agent
        .delete("/v1/conversations/c2")
        .await
        .expect_problem(404, "conversation_not_found");
    let body = agent
        .delete("/v1/visitors/bo@example.org")
        .await
        .expect(200);
    assert_eq!(body, json!({ "done": true, "removed": 0 }));
    assert_eq!(stack.items().await, before);
}

#[tokio::test]
async fn an_address_in_a_path_is_decoded_once_and_must_be_valid() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    for wrong in [
        "ana",
        "%40",
        "erase",
        "ana%2540example.org",
        // Cut off at the question mark.
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
    let told = json!({ "channel": "voice", "visitor": { "email": "ana+1@example.org" } });
    platform.put(CONVERSATION, told).await.expect(201);
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

/// Addresses that can be recorded, among them such that are others once they are decoded.
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

/// Records a conversation for each visitor, and gives their ids.
async fn record_each(platform: &Caller, addresses: &[String]) -> Vec<String> {
    let mut ids = Vec::new();
    for (number, address) in addresses.iter().enumerate() {
        let id = format!("c{number}");
        let told = json!({ "channel": "voice", "visitor": { "email": address } });
        let path = format!("/v1/conversations/{id}");
        platform.put(&path, told).await.expect(201);
        ids.push(id);
    }
    ids
}

async fn is_erased(agent: &Caller, conversation: &str) -> bool {
    let path = format!("/v1/conversations/{conversation}");
    agent.get(&path).await.status == 404
}

async fn erase_by_post(agent: &Caller, address: &str) -> Value {
    let body = json!({ "email": address });
    agent.post("/v1/visitors/erase", body).await.expect(200)
}

#[tokio::test]
async fn every_recordable_address_can_be_erased_without_erasing_another() {
    let stack = Stack::start().await;
    let (platform, agent) = (stack.platform().await, stack.agent("kim").await);
    let addresses = ADDRESSES.map(str::to_owned);
    let ids = record_each(&platform, &addresses).await;
    for (address, id) in addresses.iter().zip(&ids) {
        // It is still there, whatever was erased before it.
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
        // A slash makes another path, as nothing at all does, and what is before a question mark is
        // no address.
        let (status, is_carried) = match address {
            it if it.contains('/') || it.starts_with('?') => (404, false),
            it if it.contains('?') => (422, false),
            _ => (200, true),
        };
        assert_eq!(reply.status, status, "{address}");
        assert_eq!(is_erased(&agent, id).await, is_carried, "{address}");
    }
}

/// Random addresses of few and tricky characters, each of another mailbox.
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

#[tokio::test]
async fn a_visitor_can_be_erased_by_post_in_several_requests() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    fill(&stack.platform().await, "c1", 1_100).await;
    let agent = stack.agent("kim").await;
    let body = json!({ "email": "Ana@Example.org" });
    let reply = agent.post("/v1/visitors/erase", body).await;
    let first = reply.expect(202);
    assert_eq!(first["done"], false);
    let second = erase_by_post(&agent, "ana@example.org").await;
    assert_eq!(second["done"], true);
    let third = erase_by_post(&agent, "ana@example.org").await;
    assert_eq!(third, json!({ "done": true, "removed": 0 }));
    assert!(is_erased(&agent, "c1").await);
}

#[tokio::test]
async fn every_request_to_an_erased_conversation_is_refused() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let asks = format!("{CONVERSATION}/rating-requests");
    let asked = agent.post_once(&asks, "ask", json!({})).await.expect(201);
    let request = asked["rating_request"]["id"].as_str().unwrap();
    agent.send_transcript_once("c1", "send").await.expect(201);
    let jo = stack.agent("jo").await;
    let sent = jo.send_transcript_as("c1", asking()).await.expect(201);
    let asked_by_mail = sent["rating_request"]["id"].as_str().unwrap();
    let link = stack.bearer(&stack.links().await[0]);
    erase(&agent, CONVERSATION).await;
    let kept = stack.kept().await;

    for told in [json!({ "channel": "widget" }), json!({ "status": "open" })] {
        platform
            .put(CONVERSATION, told)
            .await
            .expect_problem(410, "conversation_erased");
    }
    let named = json!({ "channel": "widget", "visitor": { "email": "ana@example.org" } });
    platform
        .put(CONVERSATION, named)
        .await
        .expect_problem(410, "conversation_erased");
    let body = json!({ "messages": [message("m9", "2026-01-05T09:50:00Z", "Late")] });
    platform
        .post(&format!("{CONVERSATION}/messages"), body)
        .await
        .expect_problem(410, "conversation_erased");
    for reply in [
        agent.ask("c1").await,
        agent.post_once(&asks, "ask", json!({})).await,
        agent.send_transcript("c1").await,
        agent.send_transcript_once("c1", "send").await,
        agent.send_transcript_as("c1", asking()).await,
        agent.get(CONVERSATION).await,
    ] {
        reply.expect_problem(404, "conversation_not_found");
    }
    for reply in [
        visitor.get("/v1/visitor/rating-request").await,
        visitor.rate(request, json!({ "score": 1 })).await,
        link.rate(asked_by_mail, json!({ "score": 1 })).await,
    ] {
        reply.expect_problem(401, "invalid_visitor_token");
    }
    assert_eq!(stack.kept().await, kept);
}

/// The calls of a write that met the conversation before it was erased, and come after.
#[tokio::test]
async fn a_write_delayed_until_after_the_erasure_has_no_effect() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let platform = stack.platform().await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let agent = stack.agent("kim").await;
    let writes: [(&str, Which, u16); 7] = [
        ("put", |call| call.is("dynamodb:UpdateItem"), 410),
        ("name", |call| call.mentions("#VISITOR#"), 410),
        ("messages", |call| call.mentions("Late"), 410),
        ("ask", |call| call.mentions("rating_requested"), 404),
        ("rate", |call| call.mentions("rating_submitted"), 401),
        ("reserve", |call| call.mentions("ADD ids"), 404),
        ("record", |call| call.mentions("transcript_sent"), 201),
    ];
    for (number, (kind, which, status)) in writes.into_iter().enumerate() {
        let id = format!("c{number}");
        let path = format!("/v1/conversations/{id}");
        let visitor = stack.conversation(&id).await;
        let request = match kind {
            "rate" => agent.asked(&id).await,
            _ => String::new(),
        };
        let held = aws.hold(which);
        let write = async {
            match kind {
                "put" => platform.put(&path, json!({ "status": "resolved" })).await,
                "name" => {
                    let told = json!({ "visitor": { "email": "late@example.org" } });
                    platform.put(&path, told).await
                }
                "messages" => {
                    let late = message("m9", "2026-01-05T09:50:00Z", "Late");
                    let body = json!({ "messages": [late] });
                    platform.post(&format!("{path}/messages"), body).await
                }
                "ask" => agent.ask(&id).await,
                "rate" => visitor.rate(&request, json!({ "score": 3 })).await,
                _ => agent.send_transcript(&id).await,
            }
        };
        let erasure = async {
            held.arrived().await;
            if kind == "record" {
                erase_in_flight(&agent, &path).await;
            } else {
                erase(&agent, &path).await;
            }
            let kept = stack.items().await;
            held.release();
            kept
        };
        let (reply, kept) = tokio::join!(write, erasure);
        assert_eq!(reply.status, status, "{kind}: {}", reply.body);
        if kind == "record" {
            erase(&agent, &path).await;
        } else {
            assert_eq!(stack.items().await, kept, "{kind}");
        }
        let sort_keys = partition(&stack, &id).await;
        let left = if kind == "rate" { 2 } else { 1 };
        assert_eq!(sort_keys.len(), left, "{kind}: {sort_keys:?}");
    }
}

#[tokio::test]
async fn a_slot_reserved_before_the_erasure_is_returned_to_the_other_limits() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    stack.next_sends(&["reject"]).await;
    let held = aws.hold(|call| call.is("ses:SendEmail"));
    let sending = agent.send_transcript("c1");
    let erasure = async {
        held.arrived().await;
        erase_in_flight(&agent, CONVERSATION).await;
        held.release();
    };
    let (sent, ()) = tokio::join!(sending, erasure);
    sent.expect_problem(502, "email_refused");
    erase(&agent, CONVERSATION).await;
    let left = partition(&stack, "c1").await;
    assert_eq!(sort_keys(&left), ["CONVERSATION"]);
    let counters: Vec<_> = stack
        .items()
        .await
        .into_iter()
        .filter(|item| item.get("sent_count").is_some())
        .map(|item| item["sent_count"]["N"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(counters, ["0", "0"]);
}

#[tokio::test]
async fn a_large_conversation_is_erased_in_several_requests() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    stack.conversation("c1").await;
    fill(&platform, "c1", 2_400).await;
    let agent = stack.agent("kim").await;
    let removed = erase(&agent, CONVERSATION).await;
    assert!(removed.len() >= 3, "{removed:?}");
    assert!(removed.iter().all(|it| *it <= ITEMS_AT_MOST));
    // The conversation, its first message and these, and what led from the visitor to it.
    assert_eq!(removed.iter().sum::<u64>(), 2 + 2_400 + 1);
    let left = partition(&stack, "c1").await;
    assert_eq!(sort_keys(&left), ["CONVERSATION"]);
}

#[tokio::test]
async fn unprocessed_items_of_a_batch_are_retried() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let platform = stack.platform().await;
    stack.conversation("c1").await;
    fill(&platform, "c1", 60).await;
    let agent = stack.agent("kim").await;
    aws.inject(3, is_batch, FaultInjection::Refuse(AwsError::Unprocessed));
    assert_eq!(erase(&agent, CONVERSATION).await, [63]);
    assert_eq!(sort_keys(&partition(&stack, "c1").await), ["CONVERSATION"]);
}

#[tokio::test]
async fn if_items_stay_unprocessed_storage_is_unavailable_and_the_next_request_continues() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    aws.inject_always(is_batch, FaultInjection::Refuse(AwsError::Unprocessed));
    for path in [CONVERSATION, VISITOR] {
        agent
            .delete(path)
            .await
            .expect_problem(503, "storage_unavailable");
        // It is erased for everyone all the same.
        agent
            .get(CONVERSATION)
            .await
            .expect_problem(404, "conversation_not_found");
    }
    aws.stop_faults();
    assert_eq!(erase(&agent, VISITOR).await, [2]);
    assert_eq!(sort_keys(&partition(&stack, "c1").await), ["CONVERSATION"]);
}

/// However often it ends in the middle, the visitor's address still leads to what is left.
#[tokio::test]
async fn an_interrupted_erasure_can_be_completed_by_the_visitors_address() {
    for operation in [
        "dynamodb:UpdateItem",
        "dynamodb:PutItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:TransactWriteItems",
    ] {
        for meddling in [
            FaultInjection::LoseReply,
            FaultInjection::Refuse(AwsError::Internal),
        ] {
            let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
            let platform = stack.platform().await;
            eventful(&stack, &platform).await;
            let agent = stack.agent("kim").await;
            aws.inject_always(move |call| call.is(operation), meddling.clone());
            agent.delete(CONVERSATION).await;
            aws.stop_faults();
            let removed = erase(&agent, VISITOR).await;
            let again = agent.delete(CONVERSATION).await.expect(200);
            assert_eq!(again, json!({ "done": true, "removed": 0 }), "{operation}");
            let left = partition(&stack, "c1").await;
            assert_eq!(left.len(), 3, "{operation} {meddling:?} {removed:?}");
            assert!(left[0].get("visitors").is_none(), "{}", left[0]);
            assert!(!json!(stack.items().await).to_string().contains("#VISITOR#"));
        }
    }
}

#[tokio::test]
async fn an_erasure_completes_despite_a_lost_dynamodb_response() {
    for operation in [
        "dynamodb:GetItem",
        "dynamodb:UpdateItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:BatchWriteItem",
        "dynamodb:TransactWriteItems",
    ] {
        let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
        stack.conversation("c1").await;
        let agent = stack.agent("kim").await;
        aws.inject(1, move |call| call.is(operation), FaultInjection::LoseReply);
        let body = agent.delete(CONVERSATION).await.expect(200);
        assert_eq!(body["done"], true, "{operation}");
        assert_eq!(sort_keys(&partition(&stack, "c1").await), ["CONVERSATION"]);
    }
}

#[tokio::test]
async fn erasing_a_visitor_erases_all_their_conversations_and_no_others() {
    let stack = Stack::start_with_organisations().await;
    let agent = stack.agent("kim").await;
    let (here, there) = (stack.platform().await, stack.platform_of("elsewhere").await);
    let of = |email: &str| json!({ "channel": "widget", "visitor": { "email": email } });
    for number in 0..30 {
        let email = if number % 2 == 0 {
            "ana@example.org"
        } else {
            "Ana@EXAMPLE.org"
        };
        let path = format!("/v1/conversations/a{number}");
        here.put(&path, of(email)).await.expect(201);
        fill(&here, &format!("a{number}"), 2).await;
    }
    here.put("/v1/conversations/b", of("bo@example.org"))
        .await
        .expect(201);
    here.put("/v1/conversations/n", json!({ "channel": "voice" }))
        .await
        .expect(201);
    let named_later = json!({ "visitor": { "email": "ana@example.org" } });
    here.put("/v1/conversations/n", named_later)
        .await
        .expect(200);
    there
        .put("/v1/conversations/a0", of("ana@example.org"))
        .await
        .expect(201);
    let of_others = |items: Vec<Value>| -> Vec<Value> {
        let is_others = |item: &Value| {
            let pk = item["pk"]["S"].as_str().unwrap();
            pk.starts_with("elsewhere") || pk == "main#b"
        };
        items.into_iter().filter(is_others).collect()
    };
    let before = of_others(stack.items().await);
    assert_eq!(before.len(), 3);

    let removed = erase(&agent, VISITOR).await;
    assert_eq!(removed, [30 * (1 + 2 + 1) + 2]);
    assert_eq!(of_others(stack.items().await), before);
    for id in ["a0", "a1", "a29", "n"] {
        agent
            .get(&format!("/v1/conversations/{id}"))
            .await
            .expect_problem(404, "conversation_not_found");
    }
    agent.conversation("b").await;
}

#[tokio::test]
async fn a_conversation_that_now_has_another_visitor_is_kept_and_reported() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    stack.conversation("c1").await;
    let told = json!({ "visitor": { "email": "bo@example.org" } });
    platform.put(CONVERSATION, told).await.expect(200);
    for _ in 0..2 {
        let body = agent.delete(VISITOR).await.expect(200);
        let expected = json!({ "done": true, "removed": 0, "kept": ["c1"] });
        assert_eq!(body, expected);
    }
    agent.conversation("c1").await;

    // The platform decides: by its id it goes, and nothing is left that led to it.
    erase(&agent, CONVERSATION).await;
    let body = agent.delete(VISITOR).await.expect(200);
    assert_eq!(body, json!({ "done": true, "removed": 0 }));
    assert_eq!(stack.items().await.len(), 1);
}

#[tokio::test]
async fn a_conversation_that_changes_back_to_a_visitor_is_erased_with_them() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    stack.conversation("c1").await;
    for email in ["bo@example.org", "ANA@example.org"] {
        let told = json!({ "visitor": { "email": email } });
        platform.put(CONVERSATION, told).await.expect(200);
    }
    let body = agent.delete(VISITOR).await.expect(200);
    // The conversation and its message, and what led to it from either visitor.
    assert_eq!(body, json!({ "done": true, "removed": 4 }));
    assert_eq!(stack.items().await.len(), 1);
}

#[tokio::test]
async fn a_conversation_whose_visitor_changes_during_the_erasure_is_kept() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    stack.conversation("c1").await;
    let held = aws.hold(|call| call.is("dynamodb:UpdateItem") && call.mentions("erased_at"));
    let renaming = async {
        held.arrived().await;
        let told = json!({ "visitor": { "email": "bo@example.org" } });
        platform.put(CONVERSATION, told).await.expect(200);
        held.release();
    };
    let (erased, ()) = tokio::join!(agent.delete(VISITOR), renaming);
    let expected = json!({ "done": true, "removed": 0, "kept": ["c1"] });
    assert_eq!(erased.expect(200), expected);
    agent.conversation("c1").await;
}

#[tokio::test]
async fn a_conversation_recorded_many_times_at_once_is_erased_with_its_visitor() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    let told = json!({ "channel": "widget", "visitor": { "email": "ana@example.org" } });
    let puts = (0..20).map(|_| platform.put(CONVERSATION, told.clone()));
    let replies = join_all(puts).await;
    let new = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(new, 1);
    let tokens: BTreeSet<_> = replies
        .into_iter()
        .map(|reply| reply.expect_success()["visitor_token"].to_string())
        .collect();
    assert_eq!(tokens.len(), 1);

    // And a new one whose reply is lost is new all the same.
    aws.inject(
        1,
        |call| call.mentions("#VISITOR#"),
        FaultInjection::LoseReply,
    );
    let recorded = platform.put("/v1/conversations/c2", told).await.expect(201);
    let visitor = stack.bearer(recorded["visitor_token"].as_str().unwrap());
    visitor.rating_request().await;
    assert_eq!(erase(&agent, VISITOR).await, [4]);
}

/// Everything that anyone can do in a conversation, all at once and again and again.
#[tokio::test]
async fn a_hundred_concurrent_writes_during_an_erasure_restore_nothing() {
    let stack = Stack::start().await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    let platform = stack.platform().await;
    let visitor = stack.conversation("c1").await;
    fill(&platform, "c1", 300).await;
    let agent = stack.agent("kim").await;
    let request = agent.asked("c1").await;
    let ids: Vec<_> = (0..10).map(|number| format!("agent-{number}")).collect();
    let agents = join_all(ids.iter().map(|id| stack.agent(id))).await;
    let write = |turn: usize| {
        let (stack, platform, visitor) = (&stack, &platform, &visitor);
        let agent = &agents[turn / 10];
        let request = &request;
        async move {
            let path = format!("{CONVERSATION}/messages");
            match turn % 10 {
                0 => agent.ask("c1").await,
                1 => agent.send_transcript("c1").await,
                2 => {
                    visitor
                        .rate(request, json!({ "score": 1 + turn / 25 }))
                        .await
                }
                3 => {
                    let email = format!("ana{turn}@example.org");
                    let told = json!({ "channel": "widget", "visitor": { "email": email } });
                    platform.put(CONVERSATION, told).await
                }
                4 => {
                    platform
                        .put(CONVERSATION, json!({ "status": "resolved" }))
                        .await
                }
                5 => agent.send_transcript_as("c1", asking()).await,
                6 => stack.agent("eraser").await.delete(CONVERSATION).await,
                _ => {
                    let messages = (0..20).map(|number| {
                        let id = format!("late{turn}-{number}");
                        message(&id, "2026-01-05T09:50:00Z", "Late")
                    });
                    let body = json!({ "messages": messages.collect::<Vec<_>>() });
                    platform.post(&path, body).await
                }
            }
        }
    };
    let replies = join_all((0..100).map(write)).await;
    for (turn, reply) in replies.iter().enumerate() {
        // Too many at once for a small machine is an answer, too.
        let is_expected = matches!(reply.status, 200..=202 | 401 | 404 | 410 | 429 | 503);
        assert!(is_expected, "{turn}: {} {}", reply.status, reply.body);
    }
    erase(&agent, CONVERSATION).await;
    let left = partition(&stack, "c1").await;
    let counted = left.iter().skip(1);
    for item in counted {
        assert!(
            item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#"),
            "{item}"
        );
    }
    assert_eq!(left[0]["sk"]["S"], "CONVERSATION");
    assert!(left[0].get("channel").is_none());
    let text = json!(stack.items().await).to_string();
    for personal in ["Ana", "ana@", "Late", "#VISITOR#", "secret"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
}

#[tokio::test]
async fn concurrent_erasures_all_succeed() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    stack.conversation("c1").await;
    fill(&platform, "c1", 500).await;
    let agent = stack.agent("kim").await;
    let erasures = [CONVERSATION, VISITOR, CONVERSATION, VISITOR];
    for reply in join_all(erasures.map(|path| agent.delete(path))).await {
        assert_eq!(reply.expect_success()["done"], true);
    }
    assert_eq!(stack.items().await.len(), 1);
}

#[tokio::test]
async fn no_transcript_is_sent_if_the_conversation_is_erased_before_its_rating_request() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let held = aws.hold(|call| call.mentions("rating_requested"));
    let erasure = async {
        held.arrived().await;
        erase_in_flight(&agent, CONVERSATION).await;
        held.release();
    };
    let (sent, ()) = tokio::join!(agent.send_transcript_as("c1", asking()), erasure);
    sent.expect_problem(404, "conversation_not_found");
    assert_eq!(stack.outbox().await.len(), 0);
    erase(&agent, CONVERSATION).await;
    assert_eq!(sort_keys(&partition(&stack, "c1").await), ["CONVERSATION"]);
}

#[tokio::test]
async fn an_erasure_is_not_done_until_the_lease_of_a_transcript_in_progress_ends() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    stack.conversation("c2").await;
    let agent = stack.agent("kim").await;
    let held = aws.hold(|call| call.is("ses:SendEmail"));
    let erasure = async {
        held.arrived().await;
        // The visitor's other conversation is erased meanwhile.
        let visitor = "/v1/visitors/ana@example.org";
        let body = agent.delete(visitor).await.expect(202);
        assert_eq!(body["done"], false);
        agent
            .get("/v1/conversations/c2")
            .await
            .expect_problem(404, "conversation_not_found");
        stack.advance(31).await;
        assert_eq!(erase(&agent, visitor).await.len(), 1);
        held.release();
    };
    let (sent, ()) = tokio::join!(agent.send_transcript("c1"), erasure);
    sent.expect(201);
    assert_eq!(sort_keys(&partition(&stack, "c1").await), ["CONVERSATION"]);
}

fn seldom() -> Options {
    Options {
        parameters: [("VisitorAskIntervalDays".to_owned(), "30".to_owned())].into(),
        ..Stack::options()
    }
}

/// The keys of all items that are derived from a visitor's address.
async fn of_visitors(stack: &Stack) -> Vec<String> {
    let items = stack.items().await.into_iter();
    let keys = items.map(|item| format!("{} {}", item["pk"]["S"], item["sk"]["S"]));
    keys.filter(|key| key.contains("#VISITOR#")).collect()
}

#[tokio::test]
async fn erasing_a_conversation_removes_the_visitors_cooldown() {
    let stack = Stack::start_with(seldom()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    agent.asked("c1").await;
    assert_eq!(of_visitors(&stack).await.len(), 2);
    erase(&agent, CONVERSATION).await;
    assert_eq!(of_visitors(&stack).await, Vec::<String>::new());
}

#[tokio::test]
async fn erasing_a_conversation_keeps_the_visitors_cooldown_from_another_conversation() {
    let stack = Stack::start_with(seldom()).await;
    stack.conversation("c1").await;
    stack.conversation("c2").await;
    let agent = stack.agent("kim").await;
    agent.asked("c2").await;
    erase(&agent, CONVERSATION).await;
    agent
        .ask("c2")
        .await
        .expect_problem(409, "visitor_asked_recently");
}

#[tokio::test]
async fn a_rating_request_made_during_an_erasure_leaves_no_cooldown() {
    let (stack, aws) = Stack::start_behind_proxy(seldom()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let held = aws.hold(|call| call.is("dynamodb:UpdateItem") && call.mentions("erased_at"));
    let asking = async {
        held.arrived().await;
        agent.asked("c1").await;
        held.release();
    };
    let erasure = erase(&agent, "/v1/visitors/ana@example.org");
    let (_, ()) = tokio::join!(erasure, asking);
    assert_eq!(of_visitors(&stack).await, Vec::<String>::new());
}
