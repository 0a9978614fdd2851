use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use local::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    AwsError, Caller, Callers, Contract, FaultInjection, Lambda, Operation, Reply, SENDER,
    SeededRequest, Stack, asking, message, transcript,
};

/// Answers of the contract that cannot be provoked here, by how their names end, and why not.
const OUT_OF_REACH: [(&str, &str); 5] = [
    ("429 gateway", "the local gateway does not throttle"),
    ("500 gateway", "a function answers whatever happens to it"),
    // Of HEAD, which has no body that tells the gateway's answers from a function's.
    ("429", "the local gateway does not throttle"),
    ("500", "a function answers whatever happens to it"),
    (
        "503 gateway",
        "a function answers before the gateway gives up",
    ),
];

/// More than a function takes of a body, and than the gateway does.
const TOO_MUCH_FOR_A_FUNCTION: usize = 1_000_001;
const TOO_MUCH_FOR_THE_GATEWAY: usize = 10 * 1024 * 1024 + 1;

const A_DAY_SECONDS: u64 = 24 * 60 * 60;

/// Less than what a function keeps back for its answer.
const NEXT_TO_NO_TIME: Duration = Duration::from_millis(200);

#[tokio::test]
async fn every_answer_of_the_contract_is_given_and_is_as_described() {
    let mut provoked = Provoked::default();
    call_each_operation_by_its_example(&mut provoked).await;
    do_what_it_is_for(&mut provoked).await;
    report_what_was_rated(&mut provoked).await;
    load_the_components(&mut provoked).await;
    call_without_leave(&mut provoked).await;
    send_what_is_no_request(&mut provoked).await;
    name_what_is_not_there(&mut provoked).await;
    ask_in_vain(&mut provoked).await;
    rate_in_vain(&mut provoked).await;
    send_in_vain(&mut provoked).await;
    send_with_bad_luck(&mut provoked).await;
    claim_the_senders_of_others(&mut provoked).await;
    erase_and_record_again(&mut provoked).await;
    lose_aws(&mut provoked).await;
    run_out_of_time(&mut provoked).await;

    let out_of_reach = OUT_OF_REACH.iter().flat_map(|(kind, _)| {
        let describing = provoked.describing(kind).into_iter();
        describing.map(move |operation| format!("{} {kind}", operation.id))
    });
    let out_of_reach: BTreeSet<_> = out_of_reach.collect();
    let reached: Vec<_> = out_of_reach.intersection(&provoked.answers).collect();
    assert!(reached.is_empty(), "within reach after all: {reached:#?}");
    let known = &out_of_reach | &provoked.answers;
    let described = provoked.contract.answers();
    let missed: Vec<_> = described.difference(&known).collect();
    assert!(missed.is_empty(), "described and not provoked: {missed:#?}");
}

/// The answers so far, each held against the contract.
struct Provoked {
    contract: Contract,
    answers: BTreeSet<String>,
}

impl Default for Provoked {
    fn default() -> Self {
        Self {
            contract: Contract::load(),
            answers: BTreeSet::new(),
        }
    }
}

impl Provoked {
    /// Notes that `reply` is the answer of this name, and gives its body.
    #[track_caller]
    fn answer(&mut self, name: &str, reply: Reply) -> Value {
        let (operation, _) = name.split_once(' ').expect("an operation and its answer");
        let recognised = self.contract.recognise(operation, &reply);
        assert_eq!(recognised, name, "{}", reply.body);
        self.answers.insert(recognised);
        reply.body
    }

    /// The operations that describe an answer of this kind, such as `400 invalid_json`.
    fn describing(&self, kind: &str) -> Vec<Operation> {
        let described = self.contract.answers();
        let operations = self.contract.operations().into_iter();
        let describing: Vec<_> = operations
            .filter(|operation| described.contains(&format!("{} {kind}", operation.id)))
            .collect();
        assert!(!describing.is_empty(), "no operation describes {kind}");
        describing
    }
}

