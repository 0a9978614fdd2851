use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use local::Deployment;
use serde_json::{Value, json};
use tests::{
    AwsCall, Contract, Ended, Invoker, RealBinaries, SENDER, Sandbox, Stack, deadline_in,
    mail_event, message, note, sample_events, transcript,
};

/// Less than the time that a function reserves for its response.
const NEXT_TO_NO_TIME: Duration = Duration::from_millis(200);

/// The time before the deadline that one send attempt needs, including the time for the response.
const TIME_TO_SEND: Duration = Duration::from_secs(13);

const SIGTERM: i32 = 15;

const CONVERSATION: &str = "/v1/conversations/c1";

/// Texts that no log may contain.
const VISITOR: &str = "ana.reis@example.org";
const VISITOR_NAME: &str = "Ana Reis Lobo";
const TEXT: &str = "the parcel never came";
const NOTE: &str = "she may have a refund";
const COMMENT: &str = "quick and kind";

/// Records a conversation with a message and a note, verifies [`SENDER`], and returns the visitor's
/// token.
async fn record(lambda: &RealBinaries) -> String {
    let platform = lambda.agent("platform");
    let visitor = json!({ "name": VISITOR_NAME, "email": VISITOR });
    let body = json!({ "channel": "widget", "visitor": visitor });
    let recorded = platform.put(CONVERSATION, body).await.expect(201);
    let messages = [
        message("m1", "2026-01-05T09:00:00Z", TEXT),
        note("m2", "2026-01-05T09:01:00Z", NOTE),
    ];
    let path = format!("{CONVERSATION}/messages");
    let body = json!({ "messages": messages });
    platform.post(&path, body).await.expect(200);

    lambda.aws().identity(SENDER, true).await;
    let path = format!("/v1/senders/{SENDER}");
    platform.put(&path, json!({})).await.expect(201);
    recorded["visitor_token"].as_str().unwrap().to_owned()
}

/// Uses every function once or more, from recording a conversation to the reports, and returns the
/// visitor's token.
async fn use_every_function(lambda: &RealBinaries) -> String {
    let token = record(lambda).await;
    let agent = lambda.agent("kim");
    let path = format!("{CONVERSATION}/rating-requests");
    let created = agent.post(&path, json!({})).await.expect(201);

    let visitor = lambda.visitor(&token);
    visitor.get("/v1/widget.js").await.expect(200);
    let shown = visitor.get("/v1/visitor/rating-request").await.expect(200);
    let request_id = shown["rating_request"]["id"].as_str().unwrap();
    assert_eq!(created["rating_request"]["id"], request_id);
    let path = format!("/v1/visitor/rating-requests/{request_id}/rating");
    let rating = json!({ "score": 5, "comment": COMMENT });
    visitor.put(&path, rating).await.expect(201);

    let path = format!("{CONVERSATION}/transcripts");
    let sent = agent.post(&path, transcript()).await.expect(201);
    let id = sent["transcript"]["id"].as_str().unwrap();
    for event in ["mail-delivered", "mail-bounced"] {
        let event = mail_event(event, "c1", id);
        lambda.deliver("track-delivery", &event).await;
    }
    agent.get(CONVERSATION).await.expect(200);
    let written = stream_record(request_id);
    let counted = lambda.invoke_function("count-ratings", &written).await;
    assert_eq!(counted, json!({ "batchItemFailures": [] }));
    lambda.deliver("roll-up-satisfaction", &json!({})).await;
    lambda
        .deliver("follow-up", &requested_event("c1", request_id))
        .await;
    let of_no_connection = requested_event("cw-000000000000-1", request_id);
    lambda.deliver("call-platform", &of_no_connection).await;
    let requested_at = created["rating_request"]["requested_at"].as_str().unwrap();
    let day = &requested_at[..10];
    let path = format!("/v1/satisfaction?from={day}&to={day}");
    let report = agent.get(&path).await.expect(200);
    assert_eq!(report["total"]["scores"]["5"], 1);
    let path = format!("/v1/ratings?from={day}&to={day}");
    let ratings = agent.get(&path).await.expect(200);
    assert_eq!(ratings["ratings"][0]["comment"], COMMENT);
    let path = "/v1/visitors/nobody@example.org";
    agent.delete(path).await.expect(200);
    let nobody = json!({ "email": "no%62ody@example.org" });
    agent.post("/v1/visitors/erase", nobody).await.expect(200);
    call_the_other_functions(lambda, &agent, &visitor).await;
    token
}

