//! Events are recorded, in any order, repeated or lost, and the whole thread is read at resolve.

use local_chatwoot::{Assignee, DeliveryPlan, NewAttachment, Options, ServerVersion, Status};
use serde_json::{Value, json};
use tests::{AwsCall, AwsError, FaultInjection, Stack};

use crate::chatwoot::Team;

/// The messages and the fields of the recorded conversation that must not depend on the delivery.
async fn essence(team: &Team) -> Value {
    let recorded = team.recorded().await;
    let thread = recorded["thread"]["entries"].as_array().unwrap().iter();
    let messages = thread.filter(|entry| entry.get("text").is_some());
    let messages = messages.map(|entry| {
        json!([
            entry["id"],
            entry["text"],
            entry["visibility"],
            entry["author"]
        ])
    });
    let conversation = &recorded["conversation"];
    json!({
        "messages": messages.collect::<Vec<_>>(),
        "status": conversation["status"],
        "assignee": conversation["assignee"],
        "labels": conversation["labels"],
        "inbox": conversation["inbox"]["id"],
        "visitor": conversation["visitor"],
    })
}

/// A conversation as it often is: a reply, a note, a file, an edit, a deletion, a label, and the end.
fn chat(team: &Team) {
    let Team {
        chatwoot,
        conversation,
        kim,
        ..
    } = team;
    let conversation = *conversation;
    chatwoot
        .assign(conversation, Some(Assignee::Agent(*kim)))
        .unwrap();
    let reply = chatwoot.agent_writes(conversation, *kim, "I look for it.");
    let reply = reply.unwrap();
    chatwoot
        .agent_notes(conversation, *kim, "Customer since 2019.")
        .unwrap();
    let secret = chatwoot
        .visitor_writes(conversation, "My card is 4111")
        .unwrap();
    let image = NewAttachment {
        file_type: "image".to_owned(),
        name: "parcel.png".to_owned(),
        content: vec![1, 2, 3],
    };
    chatwoot
        .visitor_sends_files(conversation, None, vec![image])
        .unwrap();
    chatwoot
        .edit_message(conversation, reply, "I am looking for it.")
        .unwrap();
    chatwoot.delete_message(conversation, secret).unwrap();
    chatwoot.set_labels(conversation, &["delivery"]).unwrap();
    chatwoot
        .agent_writes(conversation, *kim, "It is here {{1}}!")
        .unwrap();
    chatwoot
        .set_status(conversation, *kim, Status::Resolved)
        .unwrap();
}

#[tokio::test]
async fn a_conversation_is_recorded_as_it_is_on_the_server() {
    let team = Team::connected().await;
    chat(&team);
    team.deliver().await;
    let essence = essence(&team).await;
    assert_eq!(essence["status"], "resolved");
    assert_eq!(essence["assignee"]["name"], "Kim");
    assert_eq!(essence["labels"], json!(["delivery"]));
    assert_eq!(essence["visitor"]["email"], "ana@example.org");
    let texts = team.recorded_texts().await;
    // It was written before the account was connected.
    assert_eq!(texts[0], "Hello");
    assert_eq!(texts[1], "Where is my parcel?");
    assert!(
        texts.contains(&"I am looking for it.".to_owned()),
        "{texts:?}"
    );
    assert!(!texts.iter().any(|text| text.contains("4111")), "{texts:?}");
    let messages = essence["messages"].as_array().unwrap();
    let private = messages.iter().filter(|it| it[2] == "private");
    // The note and the deleted message.
    assert_eq!(private.count(), 2);
}

#[tokio::test]
async fn events_out_of_order_repeated_and_lost_give_the_same_thread() {
    let perfect = Team::connected().await;
    chat(&perfect);
    perfect.deliver().await;
    let expected = essence(&perfect).await;
    for seed in 0..6 {
        let team = Team::new().await;
        team.connect().await;
        team.visitor_writes("Where is my parcel?");
        chat(&team);
        let plan = DeliveryPlan::in_order()
            .shuffled(seed)
            .doubled_with_new_id();
        // The last events are not lost, so that the conversation is resolved.
        let plan = plan.losing_if(move |hook| hook.number % 4 == seed % 4 && hook.number < 20);
        team.chatwoot.deliver_hooks(&plan).await;
        team.stack.settle().await;
        team.deliver().await;
        assert_eq!(essence(&team).await, expected, "seed {seed}");
    }
}

#[tokio::test]
async fn servers_of_other_versions_are_recorded_too() {
    for version in [ServerVersion::V4_12, ServerVersion::V4_9] {
        let team = Team::with(Options {
            version,
            has_unknown_members: true,
            ..Options::default()
        })
        .await;
        let connection = team.connect().await;
        let is_unsigned = !version.signs_webhooks;
        assert_eq!(
            connection["warnings"].as_array().unwrap().len(),
            usize::from(is_unsigned)
        );
        chat(&team);
        team.deliver().await;
        let texts = team.recorded_texts().await;
        assert!(
            texts.contains(&"I am looking for it.".to_owned()),
            "{texts:?}"
        );
    }
}

