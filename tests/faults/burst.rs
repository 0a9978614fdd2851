use std::collections::BTreeMap;

use futures_util::future::join_all;
use tests::{AwsCall, AwsError, Caller, Conflicting, FaultInjection, Reply, Stack};

const REQUESTS: usize = 100;

fn transacts(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems")
}

/// Asserts that one rating request succeeded, and that each other one was refused because of it or
/// failed.
async fn assert_one_succeeded(stack: &Stack, agent: &Caller, replies: Vec<Reply>) {
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for reply in replies {
        *counts.entry(reply.status).or_default() += 1;
        match reply.status {
            201 => reply.expect(201),
            429 => reply.expect_problem(429, "rating_already_requested"),
            _ => reply.expect_problem(503, "storage_unavailable"),
        };
    }
    assert_eq!(counts.get(&201), Some(&1), "{counts:?}");
    assert_eq!(counts.values().sum::<usize>(), REQUESTS);
    assert_eq!(agent.events("c1", "rating_requested").await.len(), 1);
    let items = stack.items().await;
    for kind in ["ASK#", "REQUEST#"] {
        let is_of_kind = |sort_key: &str| sort_key.starts_with(kind);
        let of_kind = items
            .iter()
            .filter(|item| is_of_kind(item["sk"]["S"].as_str().unwrap()));
        assert_eq!(of_kind.count(), 1, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_100_rating_requests_succeeds_if_99_of_100_attempts_conflict() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let mut attempts = 0;
    let is_no_hundredth = move |call: &AwsCall| {
        transacts(call) && {
            attempts += 1;
            attempts % 100 != 0
        }
    };
    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
    aws.inject_always(is_no_hundredth, conflict);
    aws.mix_cancellation_reasons(Conflicting::AtRandom(7));
    let replies = join_all((0..REQUESTS).map(|_| agent.ask("c1"))).await;
    let attempts = aws.count(|call| transacts(call));
    assert!(
        attempts > 2 * REQUESTS,
        "conflicts were not retried: {attempts} attempts"
    );
    assert_one_succeeded(&stack, &agent, replies).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_100_rating_requests_succeeds_if_every_attempt_of_the_others_conflicts() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let mut seen: Vec<String> = Vec::new();
    let is_of_another_request = move |call: &AwsCall| {
        let token = call.body["ClientRequestToken"].as_str().unwrap_or_default();
        if transacts(call) && !seen.iter().any(|other| other == token) {
            seen.push(token.to_owned());
        }
        transacts(call) && seen.get(39).is_none_or(|fortieth| fortieth != token)
    };
    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
    aws.inject_always(is_of_another_request, conflict);
    let replies = join_all((0..REQUESTS).map(|_| agent.ask("c1"))).await;
    let refused = replies.iter().filter(|reply| reply.status == 429).count();
    assert!(
        refused > 0,
        "no request after the successful one was refused"
    );
    assert_one_succeeded(&stack, &agent, replies).await;
}