/// A day on which something was asked.
const DAY: &str = "2026-11-02";

/// The path of a request for an operation on a stack with the conversation `c1`.
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

/// A new function needs nothing else here if its successful response follows from the examples.
async fn call_each_operation_by_its_example(provoked: &mut Provoked) {
    for operation in provoked.contract.operations() {
        let stack = Stack::start().await;
        let callers = Callers::of(&stack).await;
        let reply = Reply::of(callers.request(&operation, &path(&operation))).await;
        let name = provoked.contract.recognise(&operation.id, &reply);
        provoked.answers.insert(name);
    }
}

async fn do_what_it_is_for(provoked: &mut Provoked) {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    let conversation = "/v1/conversations/c1";
    let visitor = json!({
        "name": "Ana Reis",
        "email": "ana@example.org",
        "time_zone": "Europe/Lisbon",
        "language": "pt-PT",
    });
    let whole = json!({
        "channel": "widget",
        "visitor": visitor,
        "assignee": { "id": "kim", "name": "Kim" },
        "status": "open",
    });
    let reply = agent.put(conversation, whole).await;
    let recorded = provoked.answer("recordConversation 201", reply);
    let visitor = stack.bearer(recorded["visitor_token"].as_str().unwrap());
    let reply = agent
        .put(conversation, json!({ "status": "resolved" }))
        .await;
    provoked.answer("recordConversation 200", reply);

    let mut with_attachment = hello();
    with_attachment["id"] = json!("m2");
    with_attachment["attachments"] = json!([{
        "name": "tracking.pdf",
        "url": "https://files.example.com/tracking.pdf",
        "content_type": "application/pdf",
        "bytes": 48_213,
    }]);
    let body = json!({ "messages": [hello(), with_attachment] });
    let reply = agent.post(&format!("{conversation}/messages"), body).await;
    provoked.answer("recordMessages 200", reply);

    stack.identity(SENDER, true).await;
    let sender = format!("/v1/senders/{SENDER}");
    let reply = agent.put(&sender, json!({ "name": "Acme" })).await;
    provoked.answer("putSender 201", reply);
    let reply = agent.put(&sender, json!({})).await;
    provoked.answer("putSender 200", reply);
    let reply = agent.put(&sender, json!({ "name": "é".repeat(128) })).await;
    provoked.answer("putSender 422 invalid_sender_name", reply);
    let reply = agent.get("/v1/senders").await;
    provoked.answer("listSenders 200", reply);

    let reply = visitor.get("/v1/visitor/rating-request").await;
    provoked.answer("getRatingRequest 200", reply);
    let path = format!("{conversation}/rating-requests");
    let reply = agent.post_once(&path, "key", json!({})).await;
    let asked = provoked.answer("askRating 201", reply);
    let reply = agent.post_once(&path, "key", json!({})).await;
    assert_eq!(reply.header("idempotent-replayed"), "true");
    provoked.answer("askRating 201", reply);
    let request_id = asked["rating_request"]["id"].as_str().unwrap();
    let rating = json!({ "score": 4, "comment": "Quick and kind" });
    let reply = visitor.rate(request_id, rating).await;
    provoked.answer("submitRating 201", reply);
    let reply = visitor.rate(request_id, json!({ "score": 5 })).await;
    provoked.answer("submitRating 200", reply);
    let reply = visitor.get("/v1/visitor/rating-request").await;
    provoked.answer("getRatingRequest 200", reply);

    let reply = agent.send_transcript("c1").await;
    provoked.answer("sendTranscript 201", reply);
    let reply = agent.get(conversation).await;
    let read = provoked.answer("readConversation 200", reply);
    let entries = read["thread"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 6, "each kind of entry is there: {read}");
    let reply = agent.get(&format!("{conversation}?limit=1")).await;
    provoked.answer("readConversation 200", reply);
    let reply = agent.delete(&sender).await;
    provoked.answer("deleteSender 204", reply);
}

