//! Releases of claimed addresses.

use serde_json::{Value, json};
use tests::SENDER;

use crate::senders::{claim, deletes, list, listed_verification, path_of, ses_unavailable, stack};

#[tokio::test]
async fn releasing_an_address_deletes_the_identity_that_its_claim_created() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.identity(SENDER, true).await;
    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_eq!(aws.count(|call| deletes(call)), 1);
    assert_eq!(list(&agent).await, json!([]));

    stack.conversation("c1").await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(422, "sender_not_verified");
    assert_eq!(claim(&agent).await, "pending", "SES must verify it again");
}

#[tokio::test]
async fn releasing_an_address_keeps_an_identity_that_existed_before() {
    let (stack, aws, agent) = stack().await;
    stack.identity(SENDER, true).await;
    assert_eq!(claim(&agent).await, "verified");
    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_eq!(aws.count(|call| deletes(call)), 0);
    assert_eq!(claim(&agent).await, "verified");
}

#[tokio::test]
async fn releasing_an_unknown_address_is_refused() {
    let (stack, aws, agent) = stack().await;
    agent
        .delete(&path_of("unknown@example.com"))
        .await
        .expect_problem(404, "sender_not_found");
    assert_eq!(claim(&agent).await, "pending");
    agent.delete(&path_of(SENDER)).await.expect(204);
    agent
        .delete(&path_of(SENDER))
        .await
        .expect_problem(404, "sender_not_found");
    assert_eq!(aws.count(|call| deletes(call)), 1);
    assert_eq!(stack.items().await, [] as [Value; 0]);
}

#[tokio::test]
async fn an_address_is_not_released_if_ses_is_unavailable() {
    let (_stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    aws.inject_always(deletes, ses_unavailable());
    agent
        .delete(&path_of(SENDER))
        .await
        .expect_problem(503, "email_unavailable");
    assert_eq!(listed_verification(&agent).await, "pending");

    aws.stop_faults();
    agent.delete(&path_of(SENDER)).await.expect(204);
}
