//! The counts of the report, which a function computes from the table's stream.

use std::time::Duration;

use local::Options;
use serde_json::{Value, json};
use store::CountedBy;
use tests::{
    AwsCall, AwsError, AwsProxy, DataDirectory, FaultInjection, Stack, mail_event, recount, total,
    transcript,
};

/// Matches the calls of this operation by the counting function.
fn counting_calls(operation: &'static str) -> impl Fn(&AwsCall) -> bool + Send + Copy + 'static {
    move |call| call.function == "count-ratings" && call.is(operation)
}

const READ: &str = "dynamodb:GetItem";
const LIST_ORGANISATION: &str = "dynamodb:PutItem";
const WRITE: &str = "dynamodb:TransactWriteItems";

/// The counts of `main`: rating requests, then ratings with each score from 1 to 5.
async fn main_counts(stack: &Stack) -> [u64; 6] {
    let by_agent = stack.counts("main", CountedBy::Agent).await;
    let by_channel = stack.counts("main", CountedBy::Channel).await;
    assert_eq!(total(&by_agent), total(&by_channel));
    total(&by_agent)
}

/// A stack with a rating of 2 in `c1`.
async fn rated_stack() -> (Stack, AwsProxy, String) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    let answer = json!({ "score": 2, "comment": "Slow" });
    visitor.rate(&request, answer).await.expect(201);
    (stack, aws, request)
}

#[tokio::test]
async fn each_rating_request_is_counted_once_with_its_final_score() {
    let stack = Stack::start().await;
    let (kim, jo) = (stack.agent("kim").await, stack.agent("jo").await);
    let visitor = stack.conversation("c1").await;
    let superseded = kim.ask_for_id("c1").await;
    assert!(stack.deliver_stream().await);
    assert_eq!(main_counts(&stack).await, [1, 0, 0, 0, 0, 0]);

    let answer = json!({ "score": 1 });
    visitor.rate(&superseded, answer).await.expect(201);
    assert!(stack.deliver_stream().await);
    assert_eq!(main_counts(&stack).await, [1, 1, 0, 0, 0, 0]);

    let change = json!({ "score": 4, "comment": "Better" });
    visitor.rate(&superseded, change).await.expect(200);
    let same_score = json!({ "score": 4, "comment": "Much better" });
    visitor.rate(&superseded, same_score).await.expect(200);
    let second = jo.ask_for_id("c1").await;
    assert!(stack.deliver_stream().await);
    assert_eq!(main_counts(&stack).await, [2, 0, 0, 0, 1, 0]);

    visitor
        .rate(&second, json!({ "score": 5 }))
        .await
        .expect(201);
    assert!(stack.deliver_stream().await);
    assert_eq!(main_counts(&stack).await, [2, 0, 0, 0, 1, 1]);
    let expected = recount(&stack.items().await, "main");
    assert_eq!(stack.counts("main", CountedBy::Agent).await, expected);
}

#[tokio::test]
async fn repeated_late_and_reordered_stream_records_do_not_change_the_counts() {
    let (stack, _aws, request) = rated_stack().await;
    let platform = stack.platform().await;
    let body = json!({ "status": "open" });
    let recorded = platform.put("/v1/conversations/c1", body).await.expect(200);
    let visitor = stack.bearer(recorded["visitor_token"].as_str().unwrap());
    visitor
        .rate(&request, json!({ "score": 3 }))
        .await
        .expect(200);
    let mut records = stack.stream_records().await;
    assert_eq!(records.len(), 3, "requested, rated, changed: {records:?}");
    records.reverse();
    for _ in 0..2 {
        for record in &records {
            let response = stack.deliver_records(std::slice::from_ref(record)).await;
            assert_eq!(response, json!({ "batchItemFailures": [] }));
            assert_eq!(main_counts(&stack).await, [1, 0, 0, 1, 0, 0]);
        }
    }
    assert!(stack.deliver_stream().await);
    assert_eq!(main_counts(&stack).await, [1, 0, 0, 1, 0, 0]);
}

#[tokio::test]
async fn writes_of_the_counting_function_are_neither_counted_nor_published() {
    let (stack, _aws, _request) = rated_stack().await;
    let listener = stack.listen().await;
    let records = stack.stream_records().await.len();
    assert!(stack.deliver_stream().await);
    assert_eq!(stack.stream_records().await.len(), records);
    // The next published events are those of this rating request.
    let visitor = stack.conversation("c2").await;
    let request = stack.agent("kim").await.ask_for_id("c2").await;
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(201);
    let mut listener = listener;
    let kinds = [listener.next().await.kind, listener.next().await.kind];
    assert_eq!(kinds, ["rating.requested", "rating.submitted"]);
}

