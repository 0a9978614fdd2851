use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use jsonschema::Validator;
use serde_json::{Value, json};
use tests::{SentEvent, Stack, mail_event, transcript};

use crate::repository::root;

const TEMPLATE: &str = include_str!("../../infra/template.yaml");

/// A comment with characters that JSON must escape.
const COMMENT: &str = "He said \"no\",\nand left: {\"a\": <$.x>} \\ 👋";

/// The schemas in `infra/events`, by the types that they describe.
fn schemas() -> BTreeMap<String, Value> {
    let files = fs::read_dir(root().join("infra/events")).unwrap();
    files
        .map(|file| {
            let path = file.unwrap().path();
            let kind = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let schema = fs::read_to_string(&path).unwrap();
            (kind, serde_json::from_str(&schema).unwrap())
        })
        .collect()
}

#[track_caller]
fn assert_as_described(event: &SentEvent) {
    let schemas = schemas();
    let schema = &schemas[&event.kind];
    let validator: Validator = jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .expect("the schema is valid");
    let problems: Vec<_> = validator
        .iter_errors(&event.data)
        .map(|problem| problem.to_string())
        .collect();
    assert!(problems.is_empty(), "{problems:?} in {}", event.data);
    let members = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let described = &schema["properties"];
    assert_eq!(members(&event.data), members(described));
    let (detail, described) = (&event.data["detail"], &described["detail"]["properties"]);
    assert_eq!(members(detail), members(described));
}

fn kinds(events: &[SentEvent]) -> Vec<&str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

#[tokio::test]
async fn events_of_ratings_and_transcripts_match_their_schemas() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack
        .with_claims(json!({ "sub": "kim", "name": "Kim \"K\" Lund" }))
        .await;
    let mut listener = stack.listen().await;

    let request = agent.ask_for_id("c1").await;
    let first = json!({ "score": 1, "comment": COMMENT });
    visitor.rate(&request, first).await.expect(201);
    visitor
        .rate(&request, json!({ "score": 4 }))
        .await
        .expect(200);
    let sent = agent.post("/v1/conversations/c1/transcripts", transcript());
    let sent = sent.await.expect(201);

    let events = listener.take(4).await;
    assert_eq!(
        kinds(&events),
        [
            "rating.requested",
            "rating.submitted",
            "rating.changed",
            "transcript.sent"
        ]
    );
    for event in &events {
        assert_as_described(event);
        let detail = &event.data["detail"];
        assert_eq!(detail["organisation"], "main");
        assert_eq!(detail["conversation_id"], "c1");
        assert_eq!(
            detail["agent"],
            json!({ "id": "kim", "name": "Kim \"K\" Lund" })
        );
    }
    let [requested, submitted, changed, mailed] = [0, 1, 2, 3].map(|at| &events[at].data["detail"]);
    for rating in [requested, submitted, changed] {
        assert_eq!(rating["rating_request_id"], *request);
    }
    assert_eq!(submitted["score"], "1");
    assert_eq!(submitted["sentiment"], "negative");
    assert_eq!(submitted["comment"], COMMENT);
    assert_eq!(changed["previous_score"], "1");
    assert_eq!(changed["score"], "4");
    assert_eq!(changed["sentiment"], "positive");
    assert_eq!(changed["comment"], COMMENT);
    assert_eq!(mailed["transcript_id"], sent["transcript"]["id"]);
}

#[tokio::test]
async fn an_event_has_the_id_of_its_thread_entry() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let mut listener = stack.listen().await;
    let request = agent.ask_for_id("c1").await;
    visitor
        .rate(&request, json!({ "score": 3 }))
        .await
        .expect(201);
    visitor
        .rate(&request, json!({ "score": 2 }))
        .await
        .expect(200);

    let published: BTreeSet<_> = listener
        .take(3)
        .await
        .into_iter()
        .map(|event| event.data["detail"]["id"].as_str().unwrap().to_owned())
        .collect();
    let read = agent.conversation("c1").await;
    let entries = read["thread"]["entries"].as_array().unwrap().iter();
    let ids = entries.filter(|entry| entry["kind"] == "event");
    let ids: BTreeSet<_> = ids
        .map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(published, ids);
}

