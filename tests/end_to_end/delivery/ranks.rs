use serde_json::{Value, json};
use tests::Stack;

use crate::delivery::{
    SAMPLES, STATES, conversation_in, count_events, event_of, put, rank, stack, state_of,
    transcript_of,
};

#[tokio::test]
async fn a_state_is_replaced_only_by_a_higher_rank() {
    let (stack, aws, agent) = stack().await;
    for (old_rank, old) in STATES.iter().enumerate() {
        for (sample, target) in SAMPLES {
            let id = format!("{old}-{sample}");
            conversation_in(&stack, &aws, &agent, &id, old).await;
            put(&stack, event_of(&agent, &id, sample).await).await;

            let new = state_of(&agent, &id).await;
            // Every event shows that the mail was sent.
            let expected = STATES[old_rank.max(rank(target))];
            assert_eq!(new, expected, "{id}");
            let count = |state: &str| usize::from(*old == state || new == state);
            let counts = [1, count("bounced"), count("complained")];
            assert_eq!(count_events(&agent, &id).await, counts, "{id}");
        }
        // A new hour resets the limits.
        stack.begin_an_hour().await;
    }
}

#[tokio::test]
async fn an_event_delivered_three_times_takes_effect_once() {
    let (stack, aws, agent) = stack().await;
    for (sample, target) in SAMPLES {
        conversation_in(&stack, &aws, &agent, sample, "sent").await;
        let event = event_of(&agent, sample, sample).await;
        put(&stack, event.clone()).await;
        let before = stack.all_data().await;
        assert_eq!(state_of(&agent, sample).await, target);
        put(&stack, event.clone()).await;
        put(&stack, event).await;
        assert_eq!(stack.all_data().await, before, "{sample}");
    }
}

/// All permutations of four indexes.
fn permutations() -> Vec<[usize; 4]> {
    let mut permutations = Vec::new();
    for code in 0..256_usize {
        let order = [code / 64, code / 16 % 4, code / 4 % 4, code % 4];
        if (0..4).all(|index| order.contains(&index)) {
            permutations.push(order);
        }
    }
    assert_eq!(permutations.len(), 24);
    permutations
}

#[tokio::test]
async fn the_order_of_events_does_not_change_the_final_state() {
    let (stack, aws, agent) = stack().await;
    for (worst, counts) in [("bounced", [1, 1, 0]), ("complained", [1, 0, 1])] {
        let samples = ["mail-sent", "mail-delayed", "mail-delivered", ""];
        for (index, order) in permutations().into_iter().enumerate() {
            let id = format!("{worst}-{index}");
            let start = STATES[index % 3];
            conversation_in(&stack, &aws, &agent, &id, start).await;
            for index in order {
                let sample = match samples[index] {
                    "" => format!("mail-{worst}"),
                    sample => sample.to_owned(),
                };
                put(&stack, event_of(&agent, &id, &sample).await).await;
            }
            assert_eq!(state_of(&agent, &id).await, worst, "{order:?} from {start}");
            assert_eq!(
                count_events(&agent, &id).await,
                counts,
                "{order:?} from {start}"
            );
        }
        stack.begin_an_hour().await;
    }
}

#[tokio::test]
async fn all_events_at_once_lead_to_the_highest_rank() {
    let (stack, aws, agent) = stack().await;
    for start in ["reserved", "unknown", "sent"] {
        conversation_in(&stack, &aws, &agent, start, start).await;
        let mut events = Vec::new();
        for (sample, _) in SAMPLES {
            events.push(event_of(&agent, start, sample).await);
        }
        let puts = events.iter().chain(&events).map(|event| {
            let event = std::slice::from_ref(event);
            stack.put_mail_events(event)
        });
        for deliveries in futures_util::future::join_all(puts).await {
            assert_eq!(deliveries[0][0]["succeeded"], true);
        }
        assert_eq!(state_of(&agent, start).await, "complained");
        let [sent, bounced, complained] = count_events(&agent, start).await;
        assert_eq!((sent, complained), (1, 1));
        assert!(bounced <= 1, "a bounce after the complaint adds no event");
    }
}

#[tokio::test]
async fn a_transcript_shows_the_reason_of_its_state() {
    let (stack, aws, agent) = stack().await;
    for (sample, words) in [
        ("mail-sent", None),
        ("mail-delayed", Some("keeps retrying")),
        ("mail-delivered", None),
        ("mail-automatic-reply", None),
        ("mail-rejected", Some("virus")),
        (
            "mail-bounced",
            Some("The address does not exist (status 5.1.1)."),
        ),
        ("mail-suppressed", Some("suppression list")),
        ("mail-complained", Some("The recipient marked it as spam.")),
    ] {
        conversation_in(&stack, &aws, &agent, sample, "sent").await;
        put(&stack, event_of(&agent, sample, sample).await).await;
        let transcript = transcript_of(&agent, sample).await;
        let reason = &transcript["reason"];
        match words {
            Some(words) => assert!(reason.as_str().unwrap().contains(words), "{transcript}"),
            None => assert_eq!(*reason, Value::Null, "{transcript}"),
        }
    }
    // After the delivery, the reason of the delay is removed.
    put(
        &stack,
        event_of(&agent, "mail-delayed", "mail-delivered").await,
    )
    .await;
    let transcript = transcript_of(&agent, "mail-delayed").await;
    assert_eq!(transcript["reason"], Value::Null);
}

