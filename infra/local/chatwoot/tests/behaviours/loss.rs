//! Hooks are lost and late.

use std::time::{Duration, Instant};

use local_chatwoot::{DeliveryOutcome, DeliveryPlan, Options};

use crate::kit::Office;

async fn outcomes(office: &Office, responses: &[(u16, Duration)]) -> Vec<DeliveryOutcome> {
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .visitor_writes(conversation, "Again")
        .unwrap();
    office.receiver.respond_with(responses);
    let records = office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order())
        .await;
    assert_eq!(office.chatwoot.deliveries().len(), records.len());
    records.into_iter().map(|record| record.outcome).collect()
}

#[tokio::test]
async fn a_hook_that_is_refused_is_never_repeated() {
    for status in [400, 401, 404, 422, 429, 500, 503, 302] {
        let office = Office::new().await;
        let outcomes = outcomes(&office, &[(status, Duration::ZERO)]).await;
        assert_eq!(outcomes, [DeliveryOutcome::Refused { status }]);
        assert_eq!(office.receiver.received().len(), 1);
    }
}

#[tokio::test]
async fn a_hook_that_is_answered_too_late_is_never_repeated() {
    let timeout = Duration::from_millis(100);
    let office = Office::with(Options {
        hook_timeout: timeout,
        ..Options::default()
    })
    .await;
    let outcomes = outcomes(&office, &[(200, timeout * 3)]).await;
    assert_eq!(outcomes, [DeliveryOutcome::TimedOut]);
    tokio::time::sleep(timeout).await;
    assert_eq!(office.receiver.received().len(), 1);
}

#[tokio::test]
async fn the_receiver_has_five_seconds() {
    assert_eq!(Options::default().hook_timeout, Duration::from_secs(5));
    assert_eq!(Options::default().hook_attempts, 1);
}

#[tokio::test]
async fn three_attempts_have_one_delivery_id_and_one_body() {
    let office = Office::with(Options {
        hook_attempts: 3,
        hook_attempt_pause: Duration::from_millis(1),
        ..Options::default()
    })
    .await;
    let outcomes = outcomes(&office, &[(500, Duration::ZERO), (404, Duration::ZERO)]).await;
    assert_eq!(
        outcomes,
        [
            DeliveryOutcome::Refused { status: 500 },
            DeliveryOutcome::Refused { status: 404 },
            DeliveryOutcome::Delivered { status: 200 },
        ]
    );
    let received = office.receiver.received();
    let ids: Vec<_> = received
        .iter()
        .map(|it| it.header("x-chatwoot-delivery"))
        .collect();
    assert_eq!(ids, [ids[0]; 3]);
    assert!(received.iter().all(|it| it.body == received[0].body));
}

#[tokio::test]
async fn a_plan_loses_hooks_by_a_predicate() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office
        .chatwoot
        .visitor_writes(conversation, "Lost")
        .unwrap();
    office.chatwoot.set_labels(conversation, &["vip"]).unwrap();
    let plan = DeliveryPlan::in_order().losing_if(|hook| hook.event == "message_created");
    let records = office.chatwoot.deliver_hooks(&plan).await;
    assert_eq!(records[0].outcome, DeliveryOutcome::Lost);
    assert_eq!(office.receiver.events(), ["conversation_updated"; 2]);
}

#[tokio::test]
async fn a_plan_loses_about_as_many_hooks_as_it_says() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    for _ in 0..100 {
        office
            .chatwoot
            .visitor_writes(conversation, "Text")
            .unwrap();
    }
    let plan = DeliveryPlan::in_order().losing(7, 30);
    let records = office.chatwoot.deliver_hooks(&plan).await;
    let lost = records
        .iter()
        .filter(|it| it.outcome == DeliveryOutcome::Lost);
    let lost = lost.count();
    assert!((15..=45).contains(&lost), "{lost} of 100");
    assert_eq!(office.receiver.received().len(), 100 - lost);
}

#[tokio::test]
async fn a_late_hook_is_built_after_the_delay() {
    let office = Office::new().await;
    let (conversation, message) = office.quiet_conversation();
    office
        .chatwoot
        .visitor_writes(conversation, "Next")
        .unwrap();
    office.chatwoot.take_pending_hooks();
    office
        .chatwoot
        .edit_message(conversation, message, "First")
        .unwrap();
    let plan = DeliveryPlan::in_order().late(Duration::from_millis(400));
    let start = Instant::now();
    let delivery = office.chatwoot.deliver_hooks(&plan);
    let change = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        office
            .chatwoot
            .edit_message(conversation, message, "Second")
            .unwrap();
    };
    tokio::join!(delivery, change);
    assert!(start.elapsed() >= Duration::from_millis(400));
    assert_eq!(office.receiver.received()[0].json()["content"], "Second");
}

#[tokio::test]
async fn a_receiver_that_does_not_exist_is_unreachable() {
    let office = Office::new().await;
    office.chatwoot.take_pending_hooks();
    let other = office.chatwoot.add_account("Other");
    office
        .chatwoot
        .add_webhook(other, "http://127.0.0.1:1/hook");
    office.chatwoot.add_contact(other, crate::kit::ana());
    let records = office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order())
        .await;
    assert_eq!(records[0].outcome, DeliveryOutcome::Unreachable);
}
