//! Erasure while a transcript is being sent.

use tests::{Stack, transcript_with_faces};

use crate::erasure::{CONVERSATION, begin_erasure, erase, partition, sort_keys};

#[tokio::test]
async fn a_slot_reserved_before_the_erasure_is_returned_to_the_other_limits() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    stack.next_sends(&["reject"]).await;
    let held = aws.hold(|call| call.is("ses:SendEmail"));
    let sending = agent.send_transcript("c1");
    let erasure = held.meanwhile(async {
        begin_erasure(&agent, CONVERSATION).await;
    });
    let (sent, ()) = tokio::join!(sending, erasure);
    sent.expect_problem(502, "email_refused");
    erase(&agent, CONVERSATION).await;
    let left = partition(&stack, "c1").await;
    assert_eq!(sort_keys(&left), ["CONVERSATION"]);
    let counters: Vec<_> = stack
        .items()
        .await
        .into_iter()
        .filter(|item| item.get("sent_count").is_some())
        .map(|item| item["sent_count"]["N"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(counters, ["0", "0"]);
}

#[tokio::test]
async fn no_transcript_is_sent_if_the_conversation_is_erased_before_its_rating_request() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let held = aws.hold(|call| call.mentions("rating_requested"));
    let erasure = held.meanwhile(async {
        begin_erasure(&agent, CONVERSATION).await;
    });
    let (sent, ()) = tokio::join!(
        agent.send_transcript_as("c1", transcript_with_faces()),
        erasure
    );
    sent.expect_problem(404, "conversation_not_found");
    assert_eq!(stack.outbox().await.len(), 0);
    erase(&agent, CONVERSATION).await;
    assert_eq!(sort_keys(&partition(&stack, "c1").await), ["CONVERSATION"]);
}

#[tokio::test]
async fn an_erasure_is_not_done_until_the_lease_of_a_transcript_in_progress_ends() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.begin_an_hour().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    stack.conversation("c2").await;
    let agent = stack.agent("kim").await;
    let held = aws.hold(|call| call.is("ses:SendEmail"));
    let erasure = held.meanwhile(async {
        // The visitor's other conversation is erased meanwhile.
        let visitor = "/v1/visitors/ana@example.org";
        let body = agent.delete(visitor).await.expect(202);
        assert_eq!(body["done"], false);
        agent
            .get("/v1/conversations/c2")
            .await
            .expect_problem(404, "conversation_not_found");
        stack.advance(31).await;
        assert_eq!(erase(&agent, visitor).await.len(), 1);
    });
    let (sent, ()) = tokio::join!(agent.send_transcript("c1"), erasure);
    sent.expect(201);
    assert_eq!(sort_keys(&partition(&stack, "c1").await), ["CONVERSATION"]);
}
