//! Roll-ups move the counts of ended days from the shards with pending counts into one item a day.
//! Reports during a roll-up count nothing twice and miss nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::{DaySpan, OrganisationId, ReportDay, Timestamp};
use errors::Cause;
use serde_json::{Value, json};
use store::{CountedBy, key};
use tests::{
    AwsCall, AwsError, AwsProxy, Caller, Counted, FaultInjection, Stack, read_counts, recount,
    total,
};

const DAY: u64 = 24 * 60 * 60;

/// The writes that move counts.
fn moves_counts(call: &AwsCall) -> bool {
    call.function == "roll-up-satisfaction" && call.is("dynamodb:TransactWriteItems")
}

/// The write that marks the end of a roll-up.
fn ends_roll_up(call: &AwsCall) -> bool {
    call.function == "roll-up-satisfaction" && call.is("dynamodb:UpdateItem")
}

async fn stack() -> (Stack, AwsProxy) {
    Stack::start_behind_proxy(Stack::options()).await
}

/// Creates `count` conversations with a rating request each today. Every other request is answered.
async fn request_ratings(
    stack: &Stack,
    agent: &Caller,
    name: &str,
    count: usize,
) -> Vec<(Caller, String)> {
    let mut requests = Vec::new();
    for number in 0..count {
        let conversation = format!("{name}-{number}");
        let visitor = stack.conversation(&conversation).await;
        let request = agent.ask_for_id(&conversation).await;
        if number % 2 == 0 {
            let answer = json!({ "score": number % 5 + 1 });
            visitor.rate(&request, answer).await.expect(201);
        }
        requests.push((visitor, request));
    }
    assert!(stack.deliver_stream().await);
    requests
}

/// The sort keys of the items in a partition.
async fn sort_keys_in(stack: &Stack, partition: &str) -> Vec<String> {
    let items = stack.items().await;
    let items = items.iter().filter(|item| {
        let pk = item["pk"]["S"].as_str().unwrap();
        pk.starts_with(partition)
    });
    items
        .map(|item| item["sk"]["S"].as_str().unwrap().to_owned())
        .collect()
}

/// The pending counts of `main`.
async fn pending_counts(stack: &Stack) -> Vec<Value> {
    let items = stack.items().await.into_iter();
    items
        .filter(|item| {
            let pk = item["pk"]["S"].as_str().unwrap();
            pk.starts_with("main#SATISFACTION#") && !pk.ends_with("DAYS")
        })
        .collect()
}

#[track_caller]
fn assert_counted(counts: &[Counted], items: &[Value]) {
    assert_eq!(counts, recount(items, "main"));
}

#[tokio::test]
async fn a_day_is_rolled_up_after_the_next_day_has_ended() {
    let (stack, _aws) = stack().await;
    let agent = stack.agent("kim").await;
    request_ratings(&stack, &agent, "first", 5).await;
    let before = stack.counts("main", CountedBy::Agent).await;
    for days in [0, 1] {
        stack.advance(days * DAY).await;
        assert!(stack.roll_up().await);
        assert!(
            sort_keys_in(&stack, "main#SATISFACTION#DAYS")
                .await
                .is_empty()
        );
    }
    stack.advance(DAY).await;
    assert!(stack.roll_up().await);
    assert!(pending_counts(&stack).await.is_empty());
    let day = before[0].day;
    assert_eq!(
        sort_keys_in(&stack, "main#SATISFACTION#DAYS").await,
        [
            format!("AGENTS#{day}#00000"),
            format!("DAY#{day}"),
            "FOLD".to_owned()
        ]
    );
    assert_eq!(stack.counts("main", CountedBy::Agent).await, before);
    assert_counted(&before, &stack.items().await);
}

