//! Erasure with failing calls of DynamoDB.

use serde_json::json;
use tests::{AwsCall, AwsError, FaultInjection, Stack};

use crate::erasure::{
    CONVERSATION, VISITOR, create_full_conversation, erase, fill, partition, sort_keys,
};

fn is_batch(call: &AwsCall) -> bool {
    call.is("dynamodb:BatchWriteItem")
}

#[tokio::test]
async fn unprocessed_items_of_a_batch_are_retried() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let platform = stack.platform().await;
    stack.conversation("c1").await;
    fill(&platform, "c1", 60).await;
    let agent = stack.agent("kim").await;
    aws.inject(3, is_batch, FaultInjection::Refuse(AwsError::Unprocessed));
    assert_eq!(erase(&agent, CONVERSATION).await, [63]);
    assert_eq!(sort_keys(&partition(&stack, "c1").await), ["CONVERSATION"]);
}

#[tokio::test]
async fn if_items_stay_unprocessed_storage_is_unavailable_and_the_next_request_continues() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    aws.inject_always(is_batch, FaultInjection::Refuse(AwsError::Unprocessed));
    for path in [CONVERSATION, VISITOR] {
        agent
            .delete(path)
            .await
            .expect_problem(503, "storage_unavailable");
        // The conversation is inaccessible nevertheless.
        agent
            .get(CONVERSATION)
            .await
            .expect_problem(404, "conversation_not_found");
    }
    aws.stop_faults();
    assert_eq!(erase(&agent, VISITOR).await, [2]);
    assert_eq!(sort_keys(&partition(&stack, "c1").await), ["CONVERSATION"]);
}

/// After an interruption, the visitor's address still leads to the remaining items.
#[tokio::test]
async fn an_interrupted_erasure_can_be_completed_by_the_visitors_address() {
    for operation in [
        "dynamodb:UpdateItem",
        "dynamodb:PutItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:TransactWriteItems",
    ] {
        for fault in [
            FaultInjection::LoseReply,
            FaultInjection::Refuse(AwsError::Internal),
        ] {
            let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
            let platform = stack.platform().await;
            create_full_conversation(&stack, &platform).await;
            let agent = stack.agent("kim").await;
            aws.inject_always(move |call| call.is(operation), fault.clone());
            agent.delete(CONVERSATION).await;
            aws.stop_faults();
            let removed = erase(&agent, VISITOR).await;
            let repeated = agent.delete(CONVERSATION).await.expect(200);
            assert_eq!(
                repeated,
                json!({ "done": true, "removed": 0 }),
                "{operation}"
            );
            let left = partition(&stack, "c1").await;
            assert_eq!(left.len(), 3, "{operation} {fault:?} {removed:?}");
            assert!(left[0].get("visitors").is_none(), "{}", left[0]);
            assert!(!json!(stack.items().await).to_string().contains("#VISITOR#"));
        }
    }
}

#[tokio::test]
async fn an_erasure_completes_despite_a_lost_dynamodb_response() {
    for operation in [
        "dynamodb:GetItem",
        "dynamodb:UpdateItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:BatchWriteItem",
        "dynamodb:TransactWriteItems",
    ] {
        let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
        stack.conversation("c1").await;
        let agent = stack.agent("kim").await;
        aws.inject(1, move |call| call.is(operation), FaultInjection::LoseReply);
        let body = agent.delete(CONVERSATION).await.expect(200);
        assert_eq!(body["done"], true, "{operation}");
        assert_eq!(sort_keys(&partition(&stack, "c1").await), ["CONVERSATION"]);
    }
}
