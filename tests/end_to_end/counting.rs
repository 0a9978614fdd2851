//! What is counted of rating requests for the report, from the table's stream.

use std::time::Duration;

use local::Options;
use serde_json::{Value, json};
use store::CountedBy;
use tests::{
    AwsCall, AwsError, AwsProxy, DataDirectory, FaultInjection, Stack, mail_event, recount, total,
    transcript,
};

/// Whether `which` of the function that counts makes a call.
fn counting(operation: &'static str) -> impl Fn(&AwsCall) -> bool + Send + Copy + 'static {
    move |call| call.function == "count-ratings" && call.is(operation)
}

const READ: &str = "dynamodb:GetItem";
const LIST: &str = "dynamodb:PutItem";
const WRITE: &str = "dynamodb:TransactWriteItems";

/// What is counted of `main`: requests, then the ratings of 1 to 5.
async fn counted(stack: &Stack) -> [u64; 6] {
    let by_agent = stack.counts("main", CountedBy::Agent).await;
    let by_channel = stack.counts("main", CountedBy::Channel).await;
    assert_eq!(total(&by_agent), total(&by_channel));
    total(&by_agent)
}

/// A stack with a request in `c1` that was answered with 2.
async fn rated_stack() -> (Stack, AwsProxy, String) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.asked("c1").await;
    let answer = json!({ "score": 2, "comment": "Slow" });
    visitor.rate(&request, answer).await.expect(201);
    (stack, aws, request)
}

#[tokio::test]
async fn each_request_counts_once_with_its_final_score() {
    let stack = Stack::start().await;
    let (kim, jo) = (stack.agent("kim").await, stack.agent("jo").await);
    let visitor = stack.conversation("c1").await;
    let superseded = kim.asked("c1").await;
    assert!(stack.count().await);
    assert_eq!(counted(&stack).await, [1, 0, 0, 0, 0, 0]);

    let answer = json!({ "score": 1 });
    visitor.rate(&superseded, answer).await.expect(201);
    assert!(stack.count().await);
    assert_eq!(counted(&stack).await, [1, 1, 0, 0, 0, 0]);

    let change = json!({ "score": 4, "comment": "Better" });
    visitor.rate(&superseded, change).await.expect(200);
    let same_score = json!({ "score": 4, "comment": "Much better" });
    visitor.rate(&superseded, same_score).await.expect(200);
    let second = jo.asked("c1").await;
    assert!(stack.count().await);
    assert_eq!(counted(&stack).await, [2, 0, 0, 0, 1, 0]);

    visitor
        .rate(&second, json!({ "score": 5 }))
        .await
        .expect(201);
    assert!(stack.count().await);
    assert_eq!(counted(&stack).await, [2, 0, 0, 0, 1, 1]);
    let expected = recount(&stack.items().await, "main");
    assert_eq!(stack.counts("main", CountedBy::Agent).await, expected);
}

#[tokio::test]
async fn a_record_may_come_twice_late_and_out_of_order() {
    let (stack, _aws, request) = rated_stack().await;
    let visitor = stack.platform().await;
    let told = json!({ "status": "open" });
    let told = visitor.put("/v1/conversations/c1", told).await.expect(200);
    let visitor = stack.bearer(told["visitor_token"].as_str().unwrap());
    visitor
        .rate(&request, json!({ "score": 3 }))
        .await
        .expect(200);
    let mut records = stack.stream_records().await;
    assert_eq!(records.len(), 3, "asked, answered, changed: {records:?}");
    records.reverse();
    for _ in 0..2 {
        for record in &records {
            let answer = stack.hand_records(std::slice::from_ref(record)).await;
            assert_eq!(answer, json!({ "batchItemFailures": [] }));
            assert_eq!(counted(&stack).await, [1, 0, 0, 1, 0, 0]);
        }
    }
    assert!(stack.count().await);
    assert_eq!(counted(&stack).await, [1, 0, 0, 1, 0, 0]);
}

#[tokio::test]
async fn what_counting_writes_is_neither_counted_nor_announced_again() {
    let (stack, _aws, _request) = rated_stack().await;
    let listener = stack.listen().await;
    let records = stack.stream_records().await.len();
    assert!(stack.count().await);
    assert_eq!(stack.stream_records().await.len(), records);
    // What is announced next comes next.
    let visitor = stack.conversation("c2").await;
    let request = stack.agent("kim").await.asked("c2").await;
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(201);
    let mut listener = listener;
    let kinds = [listener.next().await.kind, listener.next().await.kind];
    assert_eq!(kinds, ["rating.requested", "rating.submitted"]);
}

#[tokio::test]
async fn an_erased_request_stays_counted_or_is_counted_yet() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    for (conversation, is_counted_before) in [("c1", true), ("c2", false)] {
        let visitor = stack.conversation(conversation).await;
        let request = agent.asked(conversation).await;
        let answer = json!({ "score": 5, "comment": "Ana is happy" });
        visitor.rate(&request, answer).await.expect(201);
        if is_counted_before {
            assert!(stack.count().await);
        }
        let path = format!("/v1/conversations/{conversation}");
        agent.delete(&path).await.expect(200);
    }
    assert!(stack.count().await);
    assert_eq!(counted(&stack).await, [2, 0, 0, 0, 0, 2]);
    // Records of before the erasure come again.
    let records = stack.stream_records().await;
    stack.hand_records(&records).await;
    assert_eq!(counted(&stack).await, [2, 0, 0, 0, 0, 2]);
    let text = json!(stack.items().await).to_string();
    assert!(!text.contains("Ana"), "{text}");
}

