//! Responses to failures of AWS and to timeouts.

use std::time::Duration;

use serde_json::json;
use tests::{AwsError, Callers, FaultInjection, RealBinaries, Reply, SENDER, Stack, transcript};

use crate::contract::responses::{ObservedResponses, offer, path};

/// Less than the time that a function reserves for its response.
const TOO_LITTLE_TIME: Duration = Duration::from_millis(200);

pub(super) async fn fail_to_send(observed: &mut ObservedResponses) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let Callers { agent, .. } = Callers::of(&stack).await;
    stack.verified_sender().await;

    stack.next_sends(&["reject"]).await;
    let reply = agent.send_transcript("c1").await;
    observed.record("sendTranscript 502 email_refused", reply);
    stack.next_sends(&["throttle", "throttle"]).await;
    let reply = agent.send_transcript("c1").await;
    observed.record("sendTranscript 503 email_unavailable", reply);
    stack.next_sends(&["lost_reply"]).await;
    for is_replay in [false, true] {
        let reply = agent.send_transcript_with_key("c1", "lost").await;
        let replayed = !reply.header("idempotent-replayed").is_empty();
        assert_eq!(replayed, is_replay);
        observed.record("sendTranscript 504 email_outcome_unknown", reply);
    }
    let reply = agent.get("/v1/conversations/c1").await;
    observed.record("readConversation 200", reply);

    let held = aws.hold(|call| call.is("ses:SendEmail"));
    let first = agent.send_transcript_with_key("c1", "held");
    let second = async {
        held.arrived().await;
        let reply = agent.send_transcript_with_key("c1", "held").await;
        held.release();
        reply
    };
    let (first, second) = tokio::join!(first, second);
    observed.record("sendTranscript 409 idempotency_key_in_use", second);
    observed.record("sendTranscript 201", first);
}

pub(super) async fn fail_to_read_a_platform(observed: &mut ObservedResponses) {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    stack.verified_sender().await;
    agent.put("/v1/settings", offer()).await.expect(200);
    // The id is one of a conversation on a chat platform.
    let conversation = "cw-0123456789ab-1";
    let visitor = stack.conversation(conversation).await;
    // Each of the three requests attempts the invocation three times.
    let faults = ["error", "throttle", "lost_reply"].repeat(3);
    stack.next_invocations(&faults).await;
    let reply = agent.send_transcript(conversation).await;
    observed.record("sendTranscript 503 platform_unavailable", reply);
    let path = format!("/v1/conversations/{conversation}/transcripts/preview");
    let reply = agent.post(&path, transcript()).await;
    observed.record("previewTranscript 503 platform_unavailable", reply);
    let reply = visitor.post("/v1/visitor/transcripts", json!({})).await;
    observed.record("sendVisitorTranscript 503 platform_unavailable", reply);
}

pub(super) async fn fail_to_send_to_visitors(observed: &mut ObservedResponses) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let Callers { agent, visitor } = Callers::of(&stack).await;
    stack.verified_sender().await;
    agent.put("/v1/settings", offer()).await.expect(200);
    let send = async |key: &str| {
        let path = "/v1/visitor/transcripts";
        visitor.post_with_key(path, key, json!({})).await
    };

    stack.next_sends(&["reject"]).await;
    let reply = send("rejected").await;
    observed.record("sendVisitorTranscript 502 email_refused", reply);
    stack.next_sends(&["throttle", "throttle"]).await;
    let reply = send("throttled").await;
    observed.record("sendVisitorTranscript 503 email_unavailable", reply);
    stack.next_sends(&["lost_reply"]).await;
    for _ in 0..2 {
        let reply = send("lost").await;
        observed.record("sendVisitorTranscript 504 email_outcome_unknown", reply);
    }
    let held = aws.hold(|call| call.is("ses:SendEmail"));
    let first = send("held");
    let second = async {
        held.arrived().await;
        let reply = send("held").await;
        held.release();
        reply
    };
    let (first, second) = tokio::join!(first, second);
    observed.record("sendVisitorTranscript 409 idempotency_key_in_use", second);
    observed.record("sendVisitorTranscript 201", first);
}

pub(super) async fn fail_aws_calls(observed: &mut ObservedResponses) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    let callers = Callers::of(&stack).await;
    // The stack creates the identity of this sender, so that deleting the sender calls SES.
    let sender = format!("/v1/senders/{SENDER}");
    callers.agent.put(&sender, json!({})).await.expect(201);

    let down = || AwsError::Ses(503, "ServiceUnavailable", "Down".to_owned());
    let denied = || AwsError::Ses(400, "AccessDeniedException", "No".to_owned());
    aws.inject_always(
        |call| call.operation.starts_with("ses:"),
        FaultInjection::Refuse(down()),
    );
    for operation in observed.operations_with("503 email_unavailable") {
        if !operation.id.starts_with("send") {
            let request = callers.request(&operation, &path(&operation));
            let name = format!("{} 503 email_unavailable", operation.id);
            observed.record(&name, Reply::of(request).await);
        }
    }
    for (kind, error) in [
        ("500 internal_error", denied()),
        ("503 storage_unavailable", AwsError::Internal),
    ] {
        aws.stop_faults();
        aws.inject_always(|_| true, FaultInjection::Refuse(error));
        for operation in observed.operations_with(kind) {
            let request = callers.request(&operation, &path(&operation));
            observed.record(
                &format!("{} {kind}", operation.id),
                Reply::of(request).await,
            );
        }
    }
}

/// Uses the runtime API, where a request can have a deadline in the near future.
pub(super) async fn run_out_of_time(observed: &mut ObservedResponses) {
    let lambda = RealBinaries::start().await;
    let agent = lambda.agent("kim");
    let conversation = json!({ "channel": "widget" });
    let recorded = agent.put("/v1/conversations/c1", conversation).await;
    let recorded = observed.record("recordConversation 201", recorded);
    let visitor = lambda.visitor(recorded["visitor_token"].as_str().unwrap());
    for operation in observed.operations_with("503 timed_out") {
        let caller = match operation.scopes {
            Some(_) => &agent,
            None => &visitor,
        };
        let body = operation.example_body.as_ref();
        let event = caller.event(&operation.method, &path(&operation), body);
        let reply = lambda.invoke_within(TOO_LITTLE_TIME, &event).await;
        observed.record(&format!("{} 503 timed_out", operation.id), reply);
    }
}