#[tokio::test]
async fn an_erased_rating_request_is_counted_even_if_it_was_not_counted_before() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    for (conversation, is_counted_before) in [("c1", true), ("c2", false)] {
        let visitor = stack.conversation(conversation).await;
        let request = agent.ask_for_id(conversation).await;
        let answer = json!({ "score": 5, "comment": "Ana is happy" });
        visitor.rate(&request, answer).await.expect(201);
        if is_counted_before {
            assert!(stack.deliver_stream().await);
        }
        let path = format!("/v1/conversations/{conversation}");
        agent.delete(&path).await.expect(200);
    }
    assert!(stack.deliver_stream().await);
    assert_eq!(main_counts(&stack).await, [2, 0, 0, 0, 0, 2]);
    // Records from before the erasure are redelivered.
    let records = stack.stream_records().await;
    stack.deliver_records(&records).await;
    assert_eq!(main_counts(&stack).await, [2, 0, 0, 0, 0, 2]);
    let text = json!(stack.items().await).to_string();
    assert!(!text.contains("Ana"), "{text}");
}

#[tokio::test]
async fn a_count_made_during_an_erasure_is_kept() {
    let (stack, aws, _request) = rated_stack().await;
    let removes_personal_data = |call: &AwsCall| {
        call.function == "erase-conversations"
            && call.is("dynamodb:UpdateItem")
            && call.mentions("REQUEST#")
    };
    let held = aws.hold(removes_personal_data);
    let agent = stack.agent("kim").await;
    let erasing = tokio::spawn(async move { agent.delete("/v1/conversations/c1").await });
    held.arrived().await;
    assert!(stack.deliver_stream().await);
    held.release();
    erasing.await.unwrap().expect(200);
    let records = stack.stream_records().await;
    stack.deliver_records(&records).await;
    assert_eq!(main_counts(&stack).await, [1, 0, 1, 0, 0, 0]);
    let text = json!(stack.items().await).to_string();
    assert!(!text.contains("Slow"), "{text}");
}

#[tokio::test]
async fn an_expired_and_deleted_rating_request_stays_counted() {
    let (stack, _aws, request) = rated_stack().await;
    assert!(stack.deliver_stream().await);
    stack
        .delete_expired("main#c1", &format!("REQUEST#{request}"))
        .await;
    let records = stack.stream_records().await;
    let response = stack.deliver_records(&records).await;
    assert_eq!(response, json!({ "batchItemFailures": [] }));
    assert_eq!(main_counts(&stack).await, [1, 0, 1, 0, 0, 0]);
}

/// Options with a retention of one day.
fn retained_for_a_day() -> Options {
    Stack::options_with(&[("RetentionDays", "1")])
}

const EIGHT_DAYS: u64 = 8 * 24 * 60 * 60;

#[tokio::test]
async fn a_rating_request_that_replaces_an_expired_one_is_counted_and_published() {
    let stack = Stack::start_with(retained_for_a_day()).await;
    let mut listener = stack.listen().await;
    let agent = stack.agent("kim").await;
    let path = "/v1/conversations/c1/rating-requests";
    let mut ids = Vec::new();
    for (score, expected) in [(2, [1, 0, 1, 0, 0, 0]), (5, [2, 0, 1, 0, 0, 1])] {
        let visitor = stack.conversation("c1").await;
        let created = agent
            .post_with_key(path, "key", json!({}))
            .await
            .expect_first();
        let id = created["rating_request"]["id"].as_str().unwrap().to_owned();
        assert!(stack.deliver_stream().await);
        let mut unanswered = expected;
        unanswered[score] -= 1;
        assert_eq!(main_counts(&stack).await, unanswered);
        let answer = json!({ "score": score });
        visitor.rate(&id, answer).await.expect(201);
        assert!(stack.deliver_stream().await);
        assert_eq!(main_counts(&stack).await, expected);
        ids.push(id);
        // The rating request has expired, but TTL has not deleted it.
        stack.advance(EIGHT_DAYS).await;
    }
    assert_eq!(ids[0], ids[1]);
    let kinds = listener.take(4).await.into_iter().map(|event| event.kind);
    let kinds: Vec<_> = kinds.collect();
    let both = ["rating.requested", "rating.submitted"];
    assert_eq!(kinds, [both, both].concat());
    // Redelivered old records change nothing.
    let records = stack.stream_records().await;
    stack.deliver_records(&records).await;
    assert_eq!(main_counts(&stack).await, [2, 0, 1, 0, 0, 1]);
}

