use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use serde_json::{Value, json};
use tests::{
    AwsCall, AwsError, ChatPlatform, Ended, FaultInjection, Invoker, RealBinaries, SENDER,
    mail_event, message, transcript,
};

const TEMPLATE: &str = include_str!("../../infra/template.yaml");

/// The schema of the embedded metric format, limited to the members that the functions use.
fn format() -> Validator {
    let name = |longest: usize| json!({ "type": "string", "minLength": 1, "maxLength": longest });
    let metric = json!({
        "type": "object",
        "required": ["Name"],
        "additionalProperties": false,
        "properties": { "Name": name(1024), "Unit": { "enum": ["Count", "Milliseconds"] } },
    });
    let dimensions = json!({ "type": "array", "minItems": 1, "maxItems": 30, "items": name(250) });
    let directive = json!({
        "type": "object",
        "required": ["Namespace", "Dimensions", "Metrics"],
        "additionalProperties": false,
        "properties": {
            "Namespace": name(1024),
            "Dimensions": { "type": "array", "minItems": 1, "items": dimensions },
            "Metrics": { "type": "array", "minItems": 1, "maxItems": 100, "items": metric },
        },
    });
    let metadata = json!({
        "type": "object",
        "required": ["Timestamp", "CloudWatchMetrics"],
        "properties": {
            "Timestamp": { "type": "integer", "minimum": 1_500_000_000_000_i64 },
            "CloudWatchMetrics": { "type": "array", "minItems": 1, "items": directive },
        },
    });
    let schema = json!({
        "type": "object",
        "required": ["_aws"],
        "properties": { "_aws": metadata },
    });
    jsonschema::validator_for(&schema).expect("the schema is valid")
}

/// A metric that a function published.
#[derive(Debug)]
struct Datum {
    name: String,
    code: Option<String>,
    values: Vec<f64>,
}

/// The metrics that each function published.
fn published(ended: &BTreeMap<String, Ended>) -> BTreeMap<&str, Vec<Datum>> {
    let published = ended.iter().map(|(function, ended)| {
        let lines = ended.metrics();
        let data = lines.iter().flat_map(|line| data(function, line));
        (function.as_str(), data.collect())
    });
    published.collect()
}

/// The metrics of a line. Asserts that the line follows the format and has the allowed dimensions.
fn data(function: &str, line: &Value) -> Vec<Datum> {
    let problems: Vec<_> = format()
        .iter_errors(line)
        .map(|problem| problem.to_string())
        .collect();
    assert!(problems.is_empty(), "{problems:?} in {line}");
    // Lambda filters log lines by these members.
    let timestamp = line["timestamp"].as_str().unwrap();
    timestamp.parse::<jiff::Timestamp>().expect("RFC 3339");
    assert_eq!(line["level"], "INFO");

    let directive = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(directive["Namespace"], "afterchat");
    assert_eq!(line["FunctionName"], *function);
    match line.get("Code") {
        Some(code) => {
            assert!(code.is_string());
            assert_eq!(directive["Dimensions"], json!([["FunctionName", "Code"]]));
        }
        None => assert_eq!(directive["Dimensions"], json!([["FunctionName"]])),
    }
    let metrics = directive["Metrics"].as_array().unwrap().iter();
    let data = metrics.map(|metric| {
        let name = metric["Name"].as_str().unwrap();
        let values = match &line[name] {
            Value::Array(values) => values.clone(),
            value => vec![value.clone()],
        };
        assert!((1..=100).contains(&values.len()));
        Datum {
            name: name.to_owned(),
            code: line["Code"].as_str().map(str::to_owned),
            values: values.iter().map(|it| it.as_f64().unwrap()).collect(),
        }
    });
    data.collect()
}

fn values(data: &[Datum], name: &str, code: Option<&str>) -> Vec<f64> {
    let named = data
        .iter()
        .filter(|it| it.name == name && it.code.as_deref() == code);
    named.flat_map(|it| it.values.clone()).collect()
}

/// Requests a rating, rates, sends a transcript, delivers its events, and provokes a refusal and a fault, with the real
/// binaries.
async fn run() -> BTreeMap<String, Ended> {
    let (lambda, aws) = RealBinaries::start_behind_proxy().await;
    lambda.aws().identity(SENDER, true).await;
    let agent = lambda.agent("kim");
    let visitor = json!({ "name": "Ana", "email": "ana@example.org" });
    let body = json!({ "channel": "widget", "visitor": visitor });
    let recorded = agent.put("/v1/conversations/c1", body).await.expect(201);
    let body = json!({ "messages": [message("m1", "2026-01-05T09:00:00Z", "Hello")] });
    let messages = agent.post("/v1/conversations/c1/messages", body);
    messages.await.expect(200);
    let sender = agent.put(&format!("/v1/senders/{SENDER}"), json!({})).await;
    sender.expect(201);

    let rating_requests = "/v1/conversations/c1/rating-requests";
    let created = agent.post(rating_requests, json!({})).await.expect(201);
    agent.post(rating_requests, json!({})).await.expect(429);
    let unknown = "/v1/conversations/c2/rating-requests";
    agent.post(unknown, json!({})).await.expect(404);

    let visitor = lambda.visitor(recorded["visitor_token"].as_str().unwrap());
    let request = created["rating_request"]["id"].as_str().unwrap();
    let rating = format!("/v1/visitor/rating-requests/{request}/rating");
    for (score, status) in [(4, 201), (4, 200), (2, 200)] {
        let answer = json!({ "score": score, "comment": "a comment" });
        visitor.put(&rating, answer).await.expect(status);
    }

    let transcripts = "/v1/conversations/c1/transcripts";
    let sent = agent.post(transcripts, transcript()).await.expect(201);
    let id = sent["transcript"]["id"].as_str().unwrap();
    for name in [
        "mail-delivered",
        "mail-delivered",
        "mail-bounced",
        "mail-complained",
    ] {
        let event = mail_event(name, "c1", id);
        lambda.deliver("track-delivery", &event).await;
    }
    lambda.aws().next_sends(&["reject"]).await;
    agent.post(transcripts, transcript()).await.expect(502);
    fail_to_schedule(&lambda, &agent).await;
    receive_event(&lambda, &agent).await;
    let reads_settings = |call: &AwsCall| call.mentions("ORGANISATION#SETTINGS");
    let refused = FaultInjection::Refuse(AwsError::Throttled);
    aws.inject_always(reads_settings, refused);
    let shown = visitor.get("/v1/visitor/rating-request").await;
    shown.expect(200);
    lambda.terminate().await
}

