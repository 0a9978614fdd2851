//! Connections: created, changed, listed and deleted, on the server and here.

use local_chatwoot::{ApiFault, FaultRule, NewInbox, Options, ServerVersion};
use serde_json::{Value, json};
use tests::Stack;

use crate::chatwoot::{CONNECTION, Team};

fn warnings(connection: &Value) -> Vec<&str> {
    let warnings = connection["warnings"].as_array().unwrap();
    warnings
        .iter()
        .map(|it| it["code"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn an_administrators_token_is_all_that_is_pasted() {
    let team = Team::new().await;
    let created = team.admin.put(CONNECTION, team.connection()).await;
    let connection = created.expect(201)["connection"].take();
    assert_eq!(warnings(&connection), Vec::<&str>::new());
    assert!(connection["bot_id"].is_number());
    let url = connection["webhook_url"].as_str().unwrap();
    let hooks = format!("{}/v1/hooks/chatwoot/main/", team.stack.url());
    assert!(url.starts_with(&hooks), "{url}");
    let text = connection.to_string();
    assert!(!text.contains(&team.administrator_token()));

    let again = team.admin.put(CONNECTION, team.connection()).await;
    assert_eq!(again.expect(200)["connection"], connection);
    let calls = team.chatwoot.api_calls();
    let created = |path: &str| {
        let calls = calls.iter();
        calls
            .filter(|it| it.method == "POST" && it.path.ends_with(path))
            .count()
    };
    assert_eq!([created("/webhooks"), created("/agent_bots")], [1, 1]);

    let listed = team.admin.get("/v1/connections").await.expect(200);
    assert_eq!(listed["connections"], json!([connection]));
}

#[tokio::test]
async fn a_new_key_changes_the_webhook_and_ends_the_old_url() {
    let team = Team::new().await;
    let old = team.connect().await;
    let mut body = team.connection();
    body["renew_key"] = true.into();
    let new = team.admin.put(CONNECTION, body).await.expect(200);
    let new = &new["connection"];
    assert_ne!(new["webhook_url"], old["webhook_url"]);
    assert_eq!(new["bot_id"], old["bot_id"]);
    let old_url = old["webhook_url"].as_str().unwrap();
    let old_path = old_url.strip_prefix(team.stack.url()).unwrap();
    let stranger = team.stack.nobody();
    let refused = stranger.post(old_path, json!({"event": "x"})).await;
    refused.expect_problem(404, "hook_not_found");
    team.visitor_writes("Where is my parcel?");
    team.deliver().await;
    assert_eq!(
        team.recorded_texts().await,
        ["Hello", "Where is my parcel?"]
    );
}

#[tokio::test]
async fn a_webhook_whose_url_the_server_does_not_change_is_replaced() {
    let team = Team::with(Options {
        webhook_urls_are_fixed: true,
        ..Options::default()
    })
    .await;
    team.connect().await;
    let mut body = team.connection();
    body["renew_key"] = true.into();
    let new = team.admin.put(CONNECTION, body).await.expect(200);
    assert_eq!(warnings(&new["connection"]), Vec::<&str>::new());
    team.visitor_writes("Where is my parcel?");
    team.deliver().await;
    assert_eq!(
        team.recorded_texts().await,
        ["Hello", "Where is my parcel?"]
    );
    let deliveries = team.chatwoot.deliveries();
    assert!(deliveries.iter().all(|it| it.outcome.is_delivered()));
}

#[tokio::test]
async fn a_server_that_does_not_keep_the_ids_of_posts_is_refused() {
    let team = Team::with(Options {
        version: ServerVersion::V4_8,
        ..Options::default()
    })
    .await;
    let refused = team.admin.put(CONNECTION, team.connection()).await;
    let problem = refused.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "url");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("older than version 4.9"), "{detail}");
}

#[tokio::test]
async fn an_agents_token_needs_the_webhook_made_by_hand() {
    let team = Team::new().await;
    let mut body = team.connection();
    body["api_access_token"] = team.chatwoot.agent_token(team.kim).unwrap().into();
    let connection = team.admin.put(CONNECTION, body.clone()).await.expect(201);
    let connection = &connection["connection"];
    assert_eq!(
        warnings(connection),
        [
            "no_administrator",
            "inboxes_out_of_reach",
            "no_bot",
            "no_signatures"
        ]
    );
    let url = connection["webhook_url"].as_str().unwrap();
    let webhook = team.chatwoot.add_webhook(team.account, url);
    body["webhook_secret"] = team.chatwoot.webhook_secret(webhook).unwrap().into();
    body["bot_id"] = team.chatwoot.add_bot(team.account, "Ratings").0.into();
    let changed = team.admin.put(CONNECTION, body).await.expect(200);
    assert_eq!(
        warnings(&changed["connection"]),
        ["no_administrator", "inboxes_out_of_reach"]
    );
    team.visitor_writes("Where is my parcel?");
    team.deliver().await;
    assert_eq!(
        team.recorded_texts().await,
        ["Hello", "Where is my parcel?"]
    );
}

#[tokio::test]
async fn the_servers_own_survey_is_reported_and_switched_off_only_on_request() {
    let team = Team::new().await;
    let inbox = NewInbox {
        has_csat: true,
        ..NewInbox::web_widget("Shop")
    };
    team.chatwoot.add_inbox(team.account, &inbox);
    let connection = team.connect().await;
    assert_eq!(warnings(&connection), ["own_survey"]);
    let connection = team.connect().await;
    assert_eq!(warnings(&connection), ["own_survey"]);
    let mut body = team.connection();
    body["disable_own_survey"] = true.into();
    let changed = team.admin.put(CONNECTION, body).await.expect(200);
    assert_eq!(warnings(&changed["connection"]), Vec::<&str>::new());
    assert_eq!(warnings(&team.connect().await), Vec::<&str>::new());
}

#[tokio::test]
async fn one_account_has_one_connection() {
    let team = Team::new().await;
    team.connect().await;
    let other = "/v1/connections/chatwoot/other";
    let refused = team.admin.put(other, team.connection()).await;
    let problem = refused.expect_problem(409, "account_connected");
    assert_eq!(problem["field"], "account_id");
    team.admin.delete(CONNECTION).await.expect(204);
    team.admin.put(other, team.connection()).await.expect(201);
}

#[tokio::test]
async fn a_deleted_connection_has_no_webhook_and_no_hook() {
    let team = Team::connected().await;
    let listed = team.admin.get("/v1/connections").await.expect(200);
    let url = listed["connections"][0]["webhook_url"].as_str().unwrap();
    let path = url.strip_prefix(team.stack.url()).unwrap().to_owned();
    team.admin.delete(CONNECTION).await.expect(204);
    let deletions = team.chatwoot.api_calls();
    let deletions = deletions.iter().filter(|it| it.method == "DELETE");
    assert_eq!(deletions.count(), 1);
    let refused = team.stack.nobody().post(&path, json!({})).await;
    refused.expect_problem(404, "hook_not_found");
    let again = team.admin.delete(CONNECTION).await;
    again.expect_problem(404, "connection_not_found");
    let listed = team.admin.get("/v1/connections").await.expect(200);
    assert_eq!(listed["connections"], json!([]));
}

#[tokio::test]
async fn what_the_server_refuses_is_said_with_the_field() {
    let team = Team::new().await;
    let other = team.chatwoot.add_account("Other");
    for (change, field) in [
        (json!({"api_access_token": "wrong"}), "api_access_token"),
        (json!({"account_id": other.0}), "account_id"),
        (json!({"account_id": 9_999}), "account_id"),
        (json!({"bot_id": 9_999}), "bot_id"),
        (
            json!({"url": format!("{}/app", team.chatwoot.origin())}),
            "url",
        ),
        (json!({"url": team.stack.url()}), "url"),
        (json!({"url": "chat.example.com"}), "url"),
        (json!({"account_id": 0}), "account_id"),
        (json!({"account_id": "2"}), "account_id"),
        (json!({"api_access_token": "a b"}), "api_access_token"),
        (json!({"webhook_secret": ""}), "webhook_secret"),
        (json!({"renew_key": "yes"}), "renew_key"),
        (json!({"color": "red"}), "color"),
    ] {
        let mut body = team.connection();
        let change = change.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(change);
        let refused = team.admin.put(CONNECTION, body.clone()).await;
        let problem = refused.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], field, "{body}");
    }
    let mut body = team.connection();
    body.as_object_mut().unwrap().remove("api_access_token");
    let refused = team.admin.put(CONNECTION, body).await;
    let problem = refused.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "api_access_token");
    let invalid = team
        .admin
        .put("/v1/connections/chatwoot/A", team.connection());
    let problem = invalid.await.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "connection_id");
    let listed = team.admin.get("/v1/connections").await.expect(200);
    assert_eq!(listed["connections"], json!([]));
}

