use std::collections::BTreeMap;

use futures_util::future::join_all;
use tests::{AwsCall, AwsError, Caller, Conflicting, FaultInjection, Reply, Stack};

const ASKS: usize = 100;

fn transacts(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems")
}

/// Asserts that one asking won, and that all others were refused for it or did not get through.
async fn assert_one_winner(stack: &Stack, agent: &Caller, replies: Vec<Reply>) {
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
    assert_eq!(counts.values().sum::<usize>(), ASKS);
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
async fn of_a_hundred_asks_of_whose_tries_99_in_100_conflict_one_wins() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let mut tries = 0;
    let all_but_each_hundredth = move |call: &AwsCall| {
        transacts(call) && {
            tries += 1;
            tries % 100 != 0
        }
    };
    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
    aws.inject_always(all_but_each_hundredth, conflict);
    aws.mix_cancellation_reasons(Conflicting::AtRandom(7));
    let replies = join_all((0..ASKS).map(|_| agent.ask("c1"))).await;
    let tries = aws.count(|call| transacts(call));
    assert!(
        tries > 2 * ASKS,
        "conflicts were tried again: {tries} tries"
    );
    assert_one_winner(&stack, &agent, replies).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_asks_of_which_99_conflict_to_the_end_the_other_wins() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let mut seen: Vec<String> = Vec::new();
    let of_all_but_the_fortieth = move |call: &AwsCall| {
        let token = call.body["ClientRequestToken"].as_str().unwrap_or_default();
        if transacts(call) && !seen.iter().any(|other| other == token) {
            seen.push(token.to_owned());
        }
        transacts(call) && seen.get(39).is_none_or(|fortieth| fortieth != token)
    };
    let conflict = FaultInjection::Refuse(AwsError::TransactionConflict);
    aws.inject_always(of_all_but_the_fortieth, conflict);
    let replies = join_all((0..ASKS).map(|_| agent.ask("c1"))).await;
    let refused = replies.iter().filter(|reply| reply.status == 429).count();
    assert!(refused > 0, "those that came after the winner hear of it");
    assert_one_winner(&stack, &agent, replies).await;
}