#[tokio::test]
async fn refused_and_unchanged_requests_publish_no_event() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    let mut listener = stack.listen().await;
    let visitor = stack.conversation("c1").await;
    let request = agent.ask_for_id("c1").await;
    agent.ask("c1").await.expect(429);
    visitor
        .rate(&request, json!({ "score": 3 }))
        .await
        .expect(201);
    visitor
        .rate(&request, json!({ "score": 3 }))
        .await
        .expect(200);
    visitor
        .rate(&request, json!({ "score": 9 }))
        .await
        .expect(422);
    agent.conversation("c1").await;
    // The event of this last rating request shows that no other event was published before it.
    stack.agent("jo").await.ask_for_id("c1").await;

    let events = listener.take(3).await;
    assert_eq!(
        kinds(&events),
        ["rating.requested", "rating.submitted", "rating.requested"]
    );
    assert_eq!(
        events[2].data["detail"]["agent"],
        json!({ "id": "jo", "name": "" })
    );
}

#[tokio::test]
async fn the_event_of_a_rating_by_mail_names_the_agent_who_requested_it() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let mut listener = stack.listen().await;
    let agent = stack.agent("kim").await;
    let sent = agent.post(
        "/v1/conversations/c1/transcripts",
        tests::transcript_with_faces(),
    );
    let sent = sent.await.expect(201);
    let link = stack.link_tokens().await.remove(0);
    let request = sent["rating_request"]["id"].as_str().unwrap();
    let visitor = stack.bearer(&link);
    visitor
        .rate(request, json!({ "score": 2 }))
        .await
        .expect(201);

    let events = listener.take(3).await;
    assert_eq!(
        kinds(&events),
        ["rating.requested", "transcript.sent", "rating.submitted"]
    );
    for event in &events {
        assert_as_described(event);
        assert_eq!(event.data["detail"]["agent"]["id"], "kim");
    }
}

#[tokio::test]
async fn each_delivery_state_publishes_one_event_that_matches_its_schema() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let mut listener = stack.listen().await;
    let sent = agent.post("/v1/conversations/c1/transcripts", transcript());
    let sent = sent.await.expect(201);
    let id = sent["transcript"]["id"].as_str().unwrap();
    let names = [
        "mail-sent",
        "mail-delayed",
        "mail-delivered",
        "mail-bounced",
        "mail-complained",
    ];
    for name in names {
        // Each event is delivered twice and takes effect once.
        let event = mail_event(name, "c1", id);
        stack.put_mail_events(&[event.clone(), event]).await;
    }
    // The event of this rating request shows that no other event was published before it.
    agent.ask_for_id("c1").await;

    let events = listener.take(5).await;
    assert_eq!(
        kinds(&events),
        [
            "transcript.sent",
            "transcript.delivered",
            "transcript.bounced",
            "transcript.complained",
            "rating.requested",
        ]
    );
    for event in &events {
        assert_as_described(event);
    }
    for event in &events[..4] {
        let detail = &event.data["detail"];
        assert_eq!(detail["transcript_id"], id);
        assert_eq!(detail["conversation_id"], "c1");
        assert_eq!(detail["agent"]["id"], "kim");
    }
}

#[tokio::test]
async fn after_a_lost_ses_response_the_first_delivery_event_publishes_transcript_sent() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let mut listener = stack.listen().await;
    stack.next_sends(&["lost_reply"]).await;
    let sent = agent.post("/v1/conversations/c1/transcripts", transcript());
    sent.await.expect(504);
    let delivery_events = stack.mail_events().await;
    stack.put_mail_events(&delivery_events).await;

    let events = listener.take(2).await;
    assert_eq!(kinds(&events), ["transcript.sent", "transcript.delivered"]);
    for event in &events {
        assert_as_described(event);
    }
}