#[tokio::test]
async fn a_bounce_and_a_complaint_are_private_events_with_their_reason() {
    let (stack, aws, agent) = stack().await;
    for (sample, kind) in [
        ("mail-bounced", "transcript_bounced"),
        ("mail-complained", "transcript_complained"),
    ] {
        conversation_in(&stack, &aws, &agent, sample, "delivered").await;
        put(&stack, event_of(&agent, sample, sample).await).await;
        let read = agent.conversation(sample).await;
        let transcript = &read["transcripts"][0];
        let entries = read["thread"]["entries"].as_array().unwrap();
        let entry = entries
            .iter()
            .find(|entry| entry["event"]["type"] == kind)
            .unwrap();
        assert_eq!(entry["visibility"], "private");
        let id = transcript["id"].as_str().unwrap();
        assert_eq!(entry["id"], format!("{kind}/{id}"));
        let event = json!({
            "type": kind, "transcript_id": id, "reason": transcript["reason"],
        });
        assert_eq!(entry["event"], event);
        let partition = format!("main#{sample}");
        let at = entry["at"].as_str().unwrap();
        let item = stack
            .item(&partition, &format!("ENTRY#{at}#{kind}/{id}"))
            .await;
        assert_eq!(
            item["public_at"],
            Value::Null,
            "it is not in the public index"
        );
    }
}

#[tokio::test]
async fn events_of_other_mail_and_malformed_events_change_nothing() {
    let (stack, aws, agent) = stack().await;
    conversation_in(&stack, &aws, &agent, "c1", "sent").await;
    let event = event_of(&agent, "c1", "mail-bounced").await;
    let before = stack.all_data().await;

    // The rule does not match these: another mail of the account, another kind of event, another source.
    let changed = |pointer: &str, value: Value| {
        let mut event = event.clone();
        *event.pointer_mut(pointer).unwrap() = value;
        event
    };
    let set = "/detail/mail/tags/ses:configuration-set";
    for other in [
        changed(set, json!(["other"])),
        changed("/detail-type", json!("Email Opened")),
        changed("/source", json!("aws.s3")),
        changed("/detail", json!(null)),
        json!({}),
    ] {
        assert_eq!(stack.put_mail_events(&[other]).await, [json!([])]);
    }

    // The function receives these and discards them.
    for other in [
        changed("/detail/mail/tags/organisation", json!(["b3RoZXI"])),
        changed("/detail/mail/tags/conversation", json!(["b3RoZXI"])),
        changed("/detail/mail/tags/transcript", json!(["MDAwMA"])),
        changed("/detail/mail/tags/transcript", json!(["%%%"])),
        changed("/detail/mail/tags/transcript", json!([])),
        changed(
            "/detail/mail/tags",
            json!({ "ses:configuration-set": ["afterchat"] }),
        ),
    ] {
        put(&stack, other).await;
    }
    assert_eq!(stack.all_data().await, before);

    // A bounce with malformed details counts as a bounce.
    put(&stack, changed("/detail/bounce", json!("what?"))).await;
    assert_eq!(state_of(&agent, "c1").await, "bounced");
}

#[tokio::test]
async fn a_late_event_does_not_restore_an_erased_conversation() {
    let (stack, aws, agent) = stack().await;
    for state in ["reserved", "unknown", "sent", "delivered"] {
        conversation_in(&stack, &aws, &agent, state, state).await;
        let event = event_of(&agent, state, "mail-bounced").await;
        let conversation =
            json!({ "pk": { "S": format!("main#{state}") }, "sk": { "S": "CONVERSATION" } });
        let tombstone = json!({
            "TableName": "afterchat",
            "Key": conversation,
            "UpdateExpression": "SET erased_at = :now REMOVE channel",
            "ExpressionAttributeValues": { ":now": { "S": "2026-01-05T09:00:00.000Z" } },
        });
        write_tombstone(&stack, tombstone).await;
        let before = stack.all_data().await;
        put(&stack, event).await;
        assert_eq!(stack.all_data().await, before, "{state}");
    }
}

async fn write_tombstone(stack: &Stack, tombstone: Value) {
    let written = stack.dynamodb_as("owner", "UpdateItem", tombstone).await;
    written.expect(200);
}
