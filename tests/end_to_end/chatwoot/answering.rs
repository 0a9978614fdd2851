//! The visitor's choice in the prompt becomes the rating.

use local_chatwoot::{MessageId, Options, ServerVersion};
use serde_json::{Value, json};
use tests::Reply;

use crate::chatwoot::Team;

async fn ask(team: &Team) -> MessageId {
    team.note("/ask-rating");
    team.deliver().await;
    prompt(team).await
}

/// The prompt that was posted last.
async fn prompt(team: &Team) -> MessageId {
    let prompt = team.prompt().await.unwrap();
    MessageId(prompt["id"].as_u64().unwrap())
}

/// Rates on the page of a link in the prompt that was posted last.
async fn rate_on_page(team: &Team, score: u64) -> Reply {
    let prompt = team.prompt().await.unwrap();
    let content = prompt["content"].as_str().unwrap();
    let (_, link) = content.split_once("/rate#").unwrap();
    let (token, _score) = link.split_once('/').unwrap();
    let id = prompt["content_attributes"]["afterchat"].as_str().unwrap();
    let visitor = team.stack.bearer(token);
    visitor.rate(id, json!({ "score": score })).await
}

fn answer(team: &Team, prompt: MessageId, value: &str) {
    let answered = team
        .chatwoot
        .answer_prompt(team.visitor, team.conversation, prompt, value);
    answered.unwrap();
}

async fn rating(team: &Team) -> Value {
    team.recorded().await["rating"].clone()
}

#[tokio::test]
async fn a_choice_is_the_rating_and_is_thanked_for_once() {
    let team = Team::connected().await;
    let prompt = ask(&team).await;
    answer(&team, prompt, "5");
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 5);
    let posts = team.posts().await;
    let thanks = posts.last().unwrap();
    let content = thanks["content"].as_str().unwrap();
    // The link contains no score, because the visitor may change it before opening the link.
    let (_, link) = content.split_once("/rate#").unwrap();
    assert!(!link.contains('/'), "{content}");
    assert_eq!(thanks["private"], false);
    let count = posts.len();

    answer(&team, prompt, "2");
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 2);
    assert_eq!(team.posts().await.len(), count);
    let events = team.stack.agent("lee").await;
    let id = team.id().await;
    assert_eq!(events.events(&id, "rating_submitted").await.len(), 1);
    assert_eq!(events.events(&id, "rating_changed").await.len(), 1);
}

#[tokio::test]
async fn an_answer_whose_event_is_lost_is_found_at_resolve() {
    let team = Team::connected().await;
    let prompt = ask(&team).await;
    answer(&team, prompt, "4");
    team.chatwoot.take_pending_hooks();
    assert_eq!(rating(&team).await, Value::Null);
    team.set_status(local_chatwoot::Status::Resolved);
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 4);
}

#[tokio::test]
async fn a_prompt_that_this_project_did_not_post_is_no_rating() {
    let team = Team::connected().await;
    let prompt = ask(&team).await;
    let own = team.prompt().await.unwrap();
    let marker = own["content_attributes"]["afterchat"].clone();
    // A teammate copies the prompt with its marker.
    let path = format!(
        "{}/api/v1/accounts/{}/conversations/{}/messages",
        team.chatwoot.origin(),
        team.account.0,
        team.conversation.display_id,
    );
    let token = team.chatwoot.agent_token(team.kim).unwrap();
    let body = json!({
        "content": "Rate me",
        "content_type": "input_select",
        "content_attributes": {
            "afterchat": marker,
            "items": [{"title": "Best", "value": "5"}],
        },
    });
    let copied = reqwest::Client::new()
        .post(path)
        .header("api-access-token", token)
        .json(&body)
        .send()
        .await
        .unwrap();
    let copied: Value = copied.json().await.unwrap();
    let copied = MessageId(copied["id"].as_u64().unwrap());
    assert_ne!(copied, prompt);
    answer(&team, copied, "5");
    team.deliver().await;
    assert_eq!(rating(&team).await, Value::Null);
    answer(&team, prompt, "1");
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 1);
}

#[tokio::test]
async fn a_choice_in_a_superseded_prompt_does_not_count() {
    let team = Team::connected().await;
    let first = ask(&team).await;
    let id = team.id().await;
    team.stack.agent("lee").await.ask_for_id(&id).await;
    team.deliver().await;
    answer(&team, first, "1");
    team.deliver().await;
    assert_eq!(rating(&team).await, Value::Null);
    let second = prompt(&team).await;
    answer(&team, second, "3");
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 3);
}

