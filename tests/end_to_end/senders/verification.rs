//! Verification of claimed addresses by SES.

use futures_util::future::join_all;
use local::Options;
use serde_json::json;
use tests::{AwsCall, FaultInjection, FrozenClock, SENDER, Stack};

use crate::senders::{
    claim, creates, list, listed_verification, lists_identities, options, path_of, ses_unavailable,
    stack, stack_of_organisations,
};

#[tokio::test]
async fn a_pending_address_is_checked_with_ses_once_a_minute() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.identity(SENDER, true).await;
    aws.forget();

    stack.advance(50).await;
    assert_eq!(listed_verification(&agent).await, "pending");
    assert_eq!(
        aws.count(|call| lists_identities(call)),
        0,
        "the minute has not passed"
    );
    stack.advance(10).await;
    assert_eq!(listed_verification(&agent).await, "verified");
    assert_eq!(aws.count(|call| lists_identities(call)), 1);

    stack.advance(3_600).await;
    assert_eq!(listed_verification(&agent).await, "verified");
    assert_eq!(
        aws.count(|call| lists_identities(call)),
        1,
        "a verified address is not checked again"
    );
}

#[tokio::test]
async fn an_address_that_is_still_pending_is_checked_again_after_another_minute() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    aws.forget();
    for checks in [1, 2] {
        stack.advance(60).await;
        assert_eq!(listed_verification(&agent).await, "pending");
        assert_eq!(listed_verification(&agent).await, "pending");
        assert_eq!(aws.count(|call| lists_identities(call)), checks);
    }
}

/// Claims [`SENDER`] and sends ten concurrent listings when its check is due. Returns the number of
/// checks.
async fn checks_by_concurrent_listings(options: Options) -> usize {
    let (stack, aws) = Stack::start_behind_proxy(options).await;
    let agent = stack.agent("kim").await;
    assert_eq!(claim(&agent).await, "pending");
    stack.advance(60).await;
    aws.forget();
    for reply in join_all((0..10).map(|_| agent.get("/v1/senders"))).await {
        reply.expect(200);
    }
    aws.count(|call| lists_identities(call))
}

#[tokio::test]
async fn of_concurrent_listings_one_checks_with_ses() {
    assert_eq!(checks_by_concurrent_listings(options()).await, 1);
}

#[tokio::test]
async fn of_listings_in_the_same_millisecond_one_checks_with_ses() {
    let options = Options {
        clock: FrozenClock::at("2026-01-05T09:30:00Z".parse().unwrap()),
        // The clock is frozen, so the rate limit would never allow another call.
        ses_rate_limit: false,
        ..options()
    };
    assert_eq!(checks_by_concurrent_listings(options).await, 1);
}

#[tokio::test]
async fn a_listing_checks_with_ses_even_if_the_reply_to_its_update_is_lost() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.identity(SENDER, true).await;
    stack.advance(60).await;
    aws.forget();
    let updates = |call: &AwsCall| call.is("dynamodb:UpdateItem");
    aws.inject(1, updates, FaultInjection::LoseReply);
    assert_eq!(listed_verification(&agent).await, "verified");
    assert_eq!(aws.count(|call| lists_identities(call)), 1);
    assert_eq!(aws.count(|call| updates(call)), 3);
}

#[tokio::test]
async fn all_pending_addresses_are_checked_in_one_call() {
    let (stack, aws, agent) = stack().await;
    let others = ["hello@example.net", "sales@example.com"].map(path_of);
    assert_eq!(claim(&agent).await, "pending");
    for path in &others {
        agent.put(path, json!({})).await.expect(201);
    }
    stack.identity("hello@example.net", true).await;
    stack.identity("sales@example.com", false).await;
    stack.advance(60).await;
    aws.forget();
    let listed = list(&agent).await;
    let listed: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["verification"].as_str().unwrap())
        .collect();
    assert_eq!(listed, ["verified", "failed", "pending"]);
    assert_eq!(aws.count(|call| call.is_to("ses")), 1);
}

#[tokio::test]
async fn a_listing_shows_the_stored_verification_if_ses_is_unavailable() {
    let (stack, aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.advance(60).await;
    aws.inject_always(lists_identities, ses_unavailable());
    assert_eq!(listed_verification(&agent).await, "pending");
}

#[tokio::test]
async fn a_pending_address_without_an_ses_identity_fails() {
    let (stack, aws, agent) = stack().await;
    aws.inject_always(creates, ses_unavailable());
    agent
        .put(&path_of(SENDER), json!({}))
        .await
        .expect_problem(503, "email_unavailable");
    stack.advance(60).await;
    assert_eq!(listed_verification(&agent).await, "failed");
}

#[tokio::test]
async fn a_verified_domain_verifies_its_addresses_without_further_identities() {
    let (stack, aws, agent) = stack().await;
    stack.identity("example.com", true).await;
    assert_eq!(claim(&agent).await, "verified");
    assert_eq!(aws.count(|call| creates(call)), 0);

    stack.conversation("c1").await;
    stack.identity("ana@example.org", true).await;
    agent.send_transcript("c1").await.expect(201);
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn a_pending_address_is_verified_if_its_domain_is_verified_later() {
    let (stack, _aws, agent) = stack().await;
    assert_eq!(claim(&agent).await, "pending");
    stack.identity("example.com", true).await;
    stack.advance(60).await;
    assert_eq!(listed_verification(&agent).await, "verified");
}

#[tokio::test]
async fn with_several_organisations_a_verified_domain_does_not_verify_addresses() {
    let (stack, aws, agent) = stack_of_organisations().await;
    stack.identity("example.com", true).await;
    assert_eq!(claim(&agent).await, "pending");
    assert_eq!(aws.count(|call| creates(call)), 1);
    stack.advance(60).await;
    assert_eq!(listed_verification(&agent).await, "pending");

    stack.identity(SENDER, true).await;
    stack.advance(60).await;
    assert_eq!(listed_verification(&agent).await, "verified");
}

#[tokio::test]
async fn in_the_ses_sandbox_only_verified_recipients_are_accepted() {
    let (stack, _aws, agent) = stack().await;
    stack.identity("example.com", true).await;
    assert_eq!(claim(&agent).await, "verified");
    stack.conversation("c1").await;
    agent
        .send_transcript("c1")
        .await
        .expect_problem(502, "email_refused");
    stack.identity("example.org", true).await;
    agent.send_transcript("c1").await.expect(201);
}