async fn report_what_was_rated(provoked: &mut Provoked) {
    let stack = Stack::start().await;
    let asked = format!("{DAY}T09:00:00.000Z");
    let request = |id| SeededRequest::new(id, &asked, "kim").by("Kim");
    stack
        .keep(&[
            request("r1"),
            request("r2").rated(2),
            request("r3").rated(5).saying("Quick and kind"),
        ])
        .await;
    let agent = stack.agent("kim").await;
    let span = format!("from={DAY}&to={DAY}");
    for (operation, path) in [
        ("reportSatisfaction", format!("/v1/satisfaction?{span}")),
        (
            "reportSatisfaction",
            format!("/v1/satisfaction?{span}&group_by=agent&compare=previous"),
        ),
        ("listRatings", format!("/v1/ratings?{span}")),
        ("listRatings", format!("/v1/ratings?{span}&limit=1")),
    ] {
        for accept in ["application/json", "text/csv"] {
            let request = agent.request(Method::GET, &path).header("accept", accept);
            let reply = Reply::of(request).await;
            provoked.answer(&format!("{operation} 200"), reply);
        }
    }
}

async fn load_the_components(provoked: &mut Provoked) {
    let stack = Stack::start().await;
    let nobody = stack.nobody();
    let missing = "/v1/assets/any/rating/nothing.js";
    let reply = nobody.get(missing).await;
    provoked.answer("getAsset 404 file_not_found", reply);
    let reply = Reply::of(nobody.request(Method::HEAD, missing)).await;
    provoked.answer("headAsset 404", reply);
    for (file, path) in [
        ("Widget", "/v1/widget.js"),
        ("Sidebar", "/v1/sidebar.js"),
        ("Report", "/v1/report.js"),
        ("Rate", "/v1/rate.js"),
        ("RatePage", "/rate"),
        ("Asset", "/v1/assets/any/rating/define.js"),
    ] {
        for (method, operation) in [(Method::GET, "get"), (Method::HEAD, "head")] {
            let reply = Reply::of(nobody.request(method.clone(), path)).await;
            let etag = reply.header("etag").to_owned();
            provoked.answer(&format!("{operation}{file} 200"), reply);
            let again = nobody.request(method, path);
            let reply = Reply::of(again.header("if-none-match", etag)).await;
            provoked.answer(&format!("{operation}{file} 304"), reply);
        }
    }
}

async fn call_without_leave(provoked: &mut Provoked) {
    let stack = Stack::start_with_organisations().await;
    let nobody = stack.nobody();
    let other_scope = json!({ "sub": "kim", "scopes": ["ratings:none"] });
    let other_scope = stack.with_claims(other_scope).await;
    let homeless = stack
        .with_claims(json!({ "sub": "kim", "org": null }))
        .await;
    for (kind, caller) in [
        ("401 gateway", &nobody),
        ("401 invalid_visitor_token", &nobody),
        ("403 gateway", &other_scope),
        ("403 token_not_accepted", &homeless),
    ] {
        for operation in provoked.describing(kind) {
            let request = caller.request_by_example(&operation, &path(&operation));
            let name = format!("{} {kind}", operation.id);
            provoked.answer(&name, Reply::of(request).await);
        }
    }
}

async fn send_what_is_no_request(provoked: &mut Provoked) {
    let stack = Stack::start().await;
    let callers = Callers::of(&stack).await;
    for (kind, body) in [
        ("400 invalid_json", "{".to_owned()),
        ("413 body_too_large", " ".repeat(TOO_MUCH_FOR_A_FUNCTION)),
        ("413 gateway", " ".repeat(TOO_MUCH_FOR_THE_GATEWAY)),
    ] {
        for operation in provoked.describing(kind) {
            let caller = callers.caller(&operation);
            let method: Method = operation.method.parse().unwrap();
            let reply = caller.send(method, &path(&operation), body.clone()).await;
            provoked.answer(&format!("{} {kind}", operation.id), reply);
        }
    }
    for operation in provoked.describing("422 invalid_request") {
        let path = operation.path_with_each("%23");
        let path = match operation.id.as_str() {
            "listSenders" => path + "?cursor=%23",
            _ => path,
        };
        let mut request = callers.request(&operation, &path);
        if operation.id == "eraseVisitorByPost" {
            request = request.json(&json!({ "email": "nobody" }));
        }
        let name = format!("{} 422 invalid_request", operation.id);
        provoked.answer(&name, Reply::of(request).await);
    }
}

