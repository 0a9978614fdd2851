//! Bursts too large to look through their orders: what must hold whichever it was.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use local::Options;
use serde_json::{Value as Json, json};
use tests::{Caller, Reply, Stack};

use crate::model::{AGENT_CAP, ORGANISATION_CAP, SLOTS};

/// A stack with the tests' caps, in a new hour, with two conversations, and the visitor of `c1`.
async fn stack() -> (Stack, Caller) {
    let caps = [
        ("AgentTranscriptsPerHour", AGENT_CAP),
        ("OrganisationTranscriptsPerHour", ORGANISATION_CAP),
    ];
    let stack = Stack::start_with(Options {
        parameters: caps
            .map(|(name, cap)| (name.to_owned(), cap.to_string()))
            .into(),
        ..Stack::options()
    })
    .await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c2").await;
    let visitor = stack.conversation("c1").await;
    (stack, visitor)
}

async fn agents(stack: &Stack) -> Vec<Caller> {
    join_all(["kim", "lee", "max"].map(|id| stack.agent(id))).await
}

/// How many replies there are of each status.
fn statuses<'a>(replies: impl IntoIterator<Item = &'a Reply>) -> BTreeMap<u16, usize> {
    let mut count = BTreeMap::new();
    for reply in replies {
        *count.entry(reply.status).or_default() += 1;
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_99_askings_of_three_agents_one_of_each_is_done() {
    let (stack, _visitor) = stack().await;
    let agents = agents(&stack).await;
    let asking = (0..99).map(|place| agents[place % 3].ask("c1"));
    let replies = join_all(asking).await;
    assert_eq!(statuses(&replies), BTreeMap::from([(201, 3), (429, 96)]));
    for agent in 0..3 {
        let own = replies.iter().skip(agent).step_by(3);
        assert_eq!(statuses(own)[&201], 1);
    }
    let asked = agents[0].events("c1", "rating_requested").await;
    assert_eq!(asked.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_60_sends_of_three_agents_no_limit_lets_one_too_many_through() {
    let (stack, _visitor) = stack().await;
    let agents = agents(&stack).await;
    let cap = usize::try_from(ORGANISATION_CAP).unwrap();
    let mut of_agents = [0; 3];
    for (conversation, allowed) in [("c1", SLOTS), ("c2", cap - SLOTS)] {
        let sending = (0..30).map(|place| agents[place % 3].send_transcript(conversation));
        let replies = join_all(sending).await;
        let expected = BTreeMap::from([(201, allowed), (429, 30 - allowed)]);
        assert_eq!(statuses(&replies), expected);
        for (place, reply) in replies.iter().enumerate() {
            of_agents[place % 3] += u32::from(reply.status == 201);
        }
        let events = agents[0].events(conversation, "transcript_sent").await;
        assert_eq!(events.len(), allowed);
    }
    assert!(of_agents.iter().all(|sent| *sent <= AGENT_CAP));
    assert_eq!(stack.outbox().await.len(), cap);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_many_changes_at_once_starts_from_what_another_left() {
    let (stack, visitor) = stack().await;
    let agent = stack.agent("kim").await;
    let request = agent.asked("c1").await;
    let rating = (0..25).map(|place| {
        let answer = json!({ "score": 1 + place % 5, "comment": format!("{place}") });
        visitor.rate(&request, answer)
    });
    let replies = join_all(rating).await;
    let given = |reply: &&Reply| reply.status < 300;
    assert_eq!(statuses(replies.iter().filter(given))[&201], 1);
    for reply in replies.iter().filter(|reply| !given(reply)) {
        reply.clone().expect_problem(503, "storage_unavailable");
    }
    let value = |body: &Json| (body["score"].clone(), body["comment"].clone());
    let first = agent.events("c1", "rating_submitted").await;
    let changes = agent.events("c1", "rating_changed").await;
    assert_eq!(first.len(), 1);
    assert_eq!(1 + changes.len(), replies.iter().filter(given).count());

    // From the first value on, each change is the only one that starts from its value.
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
    let mut stands = value(&first[0]);
    while let Some(new) = next.remove(&format!("{stands:?}")) {
        stands = new;
    }
    assert_eq!(next, BTreeMap::new());
    assert_eq!(value(&agent.conversation("c1").await["rating"]), stands);
}