#[tokio::test]
async fn a_transcript_that_replaces_an_expired_one_is_published() {
    let stack = Stack::start_with(retained_for_a_day()).await;
    stack.verified_sender().await;
    let mut listener = stack.listen().await;
    let agent = stack.agent("kim").await;
    let path = "/v1/conversations/c1/transcripts";
    let mut ids = Vec::new();
    for day in ["2026-01-05", "2026-01-13"] {
        stack.conversation("c1").await;
        let sent = agent.post_with_key(path, "key", transcript()).await;
        let sent = sent.expect_first();
        let id = sent["transcript"]["id"].as_str().unwrap().to_owned();
        for event in ["mail-delivered", "mail-bounced"] {
            let event = mail_event(event, "c1", &id).to_string();
            let event = event.replace("2026-01-05", day).parse().unwrap();
            stack.put_mail_events(&[event]).await;
        }
        ids.push(id);
        stack.advance(EIGHT_DAYS).await;
    }
    assert_eq!(ids[0], ids[1]);
    let kinds = listener.take(6).await.into_iter().map(|event| event.kind);
    let kinds: Vec<_> = kinds.collect();
    let all = [
        "transcript.sent",
        "transcript.delivered",
        "transcript.bounced",
    ];
    assert_eq!(kinds, [all, all].concat());
}

#[tokio::test]
async fn a_rating_submitted_during_counting_is_counted() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    let held = aws.hold(counting_calls(WRITE));
    let counts = async { assert!(stack.deliver_stream().await) };
    let answers = held.meanwhile(async {
        visitor
            .rate(&request, json!({ "score": 4 }))
            .await
            .expect(201);
    });
    tokio::join!(counts, answers);
    assert_eq!(main_counts(&stack).await, [1, 0, 0, 0, 1, 0]);
    // The first write is refused, and the second one counts both.
    assert_eq!(aws.count(|call| counting_calls(WRITE)(call)), 2);
}

#[tokio::test]
async fn a_record_is_redelivered_after_a_fault_at_any_call_and_counted_once() {
    for operation in [READ, LIST_ORGANISATION, WRITE] {
        for fault in [
            FaultInjection::Refuse(AwsError::Internal),
            FaultInjection::Refuse(AwsError::Throttled),
            FaultInjection::LoseRequest,
            FaultInjection::LoseReply,
            FaultInjection::ResetReply,
        ] {
            let (stack, aws, _request) = rated_stack().await;
            // The SDK attempts a call three times.
            aws.inject(3, counting_calls(operation), fault.clone());
            let records = stack.stream_records().await;
            let response = stack.deliver_records(&records).await;
            let first = &records[0]["dynamodb"]["SequenceNumber"];
            let failed = json!({ "batchItemFailures": [{ "itemIdentifier": first }] });
            assert_eq!(response, failed, "{operation} {fault:?}");
            aws.stop_faults();
            assert!(stack.deliver_stream().await, "{operation} {fault:?}");
            let counted = main_counts(&stack).await;
            assert_eq!(counted, [1, 0, 1, 0, 0, 0], "{operation} {fault:?}");
        }
    }
}

#[tokio::test]
async fn a_conflict_is_retried_and_finally_reported_as_a_failed_record() {
    let (stack, aws, _request) = rated_stack().await;
    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
    aws.inject(3, counting_calls(WRITE), conflict.clone());
    let records = stack.stream_records().await;
    let done = json!({ "batchItemFailures": [] });
    assert_eq!(stack.deliver_records(&records).await, done);

    let (stack, aws, _request) = rated_stack().await;
    aws.inject_always(counting_calls(WRITE), conflict);
    let records = stack.stream_records().await;
    assert_ne!(stack.deliver_records(&records).await, done);
    aws.stop_faults();
    assert!(stack.deliver_stream().await);
    assert_eq!(main_counts(&stack).await, [1, 0, 1, 0, 0, 0]);
}