#[tokio::test]
async fn an_erased_conversation_stays_erased() {
    let team = Team::connected().await;
    let id = team.id().await;
    let claims = json!({"sub": "platform", "org": "main", "scopes": ["conversations:erase"]});
    let platform = team.stack.with_claims(claims).await;
    let erased = platform.delete(&format!("/v1/conversations/{id}")).await;
    erased.expect_success();
    team.chatwoot
        .visitor_writes(team.conversation, "Hello again")
        .unwrap();
    team.note("/ask-rating");
    team.deliver().await;
    let reader = team.stack.agent("lee").await;
    let gone = reader.get(&format!("/v1/conversations/{id}")).await;
    gone.expect_problem(404, "conversation_not_found");
    assert!(team.posts().await.is_empty());
    let left = team.items().await;
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test]
async fn a_conversation_that_was_deleted_on_the_server_stays_and_raises_no_alarm() {
    let team = Team::connected().await;
    team.set_status(Status::Resolved);
    team.note("/ask-rating");
    team.deliver_hooks().await;
    team.chatwoot.delete_conversation(team.conversation);
    let deliveries = team.stack.deliver_events().await;
    let results = deliveries.iter().flat_map(|it| it.as_array().unwrap());
    for result in results {
        assert_eq!(result["succeeded"], true, "{result}");
    }
    assert_eq!(
        team.recorded_texts().await,
        ["Hello", "Where is my parcel?", "/ask-rating"]
    );
}

#[tokio::test]
async fn a_note_reads_the_conversation_again() {
    let team = Team::connected().await;
    team.visitor_writes("It had a red ribbon.");
    team.chatwoot.take_pending_hooks();
    team.note("/read-conversation");
    team.deliver().await;
    let texts = team.recorded_texts().await;
    assert!(
        texts.contains(&"It had a red ribbon.".to_owned()),
        "{texts:?}"
    );
}

#[tokio::test]
async fn a_message_of_the_future_does_not_hide_the_earlier_ones() {
    let team = Team::with(Options {
        version: ServerVersion::V4_9,
        ..Options::default()
    })
    .await;
    let connection = team.connect().await;
    let url = connection["webhook_url"].as_str().unwrap();
    let path = url.strip_prefix(team.stack.url()).unwrap();
    team.visitor_writes("Where is my parcel?");
    let mut event = team.platform.next_message_event();
    event["created_at"] = "2046-01-05T09:00:00.000Z".into();
    let ignored = team.stack.nobody().post(path, event).await.expect(200);
    assert_eq!(ignored["reason"], "future_message");
    assert!(team.recorded_texts().await.is_empty());
    team.stack.settle().await;
    assert_eq!(
        team.recorded_texts().await,
        ["Hello", "Where is my parcel?"]
    );
}

#[tokio::test]
async fn messages_that_expired_are_not_recorded_again() {
    let parameters = [("AllowPrivatePlatforms", "true"), ("RetentionDays", "30")];
    let stack = Stack::start_with(Stack::options_with(&parameters)).await;
    // The clock of the stack is ahead, so signatures would not be accepted.
    let options = Options {
        version: ServerVersion::V4_9,
        ..Options::default()
    };
    let team = Team::with_stack(stack, options).await;
    team.connect().await;
    team.visitor_writes("Where is my parcel?");
    team.deliver().await;
    assert_eq!(team.recorded_texts().await.len(), 2);
    team.stack.advance(31 * 24 * 60 * 60).await;
    team.visitor_writes("I wrote a month ago.");
    team.deliver().await;
    team.set_status(Status::Resolved);
    team.deliver().await;
    assert_eq!(team.recorded_texts().await, ["I wrote a month ago."]);
}

#[tokio::test]
async fn a_command_is_executed_although_its_message_is_not_recorded() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options_for_platforms()).await;
    let team = Team::with_stack(stack, Options::default()).await;
    team.connect().await;
    team.visitor_writes("Where is my parcel?");
    team.deliver().await;
    team.note("/ask-rating");
    let records_the_note = |call: &AwsCall| call.writes() && call.mentions("\"/ask-rating\"");
    let fault = FaultInjection::Refuse(AwsError::Internal);
    aws.inject_always(records_the_note, fault);
    team.deliver_hooks().await;
    aws.stop_faults();
    team.deliver().await;
    assert!(team.prompt().await.is_some());
    // The conversation was read before the visitor was asked.
    let expected = ["Hello", "Where is my parcel?", "/ask-rating"];
    assert_eq!(team.recorded_texts().await, expected);
}