/// Receives an event of a chat platform that requires a call to the platform.
async fn receive_event(lambda: &RealBinaries, agent: &Invoker<'_>) {
    let platform = ChatPlatform::start_unsigned().await;
    let connection = "/v1/connections/chatwoot/main";
    let connected = agent.put(connection, platform.connection()).await;
    let connected = connected.expect(201);
    let url = connected["connection"]["webhook_url"].as_str().unwrap();
    let (_, path) = url.split_once("/v1/hooks/").unwrap();
    platform.start_conversation("Hello");
    let event = platform.next_message_event();
    let path = format!("/v1/hooks/{path}");
    let received = lambda.visitor("").post(&path, event).await.expect(200);
    assert_eq!(received["accepted"], true);
}

/// Lets a rule act while no schedule can be created.
async fn fail_to_schedule(lambda: &RealBinaries, agent: &Invoker<'_>) {
    let rule = json!({ "enabled": true, "after_minutes": 15 });
    let settings = json!({ "asking": { "on_resolve": rule } });
    agent.put("/v1/settings", settings).await.expect(200);
    let errors = json!({ "next_calls": ["error", "error", "error"] });
    lambda.aws().set_scheduler(errors).await;
    let detail = json!({
        "organisation": "main",
        "conversation_id": "c1",
        "round_id": "r1",
        "at": "2099-01-05T09:00:00.000Z",
    });
    let event = json!({ "detail-type": "conversation.resolved", "detail": detail });
    lambda.fail_to_deliver("follow-up", &event).await;
}

#[tokio::test]
async fn each_outcome_publishes_its_metric() {
    let ended = run().await;
    let published = published(&ended);
    let ask_rating = &published["ask-rating"];
    assert_eq!(values(ask_rating, "Asked", None), [1.0]);
    let too_soon = values(ask_rating, "Refused", Some("rating_already_requested"));
    assert_eq!(too_soon, [1.0]);
    let unknown = values(ask_rating, "Refused", Some("conversation_not_found"));
    assert_eq!(unknown, [1.0]);
    assert_eq!(values(ask_rating, "Latency", None).len(), 3);

    let submit = &published["submit-rating"];
    assert_eq!(values(submit, "Answered", None), [1.0]);
    assert_eq!(values(submit, "Score", None), [4.0]);
    assert_eq!(values(submit, "Latency", None).len(), 4);
    assert_eq!(values(submit, "SettingsUnreadable", None), [1.0]);

    let send = &published["send-transcript"];
    assert_eq!(values(send, "Sent", None), [1.0]);
    assert_eq!(values(send, "SettingsMissing", None), [1.0]);
    assert_eq!(values(send, "Faulted", Some("email_refused")), [1.0]);

    let receive = &published["receive-webhook"];
    assert_eq!(values(receive, "TaskCreated", None), [1.0]);

    let track = &published["track-delivery"];
    for name in ["Delivered", "Bounced", "Complained"] {
        assert_eq!(values(track, name, None), [1.0], "{name}");
    }
    assert_eq!(values(track, "Latency", None).len(), 4);
    for data in published.values() {
        let latencies = values(data, "Latency", None);
        assert!(latencies.iter().all(|it| (0.0..30_000.0).contains(it)));
    }
}

#[tokio::test]
async fn a_metric_contains_only_numbers_function_names_and_codes() {
    for ended in run().await.values() {
        for line in ended.metrics() {
            let known = ["_aws", "FunctionName", "Code", "level", "timestamp"];
            let members = line.as_object().unwrap().iter();
            for (name, value) in members.filter(|(name, _)| !known.contains(&name.as_str())) {
                let is_numeric = match value {
                    Value::Array(values) => values.iter().all(Value::is_number),
                    value => value.is_number(),
                };
                assert!(is_numeric, "{name}: {value}");
            }
        }
    }
}

#[tokio::test]
async fn the_dashboard_shows_exactly_the_published_metrics() {
    let ended = run().await;
    let data = published(&ended).into_values().flatten();
    let published: BTreeSet<String> = data.map(|datum| datum.name).collect();

    let template = local::yaml_to_json(TEMPLATE).unwrap();
    let body = &template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"];
    let body: Value = serde_json::from_str(body.as_str().unwrap()).expect("the body is JSON");
    let widgets = body["widgets"].as_array().unwrap().iter();
    let metrics = widgets.filter_map(|widget| widget["properties"]["metrics"].as_array());
    let expressions = metrics
        .flatten()
        .filter_map(|it| it[0]["expression"].as_str());
    let shown: BTreeSet<String> = expressions
        .map(|expression| {
            let (_, rest) = expression
                .split_once("MetricName=\"")
                .expect("the expression names a metric");
            rest.split_once('"').unwrap().0.to_owned()
        })
        .collect();
    assert_eq!(shown, published);
}