async fn name_what_is_not_there(provoked: &mut Provoked) {
    let stack = Stack::start().await;
    let callers = Callers::of(&stack).await;
    for (kind, from, to) in [
        ("404 gateway", "", "/x"),
        ("404 conversation_not_found", "/c1", "/c2"),
        ("404 rating_request_not_found", "/r1", "/r2"),
        ("404 sender_not_found", SENDER, "nobody@example.com"),
    ] {
        for operation in provoked.describing(kind) {
            let path = match from {
                "" => path(&operation) + to,
                from => path(&operation).replace(from, to),
            };
            let request = callers.request(&operation, &path);
            provoked.answer(
                &format!("{} {kind}", operation.id),
                Reply::of(request).await,
            );
        }
    }
}

async fn ask_in_vain(provoked: &mut Provoked) {
    let stack = Stack::start().await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    let platform = stack.platform().await;
    let path = "/v1/conversations/c1/rating-requests";
    let for_kim = json!({ "agent": { "id": "kim" } });

    let reply = agent.post(path, for_kim.clone()).await;
    provoked.answer("askRating 403 agent_not_allowed", reply);
    let reply = platform.post(path, json!({})).await;
    provoked.answer("askRating 422 agent_required", reply);

    let reply = platform.post_once(path, "key", for_kim).await;
    provoked.answer("askRating 201", reply);
    let renamed = json!({ "agent": { "id": "kim", "name": "Kim" } });
    let reply = platform.post_once(path, "key", renamed).await;
    provoked.answer("askRating 422 idempotency_key_reused", reply);
    let reply = agent.ask("c1").await;
    provoked.answer("askRating 429 rating_already_requested", reply);

    let path = "/v1/conversations/c2";
    let reply = agent.put(path, json!({ "channel": "voice" })).await;
    provoked.answer("recordConversation 201", reply);
    let reply = agent.ask("c2").await;
    provoked.answer("askRating 409 channel_not_supported", reply);
    let reply = agent.get(path).await;
    provoked.answer("readConversation 200", reply);

    let stack = Stack::start_with(Options {
        parameters: BTreeMap::from([("VisitorAskIntervalDays".to_owned(), "30".to_owned())]),
        ..Stack::options()
    })
    .await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    agent.ask("c1").await.expect(201);
    let reply = stack.agent("jo").await.ask("c1").await;
    provoked.answer("askRating 409 visitor_asked_recently", reply);
    let reply = agent.get("/v1/conversations/c1").await;
    provoked.answer("readConversation 200", reply);
}

