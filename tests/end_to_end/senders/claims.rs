//! Claims of addresses.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{AwsCall, FaultInjection, SENDER};

use crate::senders::{
    claim, creates, deletes, list, listed_verification, lists_identities, path_of, ses_unavailable,
    stack, stack_of_organisations,
};

#[tokio::test]
async fn claiming_a_new_address_creates_an_ses_identity_and_is_pending() {
    let (_stack, aws, agent) = stack().await;
    let claimed = agent
        .put(&path_of(SENDER), json!({ "name": "Acme" }))
        .await
        .expect(201);
    let sender = json!({ "address": SENDER, "name": "Acme", "verification": "pending" });
    assert_eq!(claimed, json!({ "sender": sender }));
    assert_eq!(list(&agent).await, json!([sender]));
    let created: Vec<_> = aws.calls().into_iter().filter(creates).collect();
    assert_eq!(created.len(), 1);
    assert_eq!(created[0].body["EmailIdentity"], SENDER);
}

#[tokio::test]
async fn claiming_again_changes_the_name_only_if_one_is_given() {
    let (_stack, aws, agent) = stack().await;
    let path = path_of(SENDER);
    let named = json!({ "name": "Acme" });
    agent.put(&path, named).await.expect(201);
    let unchanged = agent.put(&path, json!({})).await.expect(200);
    assert_eq!(unchanged["sender"]["name"], "Acme");
    let renamed = agent.put(&path, json!({ "name": "Zoë" })).await.expect(200);
    assert_eq!(renamed["sender"]["name"], "Zoë");
    assert_eq!(list(&agent).await[0]["name"], "Zoë");
    assert_eq!(aws.count(|call| creates(call)), 1);
}

#[tokio::test]
async fn claiming_again_restarts_a_failed_verification() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.identity(SENDER, false).await;
    stack.advance(60).await;
    assert_eq!(listed_verification(&agent).await, "failed");

    let again = agent.put(&path_of(SENDER), json!({})).await.expect(200);
    assert_eq!(again["sender"]["verification"], "pending");
    assert_eq!(aws.count(|call| deletes(call)), 1);
    assert_eq!(aws.count(|call| creates(call)), 2);
    stack.identity(SENDER, true).await;
    stack.advance(60).await;
    assert_eq!(listed_verification(&agent).await, "verified");
}

#[tokio::test]
async fn a_failed_identity_that_existed_before_is_not_changed() {
    let (stack, aws, agent) = stack().await;
    stack.identity(SENDER, false).await;
    stack.identity(SENDER, false).await;
    assert_eq!(claim(&agent).await, "failed");
    assert_eq!(aws.count(|call| creates(call) || deletes(call)), 0);
}

#[tokio::test]
async fn a_claim_that_failed_because_of_ses_is_completed_by_the_next_one() {
    let ses: [fn(&AwsCall) -> bool; 2] = [lists_identities, creates];
    for unavailable in ses {
        let (stack, aws, agent) = stack().await;
        aws.inject_always(unavailable, ses_unavailable());
        agent
            .put(&path_of(SENDER), json!({ "name": "Acme" }))
            .await
            .expect_problem(503, "email_unavailable");
        assert_eq!(listed_verification(&agent).await, "pending");

        aws.stop_faults();
        let again = agent.put(&path_of(SENDER), json!({})).await.expect(200);
        assert_eq!(again["sender"]["name"], "Acme");
        assert_eq!(again["sender"]["verification"], "pending");
        stack.identity(SENDER, true).await;
        stack.advance(60).await;
        assert_eq!(listed_verification(&agent).await, "verified");
    }
}

#[tokio::test]
async fn a_claim_and_a_release_succeed_after_lost_replies() {
    let (stack, aws, agent) = stack().await;
    let transacts = |call: &AwsCall| call.is("dynamodb:TransactWriteItems");
    aws.inject(1, transacts, FaultInjection::LoseReply);
    aws.inject(1, creates, FaultInjection::LoseReply);
    assert_eq!(claim(&agent).await, "pending");
    assert_eq!(aws.count(|call| creates(call)), 2);

    aws.inject(1, deletes, FaultInjection::LoseReply);
    aws.inject(1, transacts, FaultInjection::LoseReply);
    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_eq!(stack.items().await, [] as [Value; 0]);
}

#[tokio::test]
async fn an_address_belongs_to_the_organisation_that_claimed_it_first() {
    let (stack, aws, agent) = stack_of_organisations().await;
    assert_eq!(claim(&agent).await, "pending");
    let stranger = stack.agent_of("other", "kim").await;
    let before = stack.all_data().await;
    aws.forget();
    for path in [path_of(SENDER), path_of("Support@EXAMPLE.com")] {
        stranger
            .put(&path, json!({ "name": "Theirs" }))
            .await
            .expect_problem(409, "sender_taken");
        stranger
            .delete(&path)
            .await
            .expect_problem(404, "sender_not_found");
    }
    assert_eq!(list(&stranger).await, json!([]));
    assert_eq!(stack.all_data().await, before);
    assert_eq!(aws.count(|call| creates(call) || deletes(call)), 0);

    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_eq!(claim(&stranger).await, "pending");
}

#[tokio::test]
async fn of_concurrent_claims_by_organisations_one_succeeds() {
    let (stack, aws, _agent) = stack_of_organisations().await;
    let mut agents = Vec::new();
    for organisation in ["a", "b", "c", "d", "e"] {
        agents.push(stack.agent_of(organisation, "kim").await);
    }
    let path = path_of(SENDER);
    let claims = agents.iter().map(|agent| agent.put(&path, json!({})));
    let (won, lost): (Vec<_>, Vec<_>) = join_all(claims)
        .await
        .into_iter()
        .partition(|reply| reply.status == 201);
    assert_eq!(won.len(), 1);
    for reply in lost {
        reply.expect_problem(409, "sender_taken");
    }
    assert_eq!(aws.count(|call| creates(call)), 1);
}

#[tokio::test]
async fn concurrent_claims_succeed_although_ses_allows_one_call_a_second() {
    let (stack, aws, agent) = stack().await;
    let other = stack.agent("lee").await;
    let (first, second) = (path_of(SENDER), path_of("hello@example.net"));
    let (first, second) = tokio::join!(agent.put(&first, json!({})), other.put(&second, json!({})));
    for claimed in [first, second] {
        assert_eq!(claimed.expect(201)["sender"]["verification"], "pending");
    }
    assert!(aws.count(|call| call.was_throttled()) > 0);
    assert_eq!(stack.identities().await.len(), 2);
}

#[tokio::test]
async fn an_identity_is_found_in_an_account_with_many_identities() {
    let (stack, aws, agent) = stack().await;
    // SES lists them before the sender, and they fill the first page.
    let others: Vec<_> = (0..1_000).map(|n| format!("a{n:04}@example.com")).collect();
    let other_domains = (0..10).map(|n| format!("a{n}.example.org"));
    for identity in others.into_iter().chain(other_domains) {
        stack.identity(&identity, true).await;
    }
    stack.identity(SENDER, true).await;
    assert_eq!(claim(&agent).await, "verified");
    assert_eq!(aws.count(|call| lists_identities(call)), 2);
    assert_eq!(aws.count(|call| creates(call)), 0);
}