#[tokio::test]
async fn on_an_old_server_the_answer_is_read_back_as_well() {
    let team = Team::with(Options {
        version: ServerVersion::V4_9,
        ..Options::default()
    })
    .await;
    team.connect().await;
    team.visitor_writes("Where is my parcel?");
    team.deliver().await;
    let prompt = ask(&team).await;
    answer(&team, prompt, "5");
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 5);
}

#[tokio::test]
async fn a_rating_that_was_changed_on_the_page_is_not_overwritten_by_a_later_read() {
    let team = Team::connected().await;
    let prompt = ask(&team).await;
    answer(&team, prompt, "5");
    team.deliver().await;
    rate_on_page(&team, 2).await.expect(200);
    team.set_status(local_chatwoot::Status::Resolved);
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 2);
    answer(&team, prompt, "4");
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 4);
}

#[tokio::test]
async fn an_answer_counts_although_the_post_of_its_prompt_was_never_recorded() {
    let team = Team::connected().await;
    team.set_sender().await;
    team.note("/ask-rating");
    team.deliver_hooks().await;
    let fault = local_chatwoot::ApiFault::LostReply;
    let rule = local_chatwoot::FaultRule::next_of("POST", "/messages", fault);
    team.chatwoot.inject_faults([rule]);
    // The event is a dead letter.
    team.stack.deliver_events().await;
    let prompt = prompt(&team).await;
    answer(&team, prompt, "5");
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 5);
    let id = team.id().await;
    team.admin.send_transcript(&id).await.expect(201);
}

#[tokio::test]
async fn thanks_that_cannot_be_posted_prevent_no_transcript() {
    let team = Team::connected().await;
    team.set_sender().await;
    let prompt = ask(&team).await;
    team.remove_bot().await;
    answer(&team, prompt, "4");
    team.chatwoot.take_pending_hooks();
    let id = team.id().await;
    team.admin.send_transcript(&id).await.expect(201);
    assert_eq!(rating(&team).await["score"], 4);
}

#[tokio::test]
async fn an_answer_counts_although_the_visitor_wrote_before_it_was_read() {
    let team = Team::connected().await;
    let rule = json!({"asking": {"on_resolve": {"enabled": true, "after_minutes": 0}}});
    team.admin.put("/v1/settings", rule).await.expect(200);
    team.set_status(local_chatwoot::Status::Resolved);
    team.deliver().await;
    let prompt = prompt(&team).await;
    answer(&team, prompt, "5");
    team.visitor_writes("Thanks!");
    // The message reopens the conversation, and its event is handled before the answer is read.
    team.deliver_hooks().await;
    let recorded = team.recorded().await;
    assert_eq!(recorded["conversation"]["status"], "open");
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 5);
    // The visitor can change it as any other.
    answer(&team, prompt, "4");
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 4);
    rate_on_page(&team, 3).await.expect(200);
}

#[tokio::test]
async fn an_answer_that_was_not_read_is_recorded_before_the_next_request() {
    let team = Team::connected().await;
    let prompt = ask(&team).await;
    answer(&team, prompt, "2");
    team.chatwoot.take_pending_hooks();
    let other = team.administrator();
    team.chatwoot
        .agent_notes(team.conversation, other, "/ask-rating")
        .unwrap();
    team.deliver().await;
    let events = team.stack.agent("lee").await;
    let id = team.id().await;
    let submitted = events.events(&id, "rating_submitted").await;
    assert_eq!(submitted.len(), 1);
    assert_eq!(events.events(&id, "rating_requested").await.len(), 2);
}

#[tokio::test]
async fn a_rating_on_the_page_is_not_replaced_by_a_choice_that_was_found_later() {
    let team = Team::connected().await;
    let prompt = ask(&team).await;
    answer(&team, prompt, "3");
    team.chatwoot.take_pending_hooks();
    rate_on_page(&team, 5).await.expect(201);
    team.set_status(local_chatwoot::Status::Resolved);
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 5);
    // A choice whose event arrives is new.
    answer(&team, prompt, "4");
    team.deliver().await;
    assert_eq!(rating(&team).await["score"], 4);
}