async fn rate_in_vain(provoked: &mut Provoked) {
    let stack = Stack::start().await;
    let Callers { agent, visitor } = Callers::of(&stack).await;
    let superseded = agent.asked("c1").await;
    let current = stack.agent("jo").await.asked("c1").await;

    let reply = visitor.rate(&superseded, json!({ "score": 1 })).await;
    provoked.answer("submitRating 410 rating_request_superseded", reply);
    agent
        .put("/v1/conversations/c1", json!({ "status": "resolved" }))
        .await
        .expect(200);
    agent
        .put("/v1/conversations/c1", json!({ "status": "open" }))
        .await
        .expect(200);
    let reply = visitor.rate(&current, json!({ "score": 1 })).await;
    provoked.answer("submitRating 410 rating_request_withdrawn", reply);

    let current = stack.agent("lu").await.asked("c1").await;
    let reply = visitor.rate(&current, json!({ "score": 6 })).await;
    provoked.answer("submitRating 422 invalid_score", reply);
    let reply = visitor.rate(&current, json!({ "score": 1 })).await;
    provoked.answer("submitRating 201", reply);
    stack.advance(A_DAY_SECONDS + 1).await;
    let reply = visitor.rate(&current, json!({ "score": 2 })).await;
    provoked.answer("submitRating 409 rating_closed", reply);

    stack.verified_sender().await;
    let max = stack.agent("max").await;
    let reply = max.send_transcript_as("c1", asking()).await;
    let sent = provoked.answer("sendTranscript 201", reply);
    let asked = sent["rating_request"]["id"].as_str().unwrap();
    let link = &stack.links().await[0];
    stack.advance(30 * A_DAY_SECONDS).await;
    let reply = stack.bearer(link).rate(asked, json!({ "score": 5 })).await;
    provoked.answer("submitRating 410 rating_link_expired", reply);
}

async fn send_in_vain(provoked: &mut Provoked) {
    let stack = Stack::start().await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    let platform = stack.platform().await;
    let with = |member: &str, value: Value| {
        let mut body = transcript();
        body[member] = value;
        body
    };
    let for_kim = with("agent", json!({ "id": "kim" }));

    let reply = agent.send_transcript("c1").await;
    provoked.answer("sendTranscript 422 sender_not_verified", reply);
    stack.verified_sender().await;
    let reply = agent.send_transcript_as("c1", for_kim.clone()).await;
    provoked.answer("sendTranscript 403 agent_not_allowed", reply);
    let reply = platform.send_transcript("c1").await;
    provoked.answer("sendTranscript 422 agent_required", reply);
    let reply = agent
        .send_transcript_as("c1", with("to", json!("ana")))
        .await;
    provoked.answer("sendTranscript 422 invalid_recipient", reply);
    let mut asks_another = asking();
    asks_another["to"] = json!("bo@example.net");
    let reply = agent.send_transcript_as("c1", asks_another).await;
    provoked.answer("sendTranscript 422 invalid_request", reply);
    let reply = agent
        .send_transcript_as("c1", with("sender_name", json!("a@b")))
        .await;
    provoked.answer("sendTranscript 422 invalid_sender_name", reply);

    let path = "/v1/conversations/c2";
    agent
        .put(path, json!({ "channel": "voice" }))
        .await
        .expect(201);
    let reply = agent.send_transcript("c2").await;
    provoked.answer("sendTranscript 422 recipient_required", reply);
    let to_anyone = with("to", json!("ana@example.org"));
    let reply = agent.send_transcript_as("c2", to_anyone.clone()).await;
    provoked.answer("sendTranscript 422 nothing_to_send", reply);
    record_too_much(&agent, "c2").await;
    let reply = agent.send_transcript_as("c2", to_anyone).await;
    provoked.answer("sendTranscript 422 transcript_too_large", reply);

    stack.begin_an_hour().await;
    for _ in 0..2 {
        let reply = agent.send_transcript_as("c1", asking()).await;
        provoked.answer("sendTranscript 201", reply);
    }
    stack.begin_an_hour().await;
    let path = "/v1/conversations/c1/transcripts";
    for _ in 0..2 {
        let reply = platform.post_once(path, "key", for_kim.clone()).await;
        provoked.answer("sendTranscript 201", reply);
    }
    let for_jo = with("agent", json!({ "id": "kim", "name": "Kim" }));
    let reply = platform.post_once(path, "key", for_jo).await;
    provoked.answer("sendTranscript 422 idempotency_key_reused", reply);
    for _ in 0..4 {
        let reply = agent.send_transcript("c1").await;
        provoked.answer("sendTranscript 201", reply);
    }
    let reply = agent.send_transcript("c1").await;
    provoked.answer("sendTranscript 429 transcript_limit_reached", reply);
    let reply = agent.get("/v1/conversations/c1").await;
    provoked.answer("readConversation 200", reply);
}