#[tokio::test]
async fn an_answer_after_its_day_was_rolled_up_is_counted_and_rolled_up_by_the_next_run() {
    let (stack, _aws) = stack().await;
    let agent = stack.agent("kim").await;
    let requests = request_ratings(&stack, &agent, "c", 4).await;
    stack.advance(3 * DAY).await;
    assert!(stack.roll_up().await);
    let (visitor, request) = &requests[1];
    visitor
        .rate(request, json!({ "score": 5 }))
        .await
        .expect(201);
    assert!(stack.deliver_stream().await);
    assert_eq!(pending_counts(&stack).await.len(), 1);
    let counts = stack.counts("main", CountedBy::Agent).await;
    assert_counted(&counts, &stack.items().await);
    assert!(stack.roll_up().await);
    assert!(pending_counts(&stack).await.is_empty());
    assert_eq!(stack.counts("main", CountedBy::Agent).await, counts);

    // A change subtracts from counts that are already rolled up.
    visitor
        .rate(request, json!({ "score": 1 }))
        .await
        .expect(200);
    assert!(stack.deliver_stream().await);
    let counts = stack.counts("main", CountedBy::Agent).await;
    assert_counted(&counts, &stack.items().await);
    assert!(stack.roll_up().await);
    assert_eq!(stack.counts("main", CountedBy::Agent).await, counts);
}