#[tokio::test]
async fn another_refusal_of_the_server_is_not_called_a_wrong_url() {
    let team = Team::new().await;
    let refusal = FaultRule::next_of("POST", "/webhooks", ApiFault::Status(422));
    team.chatwoot.inject_faults([refusal]);
    let refused = team.admin.put(CONNECTION, team.connection()).await;
    refused.expect_problem(503, "platform_unavailable");
    let again = team.admin.put(CONNECTION, team.connection()).await;
    again.expect(201);
}

#[tokio::test]
async fn a_server_whose_version_is_not_shown_can_be_connected() {
    let team = Team::new().await;
    // The first call reads the version.
    let hidden = FaultRule::next_of("GET", "/api", ApiFault::Status(404));
    team.chatwoot.inject_faults([hidden]);
    team.connect().await;
    assert!(team.chatwoot.take_faults().is_empty());
}

#[tokio::test]
async fn the_server_and_the_account_of_a_connection_stay_the_same() {
    let team = Team::new().await;
    team.connect().await;
    let mut body = team.connection();
    body["url"] = "https://chat.example.com".into();
    let refused = team.admin.put(CONNECTION, body).await;
    assert_eq!(
        refused.expect_problem(422, "invalid_request")["field"],
        "url"
    );
    // The stored token is kept.
    let mut body = team.connection();
    body.as_object_mut().unwrap().remove("api_access_token");
    team.admin.put(CONNECTION, body).await.expect(200);
}