/// Records more than a mail holds: characters that are five in HTML.
async fn record_too_much(agent: &Caller, conversation: &str) {
    let text = "'".repeat(32_000);
    let path = format!("/v1/conversations/{conversation}/messages");
    for batch in 0..6 {
        let messages = (0..30).map(|number| {
            let id = format!("m{batch}-{number}");
            message(&id, "2026-01-05T09:00:00Z", &text)
        });
        let body = json!({ "messages": messages.collect::<Vec<_>>() });
        agent.post(&path, body).await.expect(200);
    }
}

async fn send_with_bad_luck(provoked: &mut Provoked) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    stack.verified_sender().await;

    stack.next_sends(&["reject"]).await;
    let reply = agent.send_transcript("c1").await;
    provoked.answer("sendTranscript 502 email_refused", reply);
    stack.next_sends(&["throttle", "throttle"]).await;
    let reply = agent.send_transcript("c1").await;
    provoked.answer("sendTranscript 503 email_unavailable", reply);
    stack.next_sends(&["lost_reply"]).await;
    for is_replay in [false, true] {
        let reply = agent.send_transcript_once("c1", "lost").await;
        let replayed = !reply.header("idempotent-replayed").is_empty();
        assert_eq!(replayed, is_replay);
        provoked.answer("sendTranscript 504 email_outcome_unknown", reply);
    }
    let reply = agent.get("/v1/conversations/c1").await;
    provoked.answer("readConversation 200", reply);

    let held = aws.hold(|call| call.is("ses:SendEmail"));
    let first = agent.send_transcript_once("c1", "held");
    let second = async {
        held.arrived().await;
        let reply = agent.send_transcript_once("c1", "held").await;
        held.release();
        reply
    };
    let (first, second) = tokio::join!(first, second);
    provoked.answer("sendTranscript 409 idempotency_key_in_use", second);
    provoked.answer("sendTranscript 201", first);
}

async fn claim_the_senders_of_others(provoked: &mut Provoked) {
    let stack = Stack::start_with_organisations().await;
    let path = format!("/v1/senders/{SENDER}");
    let reply = stack
        .agent_of("one", "kim")
        .await
        .put(&path, json!({}))
        .await;
    provoked.answer("putSender 201", reply);
    let reply = stack
        .agent_of("two", "jo")
        .await
        .put(&path, json!({}))
        .await;
    provoked.answer("putSender 409 sender_taken", reply);
}

async fn erase_and_record_again(provoked: &mut Provoked) {
    let stack = Stack::start().await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    let conversation = "/v1/conversations/c1";
    let messages = format!("{conversation}/messages");
    for batch in 0..22 {
        let hello = |number| {
            let id = format!("m{batch}-{number}");
            message(&id, "2026-01-05T09:00:00Z", "Hello")
        };
        let body = json!({ "messages": (0..100).map(hello).collect::<Vec<_>>() });
        agent.post(&messages, body).await.expect(200);
    }
    let visitor = "/v1/visitors/ana@example.org";
    let other = json!({ "channel": "widget", "visitor": { "email": "ana@example.org" } });
    agent.put("/v1/conversations/c2", other).await.expect(201);
    let other = json!({ "visitor": { "email": "bo@example.org" } });
    agent.put("/v1/conversations/c2", other).await.expect(200);

    let reply = agent.delete(conversation).await;
    provoked.answer("eraseConversation 202", reply);
    let reply = agent.delete(visitor).await;
    provoked.answer("eraseVisitor 202", reply);
    let reply = agent.delete(visitor).await;
    let erased = provoked.answer("eraseVisitor 200", reply);
    assert_eq!(erased["kept"], json!(["c2"]));

    let stack = Stack::start().await;
    let Callers { agent: other, .. } = Callers::of(&stack).await;
    for batch in 0..11 {
        let hello = |number| {
            let id = format!("m{batch}-{number}");
            message(&id, "2026-01-05T09:00:00Z", "Hello")
        };
        let body = json!({ "messages": (0..100).map(hello).collect::<Vec<_>>() });
        other.post(&messages, body).await.expect(200);
    }
    for answer in ["eraseVisitorByPost 202", "eraseVisitorByPost 200"] {
        let body = json!({ "email": "ana@example.org" });
        let reply = other.post("/v1/visitors/erase", body).await;
        provoked.answer(answer, reply);
    }

    let reply = agent.delete(conversation).await;
    provoked.answer("eraseConversation 200", reply);

    let told = json!({ "channel": "widget" });
    let reply = agent.put(conversation, told).await;
    provoked.answer("recordConversation 410 conversation_erased", reply);
    let body = json!({ "messages": [hello()] });
    let reply = agent.post(&messages, body).await;
    provoked.answer("recordMessages 410 conversation_erased", reply);
}