#[tokio::test]
async fn an_interrupted_roll_up_is_completed_by_the_next_run() {
    for fault in [
        FaultInjection::LoseRequest,
        FaultInjection::LoseReply,
        FaultInjection::ResetReply,
        FaultInjection::Refuse(AwsError::Internal),
        FaultInjection::Refuse(AwsError::TransactionConflict),
    ] {
        for interrupted in [moves_counts, ends_roll_up] {
            let (stack, aws) = stack().await;
            let agent = stack.agent("kim").await;
            request_ratings(&stack, &agent, "first", 3).await;
            stack.advance(DAY).await;
            request_ratings(&stack, &agent, "second", 3).await;
            stack.advance(3 * DAY).await;
            let before = stack.counts("main", CountedBy::Agent).await;
            aws.inject_always(interrupted, fault.clone());
            // The run may succeed, because it retries transient errors.
            stack.roll_up().await;
            aws.stop_faults();
            stack.advance(30).await;
            let after = stack.counts("main", CountedBy::Agent).await;
            assert_eq!(after, before, "{fault:?}");
            assert!(stack.roll_up().await, "{fault:?}");
            assert!(pending_counts(&stack).await.is_empty(), "{fault:?}");
            let after = stack.counts("main", CountedBy::Agent).await;
            assert_eq!(after, before, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn two_concurrent_roll_ups_move_each_count_once() {
    let (stack, aws) = stack().await;
    let agent = stack.agent("kim").await;
    request_ratings(&stack, &agent, "c", 8).await;
    stack.advance(2 * DAY).await;
    let before = stack.counts("main", CountedBy::Agent).await;
    // The second run moves the counts after the first one has read them.
    let held = aws.hold(moves_counts);
    let (first, second) = tokio::join!(stack.roll_up(), async {
        held.arrived().await;
        let second = stack.roll_up().await;
        held.release();
        second
    });
    assert!(first && second);
    assert!(pending_counts(&stack).await.is_empty());
    assert_eq!(stack.counts("main", CountedBy::Agent).await, before);
}

#[tokio::test]
async fn an_answer_counted_during_the_roll_up_of_its_day_is_not_lost() {
    let (stack, aws) = stack().await;
    let agent = stack.agent("kim").await;
    let requests = request_ratings(&stack, &agent, "c", 2).await;
    stack.advance(2 * DAY).await;
    let held = aws.hold(moves_counts);
    let (rolled_up, ()) = tokio::join!(stack.roll_up(), async {
        held.arrived().await;
        let (visitor, request) = &requests[1];
        visitor
            .rate(request, json!({ "score": 3 }))
            .await
            .expect(201);
        assert!(stack.deliver_stream().await);
        held.release();
    });
    assert!(rolled_up);
    assert!(pending_counts(&stack).await.is_empty());
    let counts = stack.counts("main", CountedBy::Agent).await;
    assert_counted(&counts, &stack.items().await);
}

#[tokio::test]
async fn reads_fail_for_at_most_30_seconds_after_an_interrupted_roll_up() {
    let (stack, aws) = stack().await;
    let agent = stack.agent("kim").await;
    request_ratings(&stack, &agent, "c", 3).await;
    stack.advance(2 * DAY).await;
    let before = stack.counts("main", CountedBy::Agent).await;
    let read = || stack.try_counts(stack.url(), "main", CountedBy::Agent);
    aws.inject_always(ends_roll_up, FaultInjection::LoseRequest);
    assert!(!stack.roll_up().await);
    // The roll-up has no end mark, so a read could mix the counts before and after it.
    let fault = read().await.unwrap_err();
    assert!(matches!(fault.cause(), Cause::Other(_)), "{fault:?}");
    stack.advance(30).await;
    assert_eq!(read().await.unwrap(), before);
}

#[tokio::test]
async fn a_read_that_overlaps_a_roll_up_is_retried() {
    let (stack, aws) = stack().await;
    let agent = stack.agent("kim").await;
    // The partition of the days, and one of the shards.
    let organisation = OrganisationId::parse("main").unwrap();
    let partitions = [
        key::rolled_up_partition(&organisation),
        key::pending_partition(&organisation, key::PENDING_SHARDS - 1),
    ];
    for (number, reads) in partitions.into_iter().enumerate() {
        request_ratings(&stack, &agent, &format!("c{number}"), 3).await;
        stack.advance(2 * DAY).await;
        let before = stack.counts("main", CountedBy::Agent).await;
        let held = {
            let reads = reads.clone();
            aws.hold(move |call| call.is("dynamodb:Query") && call.mentions(&reads))
        };
        let url = aws.url();
        let reading = stack.try_counts(&url, "main", CountedBy::Agent);
        let (read, ()) = tokio::join!(reading, async {
            held.arrived().await;
            assert!(stack.roll_up().await);
            assert!(pending_counts(&stack).await.is_empty());
            held.release();
        });
        assert_eq!(read.unwrap(), before, "{reads}");
    }
}

#[tokio::test]
async fn reads_during_a_roll_up_return_each_count_once() {
    let (stack, _aws) = stack().await;
    let agent = stack.agent("kim").await;
    for day in 0..4 {
        request_ratings(&stack, &agent, &format!("day{day}"), 3).await;
        stack.advance(DAY).await;
    }
    stack.advance(2 * DAY).await;
    let expected = stack.counts("main", CountedBy::Agent).await;
    let is_done = Arc::new(AtomicBool::new(false));
    let reading = async |by: CountedBy| {
        let mut reads = 0;
        while !is_done.load(Ordering::SeqCst) {
            let counts = stack.counts("main", by).await;
            assert_eq!(total(&counts), total(&expected));
            reads += 1;
        }
        reads
    };
    let rolling_up = async {
        let rolled_up = stack.roll_up().await;
        is_done.store(true, Ordering::SeqCst);
        rolled_up
    };
    let (rolled_up, by_agent, by_channel) = tokio::join!(
        rolling_up,
        reading(CountedBy::Agent),
        reading(CountedBy::Channel)
    );
    assert!(rolled_up && by_agent > 0 && by_channel > 0);
    assert!(pending_counts(&stack).await.is_empty());
}

fn span(from: &str, to: &str) -> DaySpan {
    let day = |text| ReportDay::parse(text).unwrap();
    DaySpan::new(day(from), day(to)).unwrap()
}

/// Stores the rolled-up counts of a year: 1,000,000 requests of 5 agents.
async fn put_year(stack: &Stack) {
    let organisation = OrganisationId::parse("main").unwrap();
    let year = span("2024-01-01", "2024-12-31");
    assert_eq!(year.length(), 366);
    for day in year.days() {
        let tally = |requests: u64| {
            let numbers =
                [requests, 0, 1, 2, 10, 20].map(|number| json!({ "N": number.to_string() }));
            json!({ "M": { "widget": { "L": numbers } } })
        };
        let agents: serde_json::Map<String, Value> = (0..5)
            .map(|agent| {
                let counts = json!({ "M": { "name": { "S": format!("Agent {agent}") }, "channels": tally(550) } });
                (format!("agent-{agent}"), counts)
            })
            .collect();
        let day_item = json!({ "day": { "S": day.to_string() }, "channels": tally(2_750) });
        let agents_item = json!({
            "day": { "S": day.to_string() }, "part": { "N": "0" }, "agents": { "M": agents },
        });
        for (key, mut item) in [
            (key::day(&organisation, day), day_item),
            (key::day_agents(&organisation, day, 0), agents_item),
        ] {
            item["pk"] = json!({ "S": key.pk });
            item["sk"] = json!({ "S": key.sk });
            let put = json!({ "TableName": "afterchat", "Item": item });
            stack.dynamodb_as("owner", "PutItem", put).await.expect(200);
        }
    }
}

#[tokio::test]
async fn a_report_of_a_year_needs_a_fixed_number_of_queries_and_runs_few_at_a_time() {
    let (stack, aws) = stack().await;
    put_year(&stack).await;
    let table = stack.table_at(&aws.url());
    let organisation = OrganisationId::parse("main").unwrap();
    let now = Timestamp::parse("2025-01-01T00:00:00Z").unwrap();
    let year = span("2024-01-01", "2024-12-31");
    let shards = usize::from(key::PENDING_SHARDS);
    let queries = |call: &&AwsCall| call.is("dynamodb:Query");
    for (by, days, at_once) in [(CountedBy::Channel, 1, 1), (CountedBy::Agent, 12, 4)] {
        let reading = read_counts(&table, &organisation, year, by, None, now);
        let (counts, trips) = aws.calls_by_round_trip(reading).await;
        let counts = counts.unwrap();
        assert_eq!(total(&counts)[0], 366 * 2_750);
        assert_eq!(aws.count(queries), days + shards, "{by:?}");
        assert!(aws.most_at_once(queries) <= at_once + shards, "{by:?}");
        if by == CountedBy::Channel {
            let calls: Vec<_> = trips.iter().map(Vec::len).collect();
            assert_eq!(calls, [1, days + shards, 1]);
        }
    }
}

#[tokio::test]
async fn a_change_that_is_rolled_up_before_the_rating_that_it_changes_is_counted_correctly() {
    let (stack, _aws) = stack().await;
    let agent = stack.agent("kim").await;
    let requests = request_ratings(&stack, &agent, "c", 5).await;
    // A version with fewer shards counted the requests in other shards, which are rolled up later.
    let former = pending_counts(&stack).await;
    for item in &former {
        let key = |name: &str| item[name]["S"].as_str().unwrap();
        stack.delete_expired(key("pk"), key("sk")).await;
    }
    for (visitor, request) in requests.iter().step_by(2) {
        let change = json!({ "score": 2 });
        visitor.rate(request, change).await.expect(200);
    }
    assert!(stack.deliver_stream().await);
    stack.advance(2 * DAY).await;
    assert!(stack.roll_up().await);
    assert!(pending_counts(&stack).await.is_empty());

    for item in former {
        let put = json!({ "TableName": "afterchat", "Item": item });
        stack.dynamodb_as("owner", "PutItem", put).await.expect(200);
    }
    let counts = stack.counts("main", CountedBy::Agent).await;
    assert_counted(&counts, &stack.items().await);
    assert!(stack.roll_up().await);
    assert!(pending_counts(&stack).await.is_empty());
    for by in [CountedBy::Agent, CountedBy::Channel] {
        assert_eq!(total(&stack.counts("main", by).await), total(&counts));
    }
}
