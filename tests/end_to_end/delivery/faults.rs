use serde_json::json;
use tests::{AwsCall, AwsError, FaultInjection};

use crate::delivery::{conversation_in, count_events, event_of, put, stack, state_of};

fn writes(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems")
}

/// How often the SDK attempts a call.
const SDK_ATTEMPTS: usize = 3;

#[tokio::test]
async fn an_event_is_redelivered_after_a_fault() {
    let (stack, aws, agent) = stack().await;
    for (index, fault) in [
        FaultInjection::Refuse(AwsError::Internal),
        FaultInjection::Refuse(AwsError::Throttled),
        FaultInjection::LoseRequest,
    ]
    .into_iter()
    .enumerate()
    {
        for reads_fail in [true, false] {
            let id = format!("c{index}-{reads_fail}");
            conversation_in(&stack, &aws, &agent, &id, "unknown").await;
            let event = event_of(&agent, &id, "mail-bounced").await;
            let matches_call = move |call: &AwsCall| call.is("dynamodb:GetItem") == reads_fail;
            aws.inject(SDK_ATTEMPTS, matches_call, fault.clone());
            let deliveries = stack.put_mail_events(&[event]).await;
            let second_attempt =
                json!([{ "function": "track-delivery", "attempts": 2, "succeeded": true }]);
            assert_eq!(deliveries, [second_attempt], "{id}");
            assert_eq!(state_of(&agent, &id).await, "bounced");
            assert_eq!(count_events(&agent, &id).await, [1, 1, 0]);
            aws.stop_faults();
        }
    }
}

#[tokio::test]
async fn an_event_whose_every_attempt_fails_becomes_a_dead_letter() {
    let (stack, aws, agent) = stack().await;
    conversation_in(&stack, &aws, &agent, "c1", "sent").await;
    let event = event_of(&agent, "c1", "mail-complained").await;
    let before = stack.all_data().await;
    aws.inject_always(writes, FaultInjection::Refuse(AwsError::Internal));
    let deliveries = stack.put_mail_events(std::slice::from_ref(&event)).await;
    let all_attempts_failed =
        json!([{ "function": "track-delivery", "attempts": 3, "succeeded": false }]);
    assert_eq!(deliveries, [all_attempts_failed]);
    aws.stop_faults();
    assert_eq!(stack.all_data().await, before);

    // After a redrive from the dead-letter queue, the event takes effect.
    put(&stack, event).await;
    assert_eq!(state_of(&agent, "c1").await, "complained");
}

#[tokio::test]
async fn a_lost_dynamodb_response_does_not_add_a_second_thread_event() {
    let (stack, aws, agent) = stack().await;
    for state in ["reserved", "sent"] {
        conversation_in(&stack, &aws, &agent, state, state).await;
        let event = event_of(&agent, state, "mail-bounced").await;
        aws.inject(2, writes, FaultInjection::LoseReply);
        put(&stack, event).await;
        aws.stop_faults();
        assert_eq!(state_of(&agent, state).await, "bounced");
        assert_eq!(count_events(&agent, state).await, [1, 1, 0]);
    }
}

#[tokio::test]
async fn conflicts_with_other_transactions_are_retried() {
    let (stack, aws, agent) = stack().await;
    conversation_in(&stack, &aws, &agent, "c1", "reserved").await;
    let event = event_of(&agent, "c1", "mail-delivered").await;
    aws.inject(
        3,
        writes,
        FaultInjection::Refuse(AwsError::TransactionConflict),
    );
    put(&stack, event).await;
    assert_eq!(state_of(&agent, "c1").await, "delivered");
    assert_eq!(count_events(&agent, "c1").await, [1, 0, 0]);
}