#[tokio::test]
async fn a_count_between_the_erasures_read_and_its_write_is_not_taken_back() {
    let (stack, aws, _request) = rated_stack().await;
    let strips = |call: &AwsCall| {
        call.function == "erase-conversations"
            && call.is("dynamodb:UpdateItem")
            && call.mentions("REQUEST#")
    };
    let held = aws.hold(strips);
    let agent = stack.agent("kim").await;
    let erasing = tokio::spawn(async move { agent.delete("/v1/conversations/c1").await });
    held.arrived().await;
    assert!(stack.count().await);
    held.release();
    erasing.await.unwrap().expect(200);
    let records = stack.stream_records().await;
    stack.hand_records(&records).await;
    assert_eq!(counted(&stack).await, [1, 0, 1, 0, 0, 0]);
    let text = json!(stack.items().await).to_string();
    assert!(!text.contains("Slow"), "{text}");
}

#[tokio::test]
async fn a_request_that_expired_and_was_deleted_stays_counted() {
    let (stack, _aws, request) = rated_stack().await;
    assert!(stack.count().await);
    stack.expire("main#c1", &format!("REQUEST#{request}")).await;
    let records = stack.stream_records().await;
    let answer = stack.hand_records(&records).await;
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
    assert_eq!(counted(&stack).await, [1, 0, 1, 0, 0, 0]);
}

/// A stack that keeps a conversation for a day.
fn keeping_a_day() -> Options {
    Options {
        parameters: [("RetentionDays".to_owned(), "1".to_owned())].into(),
        ..Stack::options()
    }
}

const EIGHT_DAYS: u64 = 8 * 24 * 60 * 60;

#[tokio::test]
async fn a_request_that_replaces_an_expired_one_is_counted_and_announced_too() {
    let stack = Stack::start_with(keeping_a_day()).await;
    let mut listener = stack.listen().await;
    let agent = stack.agent("kim").await;
    let path = "/v1/conversations/c1/rating-requests";
    let mut ids = Vec::new();
    for (answer, expected) in [(2, [1, 0, 1, 0, 0, 0]), (5, [2, 0, 1, 0, 0, 1])] {
        let visitor = stack.conversation("c1").await;
        let asked = agent.post_once(path, "key", json!({})).await.expect_first();
        let id = asked["rating_request"]["id"].as_str().unwrap().to_owned();
        assert!(stack.count().await);
        let mut unanswered = expected;
        unanswered[answer] -= 1;
        assert_eq!(counted(&stack).await, unanswered);
        let answer = json!({ "score": answer });
        visitor.rate(&id, answer).await.expect(201);
        assert!(stack.count().await);
        assert_eq!(counted(&stack).await, expected);
        ids.push(id);
        // The request has expired by then, and is not deleted.
        stack.advance(EIGHT_DAYS).await;
    }
    assert_eq!(ids[0], ids[1]);
    let kinds = listener.take(4).await.into_iter().map(|event| event.kind);
    let kinds: Vec<_> = kinds.collect();
    let both = ["rating.requested", "rating.submitted"];
    assert_eq!(kinds, [both, both].concat());
    // Old records change nothing when they come again.
    let records = stack.stream_records().await;
    stack.hand_records(&records).await;
    assert_eq!(counted(&stack).await, [2, 0, 1, 0, 0, 1]);
}