/// Calls each function that was not invoked yet by the contract's examples.
async fn call_the_other_functions(
    lambda: &RealBinaries,
    agent: &Invoker<'_>,
    visitor: &Invoker<'_>,
) {
    for operation in Contract::load().operations() {
        if operation.tags.iter().any(|it| lambda.was_invoked(it)) {
            continue;
        }
        let caller = match operation.scopes {
            Some(_) => agent,
            None => visitor,
        };
        let path = operation.example_path(&[("conversation_id", "c1")]);
        let body = operation.example_body.as_ref();
        let event = caller.event(&operation.method, &path, body);
        let reply = lambda.invoke(&event).await;
        if operation.id == "receiveChatwootEvent" {
            // No account is connected.
            reply.expect_problem(404, "hook_not_found");
        } else {
            reply.expect_success();
        }
    }
}

/// The event of a rating request on the stack's bus.
fn requested_event(conversation: &str, request_id: &str) -> Value {
    let detail = json!({
        "id": format!("rating_requested/{request_id}"),
        "organisation": "main",
        "conversation_id": conversation,
        "rating_request_id": request_id,
        "at": "2026-01-05T09:00:00.000Z",
    });
    json!({ "detail-type": "rating.requested", "source": "afterchat", "detail": detail })
}

/// The table's stream record of a new rating request.
fn stream_record(request_id: &str) -> Value {
    let keys = json!({ "pk": { "S": "main#c1" }, "sk": { "S": format!("REQUEST#{request_id}") } });
    json!({ "Records": [{
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": { "Keys": keys, "SequenceNumber": "100000000000000000001" },
    }] })
}

