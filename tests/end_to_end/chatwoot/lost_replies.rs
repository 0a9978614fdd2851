//! What is posted is posted once, also if the answer of the server or the function is lost.

use std::time::Duration;

use local_chatwoot::{ApiFault, FaultRule};
use serde_json::Value;

use crate::chatwoot::Team;

/// Asks by a note, while the next post has this `fault`. Returns the event of the rating request, which is a
/// dead letter then.
async fn ask_with(team: &Team, fault: ApiFault) -> Value {
    let mut listener = team.stack.listen().await;
    team.note("/ask-rating");
    team.deliver_hooks().await;
    let rule = FaultRule::next_of("POST", "/messages", fault);
    team.chatwoot.inject_faults([rule]);
    team.stack.deliver_events().await;
    loop {
        let event = listener.next().await;
        if event.kind == "rating.requested" {
            return event.data;
        }
    }
}

#[tokio::test]
async fn a_post_whose_answer_is_lost_is_not_posted_again() {
    for fault in [
        ApiFault::Garbage,
        ApiFault::LostReply,
        ApiFault::Slow(Duration::from_secs(11)),
        ApiFault::Huge(9_000_000),
    ] {
        let team = Team::connected().await;
        let requested = ask_with(&team, fault.clone()).await;
        assert_eq!(team.posts().await.len(), 1, "{fault:?}");
        team.stack.advance(61).await;
        team.stack.put_events(&[requested]).await;
        team.deliver().await;
        let posts = team.posts().await;
        let prompts = posts
            .iter()
            .filter(|it| it["content_type"] == "input_select");
        assert_eq!(prompts.count(), 1, "{fault:?}");
        assert_eq!(posts.len(), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn a_post_that_the_server_refused_is_posted_by_the_next_attempt() {
    for fault in [ApiFault::Status(500), ApiFault::RateLimited] {
        let team = Team::connected().await;
        let requested = ask_with(&team, fault).await;
        assert!(team.posts().await.is_empty());
        team.stack.advance(61).await;
        team.stack.put_events(&[requested]).await;
        team.deliver().await;
        assert_eq!(team.posts().await.len(), 2);
    }
}

#[tokio::test]
async fn repeated_events_post_once() {
    let team = Team::connected().await;
    let mut listener = team.stack.listen().await;
    team.note("/ask-rating");
    team.deliver().await;
    let events = listener.take(2).await;
    let events: Vec<_> = events.into_iter().map(|event| event.data).collect();
    let posts = team.posts().await.len();
    for _ in 0..3 {
        team.stack.put_events(&events).await;
        team.deliver().await;
    }
    assert_eq!(team.posts().await.len(), posts);
}

#[tokio::test]
async fn without_the_bot_nothing_is_lost_and_an_administrator_gets_an_alarm() {
    let team = Team::connected().await;
    team.remove_bot().await;
    let mut listener = team.stack.listen().await;
    let id = team.id().await;
    team.stack.agent("lee").await.ask_for_id(&id).await;
    let requested = listener.next().await;
    assert_eq!(requested.kind, "rating.requested");
    let delivered = team
        .stack
        .put_events(std::slice::from_ref(&requested.data))
        .await;
    let deliveries = delivered[0].as_array().unwrap();
    let of_platform = deliveries
        .iter()
        .find(|it| it["function"] == "call-platform");
    assert_eq!(of_platform.unwrap()["succeeded"], false);
    assert_eq!(team.posts().await.len(), 0);
    // Repeating the call makes a new bot. The dead letter is then sent again.
    team.connect().await;
    team.stack.put_events(&[requested.data]).await;
    assert_eq!(team.posts().await.len(), 2);
}