#[tokio::test]
async fn a_transcript_that_replaces_an_expired_one_is_announced_too() {
    let stack = Stack::start_with(keeping_a_day()).await;
    stack.verified_sender().await;
    let mut listener = stack.listen().await;
    let agent = stack.agent("kim").await;
    let path = "/v1/conversations/c1/transcripts";
    let mut ids = Vec::new();
    for day in ["2026-01-05", "2026-01-13"] {
        stack.conversation("c1").await;
        let sent = agent.post_once(path, "key", transcript()).await;
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
async fn an_answer_between_the_read_and_the_count_is_counted_with_it() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.asked("c1").await;
    let held = aws.hold(counting(WRITE));
    let counts = async { assert!(stack.count().await) };
    let answers = async {
        held.arrived().await;
        visitor
            .rate(&request, json!({ "score": 4 }))
            .await
            .expect(201);
        held.release();
    };
    tokio::join!(counts, answers);
    assert_eq!(counted(&stack).await, [1, 0, 0, 0, 1, 0]);
    // The refused write, and the one that counts both.
    assert_eq!(aws.count(|call| counting(WRITE)(call)), 2);
}

#[tokio::test]
async fn each_fault_at_each_call_leaves_a_record_to_come_again_and_counts_it_once() {
    for operation in [READ, LIST, WRITE] {
        for fault in [
            FaultInjection::Refuse(AwsError::Internal),
            FaultInjection::Refuse(AwsError::Throttled),
            FaultInjection::LoseRequest,
            FaultInjection::LoseReply,
            FaultInjection::ResetReply,
        ] {
            let (stack, aws, _request) = rated_stack().await;
            // As often as the SDK tries a call.
            aws.inject(3, counting(operation), fault.clone());
            let records = stack.stream_records().await;
            let answer = stack.hand_records(&records).await;
            let first = &records[0]["dynamodb"]["SequenceNumber"];
            let failed = json!({ "batchItemFailures": [{ "itemIdentifier": first }] });
            assert_eq!(answer, failed, "{operation} {fault:?}");
            aws.stop_faults();
            assert!(stack.count().await, "{operation} {fault:?}");
            let counted = counted(&stack).await;
            assert_eq!(counted, [1, 0, 1, 0, 0, 0], "{operation} {fault:?}");
        }
    }
}

#[tokio::test]
async fn a_conflict_is_tried_again_and_in_the_end_left_to_the_stream() {
    let (stack, aws, _request) = rated_stack().await;
    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
    aws.inject(3, counting(WRITE), conflict.clone());
    let records = stack.stream_records().await;
    let done = json!({ "batchItemFailures": [] });
    assert_eq!(stack.hand_records(&records).await, done);

    let (stack, aws, _request) = rated_stack().await;
    aws.inject_always(counting(WRITE), conflict);
    let records = stack.stream_records().await;
    assert_ne!(stack.hand_records(&records).await, done);
    aws.stop_faults();
    assert!(stack.count().await);
    assert_eq!(counted(&stack).await, [1, 0, 1, 0, 0, 0]);
}

#[tokio::test]
async fn a_batch_that_fails_in_part_begins_again_at_its_first_failure() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let agent = stack.agent("kim").await;
    for conversation in ["c1", "c2", "c3"] {
        stack.conversation(conversation).await;
        agent.asked(conversation).await;
    }
    let of_c2 = |call: &AwsCall| counting(READ)(call) && call.mentions("main#c2");
    aws.inject_always(of_c2, FaultInjection::Refuse(AwsError::Internal));
    let records = stack.stream_records().await;
    let answer = stack.hand_records(&records).await;
    let number = |record: &Value| record["dynamodb"]["SequenceNumber"].clone();
    let failed = json!({ "batchItemFailures": [{ "itemIdentifier": number(&records[1]) }] });
    assert_eq!(answer, failed);
    // The others are counted by then, and not again.
    assert_eq!(counted(&stack).await, [2, 0, 0, 0, 0, 0]);
    aws.stop_faults();
    assert!(stack.count().await);
    assert_eq!(counted(&stack).await, [3, 0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn an_organisation_is_listed_once_and_counts_stay_its_own() {
    let (stack, aws) = Stack::start_behind_proxy(Options {
        organisations: true,
        ..Stack::options()
    })
    .await;
    for organisation in ["one", "other"] {
        for conversation in ["c1", "SATISFACTION"] {
            stack.conversation_of(organisation, conversation).await;
            let agent = stack.agent_of(organisation, "kim").await;
            agent.asked(conversation).await;
            assert!(stack.count().await);
        }
    }
    assert_eq!(aws.count(|call| counting(LIST)(call)), 2);
    // A conversation of that name takes no counts with it.
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
async fn ratings_count_by_themselves_and_not_one_is_lost_when_the_server_starts_again() {
    let directory = DataDirectory::new();
    let options = |runs_in_background| {
        directory.options(Options {
            runs_in_background,
            ..Stack::options()
        })
    };
    let until_counted = async |stack: &Stack, expected: [u64; 6]| {
        let waiting = async {
            // Between two readings something may be counted: only the last ones must agree.
            while total(&stack.counts("main", CountedBy::Agent).await) != expected {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        assert!(waited.is_ok(), "{:?}", counted(stack).await);
        assert_eq!(counted(stack).await, expected);
    };
    let stack = Stack::start_with(options(true)).await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.asked("c1").await;
    until_counted(&stack, [1, 0, 0, 0, 0, 0]).await;
    stack.stop().await;

    // What is written while nothing counts waits in the stream.
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
async fn counting_takes_a_read_and_a_write() {
    let (stack, aws, _request) = rated_stack().await;
    assert!(stack.count().await);
    let visitor = stack.conversation("c2").await;
    let request = stack.agent("kim").await.asked("c2").await;
    let (_, trips) = aws.calls_by_round_trip(stack.count()).await;
    assert_eq!(operations(&trips), [[READ], [WRITE]]);
    visitor
        .rate(&request, json!({ "score": 3 }))
        .await
        .expect(201);
    let (_, trips) = aws.calls_by_round_trip(stack.count()).await;
    assert_eq!(operations(&trips), [[READ], [WRITE]]);
}

fn operations(trips: &[Vec<AwsCall>]) -> Vec<Vec<&str>> {
    trips
        .iter()
        .map(|trip| trip.iter().map(|call| call.operation.as_str()).collect())
        .collect()
}
