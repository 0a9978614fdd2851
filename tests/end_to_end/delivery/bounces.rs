//! Bounce events of SES: permanent failures, temporary failures, and notifications that are not failures.

use serde_json::{Value, json};
use tests::Caller;

use crate::delivery::{conversation_in, event_of, put, stack, state_of, transcript_of};

/// The sample bounce event with this type and these recipients.
async fn bounce(agent: &Caller, conversation: &str, kind: &str, recipients: Value) -> Value {
    let mut event = event_of(agent, conversation, "mail-bounced").await;
    let bounce = &mut event["detail"]["bounce"];
    bounce["bounceType"] = json!(kind);
    bounce["bounceSubType"] = json!("General");
    bounce["bouncedRecipients"] = recipients;
    event
}

fn recipient(action: &str, status: &str) -> Value {
    json!({
        "emailAddress": "ana@example.org",
        "action": action,
        "status": status,
        "diagnosticCode": "smtp; 550 denied",
    })
}

#[tokio::test]
async fn the_status_decides_whether_a_bounce_is_permanent() {
    let (stack, aws, agent) = stack().await;
    for (index, (kind, status, words)) in [
        (
            "Transient",
            "5.3.0",
            "permanently rejected the mail (status 5.3.0)",
        ),
        (
            "Transient",
            "5.3.0 (denied)",
            "permanently rejected the mail (status 5.3.0)",
        ),
        (
            "Undetermined",
            "5.5.0",
            "permanently rejected the mail (status 5.5.0)",
        ),
        (
            "Permanent",
            "4.3.0",
            "permanently rejected the mail (status 4.3.0)",
        ),
        (
            "Transient",
            "4.3.0",
            "It may accept a later one (status 4.3.0)",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("bounce-{index}");
        conversation_in(&stack, &aws, &agent, &id, "sent").await;
        let event = bounce(&agent, &id, kind, json!([recipient("failed", status)])).await;
        put(&stack, event).await;
        let transcript = transcript_of(&agent, &id).await;
        assert_eq!(transcript["state"], "bounced", "{kind} {status}");
        let reason = transcript["reason"].as_str().unwrap();
        assert!(reason.contains(words), "{kind} {status}: {reason}");
        let bounced = agent.events(&id, "transcript_bounced").await;
        assert_eq!(bounced[0]["reason"], reason);
    }
}

#[tokio::test]
async fn a_bounce_event_without_a_failed_recipient_is_not_a_bounce() {
    let (stack, aws, agent) = stack().await;
    for (index, (action, state)) in [
        ("delayed", "delayed"),
        ("Delayed", "delayed"),
        ("RELAYED", "sent"),
        ("delivered", "delivered"),
        ("Expanded", "delivered"),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("notified-{index}");
        conversation_in(&stack, &aws, &agent, &id, "sent").await;
        let recipients = json!([recipient(action, "4.4.1")]);
        let event = bounce(&agent, &id, "Transient", recipients).await;
        put(&stack, event).await;
        assert_eq!(state_of(&agent, &id).await, state, "{action}");
        let bounced = agent.events(&id, "transcript_bounced").await;
        assert!(bounced.is_empty(), "{action}");

        // A mail that was delivered before stays delivered.
        let delivered = event_of(&agent, &id, "mail-delivered").await;
        put(&stack, delivered).await;
        let repeated = bounce(
            &agent,
            &id,
            "Transient",
            json!([recipient(action, "4.4.1")]),
        )
        .await;
        put(&stack, repeated).await;
        assert_eq!(state_of(&agent, &id).await, "delivered", "{action}");
    }
}

#[tokio::test]
async fn one_failed_recipient_of_several_makes_a_bounce() {
    let (stack, aws, agent) = stack().await;
    conversation_in(&stack, &aws, &agent, "c1", "sent").await;
    let recipients = json!([recipient("delayed", "4.4.1"), recipient("failed", "5.1.1")]);
    put(&stack, bounce(&agent, "c1", "Transient", recipients).await).await;
    let transcript = transcript_of(&agent, "c1").await;
    assert_eq!(transcript["state"], "bounced");
    assert_eq!(
        transcript["reason"],
        "The address does not exist (status 5.1.1)."
    );
}