#[tokio::test]
async fn a_partially_failed_batch_resumes_at_its_first_failed_record() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let agent = stack.agent("kim").await;
    for conversation in ["c1", "c2", "c3"] {
        stack.conversation(conversation).await;
        agent.ask_for_id(conversation).await;
    }
    let of_c2 = |call: &AwsCall| counting_calls(READ)(call) && call.mentions("main#c2");
    aws.inject_always(of_c2, FaultInjection::Refuse(AwsError::Internal));
    let records = stack.stream_records().await;
    let response = stack.deliver_records(&records).await;
    let number = |record: &Value| record["dynamodb"]["SequenceNumber"].clone();
    let failed = json!({ "batchItemFailures": [{ "itemIdentifier": number(&records[1]) }] });
    assert_eq!(response, failed);
    // The other two are already counted, and are not counted again.
    assert_eq!(main_counts(&stack).await, [2, 0, 0, 0, 0, 0]);
    aws.stop_faults();
    assert!(stack.deliver_stream().await);
    assert_eq!(main_counts(&stack).await, [3, 0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn an_organisation_is_listed_once_and_has_its_own_counts() {
    let (stack, aws) = Stack::start_behind_proxy(Options {
        organisations: true,
        ..Stack::options()
    })
    .await;
    for organisation in ["one", "other"] {
        for conversation in ["c1", "SATISFACTION"] {
            stack.conversation_of(organisation, conversation).await;
            let agent = stack.agent_of(organisation, "kim").await;
            agent.ask_for_id(conversation).await;
            assert!(stack.deliver_stream().await);
        }
    }
    assert_eq!(aws.count(|call| counting_calls(LIST_ORGANISATION)(call)), 2);
    // Erasing a conversation with that id removes no counts.
    let agent = stack.agent_of("one", "kim").await;
    agent
        .delete("/v1/conversations/SATISFACTION")
        .await
        .expect(200);
    for organisation in ["one", "other"] {
        let counts = stack.counts(organisation, CountedBy::Agent).await;
        assert_eq!(total(&counts)[0], 2, "{organisation}");
    }
}

#[tokio::test]
async fn the_local_server_counts_in_the_background_and_loses_no_rating_on_a_restart() {
    let directory = DataDirectory::new();
    let options = |runs_background_functions| {
        directory.options(Options {
            runs_background_functions,
            ..Stack::options()
        })
    };
    let until_counted = async |stack: &Stack, expected: [u64; 6]| {
        let waiting = async {
            // Counting may continue between two reads, so only the last reads must agree.
            while total(&stack.counts("main", CountedBy::Agent).await) != expected {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        assert!(waited.is_ok(), "{:?}", main_counts(stack).await);
        assert_eq!(main_counts(stack).await, expected);
    };
    let stack = Stack::start_with(options(true)).await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    until_counted(&stack, [1, 0, 0, 0, 0, 0]).await;
    stack.stop().await;

    // Without background tasks, new records remain in the stream.
    let stack = Stack::start_with(options(false)).await;
    let visitor = stack.bearer(visitor.token());
    visitor
        .rate(&request, json!({ "score": 3 }))
        .await
        .expect(201);
    stack.stop().await;

    let stack = Stack::start_with(options(true)).await;
    until_counted(&stack, [1, 0, 0, 1, 0, 0]).await;
    stack.stop().await;
}

#[tokio::test]
async fn counting_takes_one_read_and_one_write_and_the_first_time_a_read_of_the_conversation() {
    let (stack, aws, _request) = rated_stack().await;
    assert!(stack.deliver_stream().await);
    let visitor = stack.conversation("c2").await;
    let request = stack.agent("kim").await.ask_for_id("c2").await;
    let (_, trips) = aws.calls_by_round_trip(stack.deliver_stream()).await;
    assert_eq!(operations(&trips), [[READ], [READ], [WRITE]]);
    visitor
        .rate(&request, json!({ "score": 3 }))
        .await
        .expect(201);
    let (_, trips) = aws.calls_by_round_trip(stack.deliver_stream()).await;
    assert_eq!(operations(&trips), [[READ], [WRITE]]);
}

fn operations(trips: &[Vec<AwsCall>]) -> Vec<Vec<&str>> {
    trips
        .iter()
        .map(|trip| trip.iter().map(|call| call.operation.as_str()).collect())
        .collect()
}