#[tokio::test]
async fn each_event_names_its_organisation() {
    let stack = Stack::start_with_organisations().await;
    let mut listener = stack.listen().await;
    for organisation in ["acme", "globex"] {
        stack.conversation_of(organisation, "c1").await;
        stack
            .agent_of(organisation, "kim")
            .await
            .ask_for_id("c1")
            .await;
        let event = listener.next().await;
        assert_eq!(event.data["detail"]["organisation"], organisation);
    }
}

#[tokio::test]
async fn a_listener_that_reconnects_continues_after_its_last_event() {
    let stack = Stack::start().await;
    let mut listener = stack.listen().await;
    stack.conversation("c1").await;
    let first = stack.agent("kim").await.ask_for_id("c1").await;
    let seen = listener.next().await;
    assert_eq!(seen.data["detail"]["rating_request_id"], *first);
    drop(listener);

    let second = stack.agent("jo").await.ask_for_id("c1").await;
    let mut listener = stack.listen_after(Some(&seen.place)).await;
    let next = listener.next().await;
    assert_eq!(next.data["detail"]["rating_request_id"], *second);
}

#[test]
fn each_event_type_in_the_filters_of_the_pipe_has_a_schema() {
    let template = local::yaml_to_json(TEMPLATE).unwrap();
    let filters = "/Resources/EventPipe/Properties/SourceParameters/FilterCriteria/Filters";
    let filters = template.pointer(filters).unwrap().as_array().unwrap();
    let types = filters.iter().flat_map(|filter| {
        let pattern: Value = serde_json::from_str(filter["Pattern"].as_str().unwrap()).unwrap();
        let types = pattern
            .pointer("/dynamodb/NewImage/announcement/M/type/S")
            .unwrap();
        types.as_array().unwrap().clone()
    });
    let filtered: BTreeSet<String> = types.map(|it| it.as_str().unwrap().to_owned()).collect();
    let described: BTreeSet<String> = schemas().into_keys().collect();
    assert_eq!(filtered, described);
    for (kind, schema) in schemas() {
        assert_eq!(schema["title"], *kind);
        assert_eq!(schema["properties"]["detail-type"]["const"], *kind);
        assert!(jsonschema::meta::is_valid(&schema), "{kind}");
    }
}

#[test]
fn the_pipe_may_only_read_the_stream_put_events_and_report_failures() {
    let template = local::yaml_to_json(TEMPLATE).unwrap();
    let role = &template["Resources"]["EventPipeRole"]["Properties"];
    let policy = &role["Policies"][0]["PolicyDocument"]["Statement"];
    let statements = policy.as_array().unwrap().iter();
    let allowed: Vec<_> = statements
        .map(|it| (it["Action"].clone(), it["Resource"]["Fn::GetAtt"].clone()))
        .collect();
    assert_eq!(
        allowed,
        [
            (
                json!([
                    "dynamodb:DescribeStream",
                    "dynamodb:GetRecords",
                    "dynamodb:GetShardIterator",
                    "dynamodb:ListStreams",
                ]),
                json!(["Table", "StreamArn"])
            ),
            (json!("events:PutEvents"), json!(["EventBus", "Arn"])),
            (json!("sqs:SendMessage"), json!(["EventDeadLetters", "Arn"])),
            (
                json!(["logs:CreateLogStream", "logs:PutLogEvents"]),
                json!(["EventPipeLogs", "Arn"])
            ),
        ]
    );
}

#[test]
fn a_failing_pipe_retries_until_records_expire_and_logs_no_payload() {
    let template = local::yaml_to_json(TEMPLATE).unwrap();
    let pipe = &template["Resources"]["EventPipe"]["Properties"];
    let stream = &pipe["SourceParameters"]["DynamoDBStreamParameters"];
    assert_eq!(stream["MaximumRetryAttempts"], -1);
    assert_eq!(stream["MaximumRecordAgeInSeconds"], 24 * 60 * 60);
    assert_eq!(
        stream["DeadLetterConfig"]["Arn"],
        json!({ "Fn::GetAtt": ["EventDeadLetters", "Arn"] })
    );
    assert_eq!(stream["OnPartialBatchItemFailure"], "AUTOMATIC_BISECT");
    assert_eq!(pipe["LogConfiguration"].get("IncludeExecutionData"), None);
}
