//! Hooks arrive in any order, some twice.

use std::time::{Duration, Instant};

use local_chatwoot::DeliveryPlan;

use crate::kit::Office;

#[tokio::test]
async fn a_shuffled_delivery_sends_each_hook_once_in_another_order() {
    let office = Office::new().await;
    let (conversation, message) = office
        .chatwoot
        .start_conversation(office.contact, office.inbox, "One")
        .unwrap();
    for text in ["Two", "Three"] {
        office.chatwoot.visitor_writes(conversation, text).unwrap();
    }
    office
        .chatwoot
        .edit_message(conversation, message, "1")
        .unwrap();
    let mut expected = office.events();
    office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order().shuffled(3))
        .await;
    let mut received = office.receiver.events();
    assert_ne!(received, expected);
    received.sort();
    expected.sort();
    assert_eq!(received, expected);
}

#[tokio::test]
async fn an_update_can_arrive_before_the_creation() {
    let office = Office::new().await;
    let (conversation, message) = office.quiet_conversation();
    let is_reversed = async |seed| {
        office
            .chatwoot
            .visitor_writes(conversation, "Next")
            .unwrap();
        office
            .chatwoot
            .edit_message(conversation, message, "Edited")
            .unwrap();
        let records = office
            .chatwoot
            .deliver_hooks(&DeliveryPlan::in_order().shuffled(seed))
            .await;
        records[0].event == "message_updated"
    };
    let mut seen = [false, false];
    for seed in 0..20 {
        seen[usize::from(is_reversed(seed).await)] = true;
    }
    assert_eq!(seen, [true, true]);
}

#[tokio::test]
async fn one_label_causes_two_equal_events() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    office.chatwoot.set_labels(conversation, &["vip"]).unwrap();
    let bodies = office.bodies();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0]["event"], "conversation_updated");
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn a_doubled_hook_has_the_same_delivery_id_and_the_same_bytes() {
    let office = Office::new().await;
    office.quiet_conversation();
    office
        .chatwoot
        .open_widget(office.contact, office.inbox)
        .unwrap();
    office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order().doubled())
        .await;
    let received = office.receiver.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].body, received[1].body);
    let id = |position: usize| received[position].header("x-chatwoot-delivery").unwrap();
    assert_eq!(id(0), id(1));
}

#[tokio::test]
async fn a_repeated_job_has_a_new_delivery_id() {
    let office = Office::new().await;
    office.quiet_conversation();
    office
        .chatwoot
        .open_widget(office.contact, office.inbox)
        .unwrap();
    office
        .chatwoot
        .deliver_hooks(&DeliveryPlan::in_order().doubled_with_new_id())
        .await;
    let received = office.receiver.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].event(), received[1].event());
    let id = |position: usize| received[position].header("x-chatwoot-delivery").unwrap();
    assert_ne!(id(0), id(1));
}

#[tokio::test]
async fn a_concurrent_delivery_does_not_wait_for_slow_responses() {
    let office = Office::new().await;
    office.quiet_conversation();
    for _ in 0..3 {
        office
            .chatwoot
            .open_widget(office.contact, office.inbox)
            .unwrap();
    }
    let delay = Duration::from_millis(200);
    office.receiver.respond_with(&[(200, delay); 3]);
    let start = Instant::now();
    let plan = DeliveryPlan::in_order().concurrently();
    let records = office.chatwoot.deliver_hooks(&plan).await;
    assert!(records.len() == 3 && records.iter().all(|it| it.outcome.is_delivered()));
    assert!(start.elapsed() < delay * 3, "{:?}", start.elapsed());
}
