//! Claims and releases of the same address that overlap or are interrupted.

use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tests::{AwsCall, AwsProxy, FaultInjection, Held, Reply, SENDER, Stack};

use crate::senders::{
    claim, creates, list, listed_verification, path_of, stack_of_organisations_with,
};

/// Runs two requests so that they overlap. `second` starts when `held` holds a call of `first`. `first`
/// continues when `second` has ended or waits for the lock, which it has then tried to acquire twice.
async fn overlap(
    aws: &AwsProxy,
    first: impl Future<Output = Reply>,
    held: Held,
    second: impl Future<Output = Reply>,
    acquires_lock: fn(&AwsCall) -> bool,
) -> (Reply, Reply) {
    let second = async {
        held.arrived().await;
        aws.forget();
        let second = std::pin::pin!(second);
        let waits = std::pin::pin!(aws.wait_for_calls(2, acquires_lock));
        match select(second, waits).await {
            Either::Left((reply, _)) => {
                held.release();
                reply
            }
            Either::Right(((), second)) => {
                held.release();
                second.await
            }
        }
    };
    tokio::join!(first, second)
}

/// Asserts that neither an identity nor an item is left.
async fn assert_no_identity_is_left(stack: &Stack) {
    assert_eq!(stack.identities().await, []);
    assert_eq!(stack.items().await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_claim_waits_for_a_release_that_has_deleted_the_identity() {
    let (stack, aws, agent) = stack_of_organisations_with(Stack::options()).await;
    assert_eq!(claim(&agent).await, "pending");
    let removes =
        |call: &AwsCall| call.is("dynamodb:TransactWriteItems") && call.mentions("Delete");
    let path = path_of(SENDER);
    let (released, claimed) = overlap(
        &aws,
        agent.delete(&path),
        aws.hold(removes),
        agent.put(&path, json!({})),
        |call| call.mentions("SET made_identity = :true, creating_until"),
    )
    .await;
    released.expect(204);
    assert_eq!(claimed.expect(201)["sender"]["verification"], "pending");

    agent.delete(&path).await.expect(204);
    assert_no_identity_is_left(&stack).await;
}

#[tokio::test]
async fn a_release_waits_for_a_claim_that_creates_the_identity() {
    let (stack, aws, agent) = stack_of_organisations_with(Stack::options()).await;
    let path = path_of(SENDER);
    let (claimed, released) = overlap(
        &aws,
        agent.put(&path, json!({})),
        aws.hold(creates),
        agent.delete(&path),
        |call| call.mentions("SET releasing = :id"),
    )
    .await;
    claimed.expect(201);
    released.expect(204);
    assert_no_identity_is_left(&stack).await;
}

#[tokio::test]
async fn an_interrupted_release_is_completed_by_the_next_one_or_undone_by_a_claim() {
    let removes =
        |call: &AwsCall| call.is("dynamodb:TransactWriteItems") && call.mentions("Delete");
    for is_claimed in [false, true] {
        let (stack, aws, agent) = stack_of_organisations_with(Stack::options()).await;
        assert_eq!(claim(&agent).await, "pending");
        stack.identity(SENDER, true).await;
        stack.advance(60).await;
        assert_eq!(listed_verification(&agent).await, "verified");
        aws.inject_always(removes, FaultInjection::LoseRequest);
        agent
            .delete(&path_of(SENDER))
            .await
            .expect_problem(503, "storage_unavailable");
        aws.stop_faults();
        assert_eq!(listed_verification(&agent).await, "pending");

        let stranger = stack.agent_of("other", "kim").await;
        stranger
            .put(&path_of(SENDER), json!({}))
            .await
            .expect_problem(409, "sender_taken");
        if is_claimed {
            stack.advance(61).await;
            assert_eq!(
                listed_verification(&agent).await,
                "failed",
                "its identity is deleted"
            );
            let again = agent.put(&path_of(SENDER), json!({})).await.expect(200);
            assert_eq!(again["sender"]["verification"], "pending");
        }
        agent.delete(&path_of(SENDER)).await.expect(204);
        assert_no_identity_is_left(&stack).await;
        assert_eq!(claim(&stranger).await, "pending");
    }
}

#[tokio::test]
async fn an_address_can_be_released_after_an_interrupted_claim() {
    let (stack, aws, agent) = stack_of_organisations_with(Stack::options()).await;
    aws.inject_always(creates, FaultInjection::LoseReply);
    agent
        .put(&path_of(SENDER), json!({}))
        .await
        .expect_problem(503, "email_unavailable");
    aws.stop_faults();
    assert_eq!(stack.identities().await.len(), 1);
    stack.advance(61).await;
    agent.delete(&path_of(SENDER)).await.expect(204);
    assert_no_identity_is_left(&stack).await;
}

/// An organisation releases an address and claims it again after `delay`, during the release. Then the
/// owner of the address follows every link that SES mailed, and another organisation claims the address.
async fn release_and_claim_concurrently(stack: &Stack, address: &str, delay: Duration) {
    let ours = stack.agent("kim").await;
    let theirs = stack.agent_of("other", "kim").await;
    let path = path_of(address);
    ours.put(&path, json!({})).await.expect(201);
    let claim_again = async {
        tokio::time::sleep(delay).await;
        ours.put(&path, json!({})).await
    };
    let (released, claimed) = tokio::join!(ours.delete(&path), claim_again);
    released.expect(204);
    claimed.expect_success();

    let identities = stack.identities().await;
    let exists = identities.iter().any(|(identity, _)| identity == address);
    let is_listed = list(&ours)
        .await
        .as_array()
        .unwrap()
        .iter()
        .any(|sender| sender["address"] == address);
    assert!(
        is_listed || !exists,
        "{address} has an identity without an owner"
    );
    if exists {
        stack.identity(address, true).await;
    }
    let claimed = theirs.put(&path, json!({})).await;
    if is_listed {
        claimed.expect_problem(409, "sender_taken");
    } else {
        assert_eq!(claimed.expect(201)["sender"]["verification"], "pending");
    }
}

#[tokio::test]
async fn concurrent_releases_and_claims_leave_no_identity_without_a_sender() {
    let (stack, _aws, _agent) = stack_of_organisations_with(Stack::options()).await;
    let pairs = (0..150).map(|n| {
        let address = format!("support-{n}@example.com");
        (address, Duration::from_millis(n % 15))
    });
    stream::iter(pairs)
        .map(|(address, delay)| {
            let stack = &stack;
            async move { release_and_claim_concurrently(stack, &address, delay).await }
        })
        .buffer_unordered(8)
        .collect::<()>()
        .await;
}
