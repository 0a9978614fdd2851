//! Writes of counts that fail on every attempt, or whose replies are lost.

use tests::{AwsCall, AwsError, AwsProxy, FaultInjection, Stack};

const DAY: u64 = 24 * 60 * 60;

/// Interrupts each write of counts of what `record` stores, with each kind of fault. Then lets the
/// functions complete, and calls `assert_counted` before and after their roll-up.
pub(crate) async fn interrupt_counting(
    start: impl AsyncFn() -> (Stack, AwsProxy),
    record: impl AsyncFn(&Stack),
    assert_counted: impl AsyncFn(&Stack),
) {
    for fault in [
        FaultInjection::LoseRequest,
        FaultInjection::LoseReply,
        FaultInjection::HalveReply,
        FaultInjection::Refuse(AwsError::TransactionConflict),
    ] {
        for function in ["count-ratings", "roll-up-satisfaction"] {
            let (stack, aws) = start().await;
            record(&stack).await;
            let writes = move |call: &AwsCall| {
                call.function == function && call.is("dynamodb:TransactWriteItems")
            };
            if function == "count-ratings" {
                aws.inject_always(writes, fault.clone());
                stack.deliver_stream().await;
            } else {
                assert!(stack.deliver_stream().await);
                stack.advance(3 * DAY).await;
                aws.inject_always(writes, fault.clone());
                stack.roll_up().await;
            }
            aws.stop_faults();
            stack.advance(60).await;
            assert!(stack.deliver_stream().await, "{fault:?}");
            assert_counted(&stack).await;
            stack.advance(3 * DAY).await;
            assert!(stack.roll_up().await, "{fault:?}");
            assert_counted(&stack).await;
        }
    }
}