async fn lose_aws(provoked: &mut Provoked) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let callers = Callers::of(&stack).await;
    // Of an identity that was made for it, so that giving it up asks SES.
    let sender = format!("/v1/senders/{SENDER}");
    callers.agent.put(&sender, json!({})).await.expect(201);

    let down = || AwsError::Ses(503, "ServiceUnavailable", "Down".to_owned());
    let denied = || AwsError::Ses(400, "AccessDeniedException", "No".to_owned());
    aws.inject_always(
        |call| call.operation.starts_with("ses:"),
        FaultInjection::Refuse(down()),
    );
    for operation in provoked.describing("503 email_unavailable") {
        if operation.id != "sendTranscript" {
            let request = callers.request(&operation, &path(&operation));
            let name = format!("{} 503 email_unavailable", operation.id);
            provoked.answer(&name, Reply::of(request).await);
        }
    }
    for (kind, error) in [
        ("500 internal_error", denied()),
        ("503 storage_unavailable", AwsError::Internal),
    ] {
        aws.stop_faults();
        aws.inject_always(|_| true, FaultInjection::Refuse(error));
        for operation in provoked.describing(kind) {
            let request = callers.request(&operation, &path(&operation));
            provoked.answer(
                &format!("{} {kind}", operation.id),
                Reply::of(request).await,
            );
        }
    }
}

/// Over the runtime API, where a request may come with hardly any time left.
async fn run_out_of_time(provoked: &mut Provoked) {
    let lambda = Lambda::start().await;
    let agent = lambda.agent("kim");
    let conversation = json!({ "channel": "widget" });
    let recorded = agent.put("/v1/conversations/c1", conversation).await;
    let recorded = provoked.answer("recordConversation 201", recorded);
    let visitor = lambda.visitor(recorded["visitor_token"].as_str().unwrap());
    for operation in provoked.describing("503 timed_out") {
        let caller = match operation.scopes {
            Some(_) => &agent,
            None => &visitor,
        };
        let body = operation.example_body.as_ref();
        let event = caller.event(&operation.method, &path(&operation), body);
        let reply = lambda.invoke_within(NEXT_TO_NO_TIME, &event).await;
        provoked.answer(&format!("{} 503 timed_out", operation.id), reply);
    }
}

#[tokio::test]
async fn a_stack_of_one_keeps_to_the_recipients_that_it_allows() {
    let parameters = [("AllowOtherRecipients".to_owned(), "false".to_owned())];
    let stack = Stack::start_with(Options {
        parameters: parameters.into(),
        ..Stack::options()
    })
    .await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    stack.verified_sender().await;
    let mut elsewhere = transcript();
    elsewhere["to"] = json!("elsewhere@example.org");
    let reply = agent.send_transcript_as("c1", elsewhere).await;
    let name = Contract::load().recognise("sendTranscript", &reply);
    assert_eq!(name, "sendTranscript 422 invalid_recipient");
}
