//! Bursts with too many possible orders for the model. The tests check what is true in every order.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value as Json, json};
use tests::{Caller, Reply, Stack};

use crate::model::{AGENT_CAP, ORGANISATION_CAP, SLOTS};
use crate::system::options_with_caps;

/// A stack with the model's caps and two conversations in a new clock hour, and the visitor of `c1`.
async fn stack() -> (Stack, Caller) {
    let stack = Stack::start_with(options_with_caps()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c2").await;
    let visitor = stack.conversation("c1").await;
    (stack, visitor)
}

async fn agents(stack: &Stack) -> Vec<Caller> {
    join_all(["kim", "lee", "max"].map(|id| stack.agent(id))).await
}

/// The number of replies by status.
fn statuses<'a>(replies: impl IntoIterator<Item = &'a Reply>) -> BTreeMap<u16, usize> {
    let mut count = BTreeMap::new();
    for reply in replies {
        *count.entry(reply.status).or_default() += 1;
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_99_rating_requests_by_three_agents_one_per_agent_succeeds() {
    let (stack, _visitor) = stack().await;
    let agents = agents(&stack).await;
    let requests = (0..99).map(|index| agents[index % 3].ask("c1"));
    let replies = join_all(requests).await;
    assert_eq!(statuses(&replies), BTreeMap::from([(201, 3), (429, 96)]));
    for agent in 0..3 {
        let own = replies.iter().skip(agent).step_by(3);
        assert_eq!(statuses(own)[&201], 1);
    }
    let events = agents[0].events("c1", "rating_requested").await;
    assert_eq!(events.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_60_transcripts_by_three_agents_no_limit_is_exceeded() {
    let (stack, _visitor) = stack().await;
    let agents = agents(&stack).await;
    let cap = usize::try_from(ORGANISATION_CAP).unwrap();
    let mut sent_by_agent = [0; 3];
    for (conversation, allowed) in [("c1", SLOTS), ("c2", cap - SLOTS)] {
        let requests = (0..30).map(|index| agents[index % 3].send_transcript(conversation));
        let replies = join_all(requests).await;
        let expected = BTreeMap::from([(201, allowed), (429, 30 - allowed)]);
        assert_eq!(statuses(&replies), expected);
        for (index, reply) in replies.iter().enumerate() {
            sent_by_agent[index % 3] += u32::from(reply.status == 201);
        }
        let events = agents[0].events(conversation, "transcript_sent").await;
        assert_eq!(events.len(), allowed);
    }
    assert!(sent_by_agent.iter().all(|sent| *sent <= AGENT_CAP));
    assert_eq!(stack.outbox().await.len(), cap);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_25_concurrent_changes_starts_from_the_value_of_another() {
    let (stack, visitor) = stack().await;
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    let requests = (0..25).map(|index| {
        let answer = json!({ "score": 1 + index % 5, "comment": format!("{index}") });
        visitor.rate(&request, answer)
    });
    let replies = join_all(requests).await;
    let is_success = |reply: &&Reply| reply.status < 300;
    assert_eq!(statuses(replies.iter().filter(is_success))[&201], 1);
    for reply in replies.iter().filter(|reply| !is_success(reply)) {
        reply.clone().expect_problem(503, "storage_unavailable");
    }
    let value = |body: &Json| (body["score"].clone(), body["comment"].clone());
    let first = agent.events("c1", "rating_submitted").await;
    let changes = agent.events("c1", "rating_changed").await;
    assert_eq!(first.len(), 1);
    assert_eq!(1 + changes.len(), replies.iter().filter(is_success).count());

    // The changes form one chain from the first value: each starts from the value of another.
    let mut next: BTreeMap<String, (Json, Json)> = changes
        .iter()
        .map(|change| {
            (
                format!("{:?}", value(&change["old"])),
                value(&change["new"]),
            )
        })
        .collect();
    assert_eq!(next.len(), changes.len());
    let mut current = value(&first[0]);
    while let Some(new) = next.remove(&format!("{current:?}")) {
        current = new;
    }
    assert_eq!(next, BTreeMap::new());
    assert_eq!(value(&agent.conversation("c1").await["rating"]), current);
}
