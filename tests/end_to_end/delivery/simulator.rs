use std::time::Duration;

use local::Options;
use serde_json::Value;
use tests::{Contract, Stack};

use crate::delivery::{count_events, stack, state_of, to, transcript_of};

/// An address, the events that SES publishes for a mail to it, the resulting state, and how often each thread event
/// occurs.
const ADDRESSES: [(&str, &[&str], &str, [usize; 3]); 8] = [
    (
        "ana@example.net",
        &["Send", "Delivery"],
        "delivered",
        [1, 0, 0],
    ),
    (
        "success@simulator.amazonses.com",
        &["Send", "Delivery"],
        "delivered",
        [1, 0, 0],
    ),
    (
        "bounce@simulator.amazonses.com",
        &["Send", "Bounce"],
        "bounced",
        [1, 1, 0],
    ),
    (
        "bounce+7@simulator.amazonses.com",
        &["Send", "Bounce"],
        "bounced",
        [1, 1, 0],
    ),
    (
        "suppressionlist@simulator.amazonses.com",
        &["Send", "Bounce"],
        "bounced",
        [1, 1, 0],
    ),
    (
        "ooto@simulator.amazonses.com",
        &["Send", "Delivery", "Bounce"],
        "delivered",
        [1, 0, 0],
    ),
    (
        "complaint@simulator.amazonses.com",
        &["Send", "Delivery", "Complaint"],
        "complained",
        [1, 0, 1],
    ),
    (
        "bounce@example.net",
        &["Send", "Delivery"],
        "delivered",
        [1, 0, 0],
    ),
];

#[tokio::test]
async fn mail_to_the_ses_simulator_gets_the_events_of_its_address() {
    let (stack, _aws, agent) = stack().await;
    let contract = Contract::load();
    for (address, kinds, state, counts) in ADDRESSES {
        let id = format!("to-{}", address.replace(['@', '+'], "-"));
        stack.conversation(&id).await;
        let before = stack.mail_events().await.len();
        agent.send_transcript_as(&id, to(address)).await.expect(201);
        let events = stack.mail_events().await.split_off(before);
        let published: Vec<&Value> = events
            .iter()
            .map(|event| &event["detail"]["eventType"])
            .collect();
        assert_eq!(published, *kinds, "{address}");
        for deliveries in stack.put_mail_events(&events).await {
            assert_eq!(deliveries[0]["succeeded"], true, "{address}");
        }
        assert_eq!(state_of(&agent, &id).await, state, "{address}");
        assert_eq!(count_events(&agent, &id).await, counts, "{address}");
        let read = agent.get(&format!("/v1/conversations/{id}")).await;
        contract.recognize("readConversation", &read);
    }
    let id = "to-suppressionlist-simulator.amazonses.com";
    let transcript = transcript_of(&agent, id).await;
    let reason = transcript["reason"].as_str().unwrap();
    assert!(reason.contains("suppression list"), "{reason}");
}

#[tokio::test]
async fn events_are_published_automatically_after_a_mail() {
    let stack = Stack::start_with(Options {
        publishes_mail_events: true,
        ..Stack::options()
    })
    .await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    stack.conversation("c2").await;
    let agent = stack.agent("kim").await;
    let bouncing = to("bounce@simulator.amazonses.com");
    agent.send_transcript_as("c1", bouncing).await.expect(201);
    stack.next_sends(&["lost_reply"]).await;
    agent.send_transcript("c2").await.expect(504);
    for (id, state) in [("c1", "bounced"), ("c2", "delivered")] {
        let waiting = async {
            while state_of(&agent, id).await != state {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        waited.expect("the event is delivered");
    }
}

#[tokio::test]
async fn a_mail_that_ses_does_not_accept_has_no_events() {
    let (stack, _aws, agent) = stack().await;
    stack.conversation("c1").await;
    stack
        .next_sends(&["reject", "error", "throttle", "throttle"])
        .await;
    for status in [502, 504, 503] {
        agent.send_transcript("c1").await.expect(status);
    }
    assert!(stack.mail_events().await.is_empty());
}
