//! The signature of hooks.

use chatwoot::{SignatureError, SignatureHeaders, WebhookSecret, verify_signature};
use domain::Timestamp;
use local_chatwoot::{DeliveryPlan, Options, ServerVersion};

use crate::kit::{NOW, Office, Received};

fn verify(received: &Received, secret: &str, now: &str) -> Result<(), SignatureError> {
    let headers = SignatureHeaders {
        signature: received.header("x-chatwoot-signature"),
        timestamp: received.header("x-chatwoot-timestamp"),
    };
    let now = Timestamp::parse(now).unwrap();
    verify_signature(&WebhookSecret::new(secret), headers, &received.body, now)
}

#[tokio::test]
async fn the_signature_is_over_the_raw_bytes() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .visitor_writes(conversation, "é 😀 \u{1}")
        .unwrap();
    office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order())
        .await;
    let received = &office.receiver.received()[0];
    let secret = office.chatwoot.webhook_secret(office.webhook).unwrap();
    assert_eq!(verify(received, &secret, NOW), Ok(()));
    assert_eq!(
        verify(received, "other", NOW),
        Err(SignatureError::Mismatch)
    );
}

#[tokio::test]
async fn html_characters_and_line_separators_are_escaped_in_the_raw_bytes() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let text = "a < b && c > d\u{2028}e\u{2029}f";
    office.chatwoot.visitor_writes(conversation, text).unwrap();
    office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order())
        .await;
    let received = &office.receiver.received()[0];
    let raw = String::from_utf8(received.body.to_vec()).unwrap();
    assert!(raw.contains(r"a \u003c b \u0026\u0026 c \u003e d\u2028e\u2029f"));
    assert!(!raw.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
    assert_eq!(received.json()["content"], text);
    let secret = office.chatwoot.webhook_secret(office.webhook).unwrap();
    assert_eq!(verify(received, &secret, NOW), Ok(()));
}

#[tokio::test]
async fn the_timestamp_is_the_time_of_sending() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .visitor_writes(conversation, "Late")
        .unwrap();
    office.clock.advance(3_600_000);
    office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order())
        .await;
    let received = &office.receiver.received()[0];
    assert_eq!(received.json()["created_at"], NOW);
    let secret = office.chatwoot.webhook_secret(office.webhook).unwrap();
    assert_eq!(
        verify(received, &secret, "2026-03-02T10:15:04.123Z"),
        Ok(())
    );
    assert_eq!(
        verify(received, &secret, NOW),
        Err(SignatureError::OutOfTolerance)
    );
}

#[tokio::test]
async fn an_old_server_signs_nothing() {
    let office = Office::with(Options {
        version: ServerVersion::V4_9,
        ..Options::default()
    })
    .await;
    office.chatwoot.take_pending_hooks();
    office
        .chatwoot
        .open_widget(office.contact, office.inbox)
        .unwrap();
    office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order())
        .await;
    let received = &office.receiver.received()[0];
    for header in [
        "x-chatwoot-signature",
        "x-chatwoot-timestamp",
        "x-chatwoot-delivery",
    ] {
        assert_eq!(received.header(header), None);
    }
    assert_eq!(
        verify(received, "secret", NOW),
        Err(SignatureError::Missing)
    );
}

#[tokio::test]
async fn a_test_can_take_the_signed_bytes_and_deliver_them_itself() {
    let office = Office::new().await;
    office.quiet_conversation();
    office
        .chatwoot
        .open_widget(office.contact, office.inbox)
        .unwrap();
    let pending = office.chatwoot.take_pending_hooks();
    let hook = office.chatwoot.build_hook(&pending[0]).unwrap();
    let timestamp = hook.timestamp.unwrap().to_string();
    let headers = SignatureHeaders {
        signature: hook.signature.as_deref(),
        timestamp: Some(&timestamp),
    };
    let secret = office.chatwoot.webhook_secret(office.webhook).unwrap();
    let secret = WebhookSecret::new(secret);
    let now = Timestamp::parse(NOW).unwrap();
    assert_eq!(verify_signature(&secret, headers, &hook.body, now), Ok(()));
    assert!(office.chatwoot.pending_hooks().is_empty());
    assert!(office.chatwoot.deliveries().is_empty());
}