#[tokio::test]
async fn an_unavailable_server_is_a_503_and_the_same_request_completes_later() {
    let team = Team::new().await;
    for fault in [ApiFault::Status(500), ApiFault::RateLimited] {
        let rule = FaultRule::next_of("POST", "/agent_bots", fault);
        team.chatwoot.inject_faults([rule]);
        let failed = team.admin.put(CONNECTION, team.connection()).await;
        failed.expect_problem(503, "platform_unavailable");
    }
    team.admin
        .put(CONNECTION, team.connection())
        .await
        .expect(201);
    let webhooks = team.chatwoot.api_calls();
    let webhooks = webhooks
        .iter()
        .filter(|it| it.method == "POST" && it.path.ends_with("/webhooks"));
    assert_eq!(webhooks.count(), 1);
}

#[tokio::test]
async fn by_default_a_server_must_be_public() {
    let team = Team::with_stack(
        Stack::start_with(Stack::options()).await,
        local_chatwoot::Options::default(),
    )
    .await;
    for url in [team.chatwoot.origin(), "https://127.0.0.1".to_owned()] {
        let mut body = team.connection();
        body["url"] = url.into();
        let refused = team.admin.put(CONNECTION, body).await;
        assert_eq!(
            refused.expect_problem(422, "invalid_request")["field"],
            "url"
        );
    }
    // The name is looked up only when the connection is made.
    let mut body = team.connection();
    body["url"] = format!("https://localhost:{}", team.chatwoot.address().port()).into();
    let refused = team.admin.put(CONNECTION, body).await;
    let problem = refused.expect_problem(422, "invalid_request");
    assert_eq!(problem["detail"], "url must not have a private address.");
    assert_eq!(team.chatwoot.api_calls().len(), 0);
}

#[tokio::test]
async fn concurrent_requests_make_one_connection_with_one_webhook() {
    let team = Team::new().await;
    let puts = (0..6).map(|_| team.admin.put(CONNECTION, team.connection()));
    let replies = futures_util::future::join_all(puts).await;
    assert!(replies.iter().any(|it| it.status < 300));
    team.connect().await;
    team.visitor_writes("Where is my parcel?");
    team.deliver().await;
    assert_eq!(
        team.recorded_texts().await,
        ["Hello", "Where is my parcel?"]
    );
    let url = format!(
        "{}/api/v1/accounts/{}/webhooks",
        team.chatwoot.origin(),
        team.account.0
    );
    let webhooks = reqwest::Client::new()
        .get(url)
        .header("api-access-token", team.administrator_token())
        .send();
    let webhooks: Value = webhooks.await.unwrap().json().await.unwrap();
    assert_eq!(webhooks["payload"]["webhooks"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn another_organisation_sees_and_deletes_nothing() {
    let options = local::Options {
        organisations: true,
        ..Stack::options_for_platforms()
    };
    let stack = Stack::start_with(options).await;
    let team = Team::with_stack(stack, local_chatwoot::Options::default()).await;
    team.connect().await;
    let stranger = team.stack.agent_of("other", "eve").await;
    let listed = stranger.get("/v1/connections").await.expect(200);
    assert_eq!(listed["connections"], json!([]));
    let refused = stranger.delete(CONNECTION).await;
    refused.expect_problem(404, "connection_not_found");
    // Both may have a connection with this id to the same account. Neither takes the other's webhook or bot.
    let connected = stranger.put(CONNECTION, team.connection()).await;
    let theirs = connected.expect(201)["connection"].take();
    let ours = team.connect().await;
    assert_ne!(theirs["bot_id"], ours["bot_id"]);
    assert_ne!(theirs["webhook_url"], ours["webhook_url"]);
    team.visitor_writes("Where is my parcel?");
    team.deliver().await;
    for caller in [&team.admin, &stranger] {
        let path = format!("/v1/conversations/{}", team.id().await);
        caller.get(&path).await.expect(200);
    }
}