#[tokio::test]
async fn the_real_binaries_serve_a_conversation_from_recording_to_reading() {
    let lambda = RealBinaries::start().await;
    use_every_function(&lambda).await;

    let outbox = lambda.aws().outbox().await;
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0]["to"], json!([VISITOR]));
    let text = outbox[0]["text"].as_str().unwrap();
    assert!(text.contains(TEXT) && !text.contains(NOTE), "{text}");

    let read = lambda.agent("kim").get(CONVERSATION).await.expect(200);
    assert_eq!(read["rating"]["score"], 5);
    assert_eq!(read["transcripts"][0]["state"], "bounced");
    assert_eq!(read["thread"]["entries"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn each_request_writes_one_flat_log_line() {
    let lambda = RealBinaries::start().await;
    use_every_function(&lambda).await;
    let refused = lambda.visitor("not.a.token");
    refused.get("/v1/visitor/rating-request").await.expect(401);

    let ended = lambda.terminate().await;
    let routes = |function: &str| -> Vec<String> {
        let lines = lines(&ended[function]).into_iter();
        lines
            .map(|line| line["route"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        routes("record-conversation"),
        [
            "PUT /v1/conversations/{conversation_id}",
            "POST /v1/conversations/{conversation_id}/messages",
        ]
    );
    assert_eq!(
        routes("submit-rating"),
        [
            "GET /v1/visitor/rating-request",
            "PUT /v1/visitor/rating-requests/{rating_request_id}/rating",
            "GET /v1/visitor/rating-request",
        ]
    );
    let outcomes = lines(&ended["track-delivery"]);
    let outcomes: Vec<_> = outcomes
        .iter()
        .map(|line| (&line["message"], &line["detail"]))
        .collect();
    let applied = json!("applied");
    assert_eq!(
        outcomes,
        [
            (&applied, &json!("delivered")),
            (&applied, &json!("bounced"))
        ]
    );
    let refusal = &lines(&ended["submit-rating"])[2];
    assert_eq!(refusal["level"], "INFO");
    assert_eq!(refusal["status"], 401);
    assert_eq!(refusal["code"], "invalid_visitor_token");
}

/// The lines of a log. Asserts that each is a flat object, as Lambda's log filter requires.
fn lines(ended: &Ended) -> Vec<Value> {
    assert_eq!(ended.errors, "");
    let lines = ended.lines().into_iter().map(|line| {
        let members = line.as_object().expect("a line is an object");
        assert!(!members.values().any(|it| it.is_object() || it.is_array()));
        assert!(["INFO", "WARN", "ERROR"].contains(&line["level"].as_str().unwrap()));
        let timestamp = line["timestamp"].as_str().unwrap();
        timestamp.parse::<jiff::Timestamp>().expect("RFC 3339");
        line
    });
    lines.collect()
}

#[tokio::test]
async fn no_log_contains_an_address_a_name_a_text_or_a_token() {
    let lambda = RealBinaries::start().await;
    let token = use_every_function(&lambda).await;

    // Refusals and faults as well, because their log lines have the most fields.
    let agent = lambda.agent("kim");
    let path = format!("{CONVERSATION}/transcripts");
    let mut wrong = transcript();
    wrong["to"] = json!(format!("{VISITOR}, {VISITOR}"));
    agent.post(&path, wrong).await.expect(422);
    lambda.aws().next_sends(&["reject", "lost_reply"]).await;
    agent.post(&path, transcript()).await.expect(502);
    agent.post(&path, transcript()).await.expect(504);
    let path = format!("/v1/senders/{SENDER}%20");
    agent.put(&path, json!({})).await.expect(422);

    let secret = token.rsplit('.').next().unwrap();
    let secrets = [VISITOR, VISITOR_NAME, TEXT, NOTE, COMMENT, SENDER, secret];
    for (function, ended) in lambda.terminate().await {
        assert!(!ended.log.is_empty(), "{function} logs");
        for secret in secrets {
            assert!(!ended.log.contains(secret), "{function}: {}", ended.log);
        }
    }
}

#[tokio::test]
async fn a_failed_aws_call_is_logged_with_its_operation_and_error_code() {
    let lambda = RealBinaries::start().await;
    record(&lambda).await;
    lambda.aws().next_sends(&["reject"]).await;
    let path = format!("{CONVERSATION}/transcripts");
    let reply = lambda.agent("kim").post(&path, transcript()).await;
    let problem = reply.expect_problem(502, "email_refused");

    let ended = lambda.terminate().await;
    let [line] = lines(&ended["send-transcript"]).try_into().unwrap();
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["request_id"], problem["request_id"]);
    assert_eq!(line["operation"], "ses:SendEmail");
    assert_eq!(line["aws_code"], "MessageRejected");
}

#[tokio::test]
async fn a_failed_event_returns_only_an_error_code_to_lambda() {
    let deployment = Deployment::load(&Stack::options()).unwrap();
    let nowhere = deployment.environment("track-delivery", "http://127.0.0.1:9");
    let sandbox = Sandbox::start("track-delivery", nowhere.unwrap()).await;
    let event = mail_event("mail-bounced", "c1", "0a1b").to_string();
    let error = sandbox
        .invoke(event, deadline_in(Duration::from_secs(30)))
        .await
        .unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains(r#""errorType":"storage_unavailable""#),
        "{error}"
    );
    assert!(!error.contains('@'), "{error}");

    let ended = sandbox.terminate().await;
    let lines = lines(&ended);
    // The runtime writes the second line.
    assert_eq!(lines[0]["message"], "faulted");
    assert_eq!(lines[0]["operation"], "dynamodb:GetItem");
    assert_eq!(lines[1]["message"], "storage_unavailable");
    assert_eq!(lines.len(), 2);
}

#[tokio::test]
async fn a_function_responds_before_lambda_times_it_out() {
    let lambda = RealBinaries::start().await;
    let token = record(&lambda).await;
    let agent = lambda.agent("kim");
    let visitor = lambda.visitor(&token);
    let body = &json!({});
    let events = [
        agent.event(
            "POST",
            &format!("{CONVERSATION}/rating-requests"),
            Some(body),
        ),
        agent.event("PUT", CONVERSATION, Some(body)),
        agent.event("GET", CONVERSATION, None),
        agent.event("GET", "/v1/senders", None),
        agent.event(
            "POST",
            &format!("{CONVERSATION}/transcripts"),
            Some(&transcript()),
        ),
        visitor.event("GET", "/v1/visitor/rating-request", None),
    ];
    for event in &events {
        let reply = lambda.invoke_within(NEXT_TO_NO_TIME, event).await;
        reply.expect_problem(503, "timed_out");
    }
    assert_eq!(lambda.aws().outbox().await.len(), 0);
}

#[tokio::test]
async fn a_transcript_with_too_little_time_left_is_not_sent_and_uses_no_slot() {
    let lambda = RealBinaries::start().await;
    record(&lambda).await;
    let agent = lambda.agent("kim");
    let path = format!("{CONVERSATION}/transcripts");
    let event = agent.event("POST", &path, Some(&transcript()));
    // Enough to reserve a slot, but less than the time that a send needs.
    let enough_to_reserve = Duration::from_secs(12);
    let reply = lambda.invoke_within(enough_to_reserve, &event).await;
    reply.expect_problem(503, "timed_out");
    assert_eq!(lambda.aws().outbox().await.len(), 0);

    let sent = agent.post(&path, transcript()).await.expect(201);
    assert_eq!(sent["quota"]["remaining"], 4);
    let read = agent.get(CONVERSATION).await.expect(200);
    assert_eq!(read["transcripts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn sigterm_ends_every_function() {
    let lambda = RealBinaries::start().await;
    use_every_function(&lambda).await;
    let functions = lambda.deployment().functions().count();
    let ended = lambda.terminate().await;
    assert_eq!(ended.len(), functions);
    for (function, ended) in ended {
        let status = ended.status;
        let is_clean = status.success() || status.signal() == Some(SIGTERM);
        assert!(is_clean, "{function}: {status}");
    }
}

#[tokio::test]
async fn a_function_without_a_required_variable_exits_and_names_it() {
    let deployment = Deployment::load(&Stack::options()).unwrap();
    // The function that only serves files needs no variable.
    let functions = deployment
        .functions()
        .filter(|name| *name != "serve-widget");
    for function in functions {
        let mut environment = deployment
            .environment(function, "http://127.0.0.1:4000")
            .unwrap();
        environment.remove("TABLE_NAME").expect("it was set");
        let sandbox = Sandbox::start(function, environment).await;
        let ended = sandbox.ended().await;
        assert_eq!(ended.status.code(), Some(1), "{function}");
        let [line] = lines(&ended).try_into().unwrap();
        assert_eq!(line["level"], "ERROR");
        let error = "environment variable TABLE_NAME: must be set";
        assert_eq!(line["error"], error);
        let reported = ended.init_error.expect("the error is reported to Lambda");
        let reported: Value = serde_json::from_str(&reported).unwrap();
        assert_eq!(reported["errorMessage"], error);
        assert_eq!(reported["errorType"], "Runtime.InvalidEnvironment");
    }
}

#[tokio::test]
async fn every_sample_event_is_handled_by_its_function() {
    let lambda = RealBinaries::start().await;
    lambda.aws().identity(SENDER, true).await;
    let mut events = sample_events();
    let mut responses = BTreeMap::new();
    let mut token = String::new();
    // In the order in which a chat platform would send them.
    for (name, status) in [
        ("record-conversation", 201),
        ("record-messages", 200),
        ("put-sender", 201),
        ("list-senders", 200),
        ("ask-rating", 201),
        ("get-rating-request", 200),
        ("send-transcript", 201),
        ("read-conversation", 200),
        ("report-satisfaction", 200),
        ("list-ratings", 200),
    ] {
        let event = events.remove(name).expect("a sample of this name");
        let event = event.replace("VISITOR_TOKEN", &token);
        let event = serde_json::from_str(&event).expect("a sample is JSON");
        let response = lambda.invoke(&event).await.expect(status);
        if name == "record-conversation" {
            token = response["visitor_token"].as_str().unwrap().to_owned();
        }
        responses.insert(name, response);
    }
    // Then the SES events of that transcript, each with the state that results.
    for (name, state) in [
        ("mail-sent", "sent"),
        ("mail-delayed", "delayed"),
        ("mail-delivered", "delivered"),
        ("mail-automatic-reply", "delivered"),
        ("mail-rejected", "rejected"),
        ("mail-bounced", "bounced"),
        ("mail-suppressed", "bounced"),
        ("mail-complained", "complained"),
    ] {
        let event = events.remove(name).expect("a sample of this name");
        let event = serde_json::from_str(&event).expect("a sample is JSON");
        lambda.deliver("track-delivery", &event).await;
        let path = "/v1/conversations/chat-1042";
        let read = lambda.agent("jo").get(path).await.expect(200);
        assert_eq!(read["transcripts"][0]["state"], state, "{name}");
    }
    for name in [
        "erase-visitor",
        "erase-visitor-by-post",
        "erase-conversation",
    ] {
        let event = events.remove(name).expect("a sample of this name");
        let event = serde_json::from_str(&event).expect("a sample is JSON");
        let erased = lambda.invoke(&event).await.expect(200);
        assert_eq!(erased["done"], true, "{name}");
    }
    assert!(
        events.is_empty(),
        "samples that are not tested: {:?}",
        events.keys()
    );

    assert_eq!(responses["record-messages"], json!({ "recorded": 2 }));
    assert_eq!(responses["list-senders"]["senders"][0]["address"], SENDER);
    let request_id = &responses["ask-rating"]["rating_request"]["id"];
    assert_eq!(
        &responses["get-rating-request"]["rating_request"]["id"],
        request_id
    );
    let read = &responses["read-conversation"];
    assert_eq!(read["thread"]["entries"].as_array().unwrap().len(), 4);
    assert_eq!(read["transcripts"][0]["state"], "sent");
    assert_eq!(
        read["transcripts"][0]["id"],
        responses["send-transcript"]["transcript"]["id"]
    );
    assert_eq!(
        responses["report-satisfaction"]["groups"]
            .as_array()
            .map(Vec::len),
        Some(5)
    );
    let table = responses["list-ratings"].as_str().unwrap();
    assert!(table.starts_with("rating_request_id,"), "{table}");
    assert_eq!(lambda.aws().outbox().await.len(), 1);
}

/// The path and the body of a request that sends a transcript.
fn transcript_request() -> (String, Value) {
    (format!("{CONVERSATION}/transcripts"), transcript())
}

#[tokio::test]
async fn a_throttled_send_is_not_retried_if_too_little_time_is_left() {
    let (lambda, aws) = RealBinaries::start_behind_proxy().await;
    record(&lambda).await;
    lambda.sandbox("send-transcript").wait_until_idle().await;
    let sends = |call: &AwsCall| call.is("ses:SendEmail");
    lambda.aws().next_sends(&["throttle"]).await;
    let held = aws.hold(sends);
    let (path, body) = transcript_request();
    let event = lambda.agent("kim").event("POST", &path, Some(&body));
    // Enough time for the first attempt, even if it starts late, but not for a second: the first one is
    // held until too little time is left. An attempt may take 8 seconds.
    let time = TIME_TO_SEND + Duration::from_secs(4);
    let too_late = tokio::time::Instant::now() + Duration::from_millis(4_100);
    let slow = held.meanwhile(async {
        tokio::time::sleep_until(too_late).await;
    });
    let (reply, ()) = tokio::join!(lambda.invoke_within(time, &event), slow);
    reply.expect_problem(503, "email_unavailable");
    assert_eq!(aws.count(|call| sends(call)), 1);
    assert_eq!(lambda.aws().outbox().await.len(), 0);
}
