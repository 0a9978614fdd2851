//! Webhooks, bots, agents, the profile and conversations in the API.

use local_chatwoot::{Options, ServerVersion};
use serde_json::{Value, json};

use crate::kit::Office;

#[tokio::test]
async fn the_server_makes_the_secret_of_a_webhook_and_shows_it_to_administrators() {
    let office = Office::new().await;
    let client = office.client();
    let url = "https://api.example.com/v1/hooks/chatwoot/1/key";
    let body = json!({"webhook": {"url": url, "subscriptions": ["message_created"]}});
    let created = client.post("/webhooks", body).await.json();
    let webhook = &created["payload"]["webhook"];
    let listed = client.get("/webhooks").await.json();
    let listed = listed["payload"]["webhooks"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[1], *webhook);
    assert_eq!(webhook["subscriptions"], json!(["message_created"]));
    assert_eq!(webhook["secret"].as_str().unwrap().len(), 32);
    assert_ne!(webhook["secret"], listed[0]["secret"]);
}

#[tokio::test]
async fn a_webhook_is_changed_and_deleted_and_keeps_its_secret() {
    let office = Office::new().await;
    let client = office.client();
    let path = format!("/webhooks/{}", office.webhook.0);
    let secret = office.chatwoot.webhook_secret(office.webhook).unwrap();
    let change = json!({"url": "https://example.com/new", "subscriptions": ["contact_created"]});
    let changed = client.patch(&path, change).await.json();
    let webhook = &changed["payload"]["webhook"];
    assert_eq!(webhook["url"], "https://example.com/new");
    assert_eq!(webhook["secret"], secret);
    office.quiet_conversation();
    let deleted = client.delete(&path).await;
    assert_eq!((deleted.status.as_u16(), deleted.bytes.len()), (200, 0));
    office
        .chatwoot
        .add_contact(office.account, crate::kit::ana());
    assert!(office.events().is_empty());
}

#[tokio::test]
async fn an_invalid_webhook_is_refused_with_422() {
    let office = Office::new().await;
    let client = office.client();
    for body in [
        json!({}),
        json!({"url": "ftp://example.com"}),
        json!({"url": office.receiver.url()}),
        json!({"url": "https://example.com", "subscriptions": []}),
        json!({"url": "https://example.com", "subscriptions": ["unknown"]}),
    ] {
        let reply = client.post("/webhooks", body).await;
        assert_eq!(reply.status, 422);
        assert!(reply.json()["message"].is_string());
        assert!(reply.json()["attributes"].is_array());
    }
}

#[tokio::test]
async fn an_old_server_has_no_secrets() {
    let office = Office::with(Options {
        version: ServerVersion::V4_9,
        ..Options::default()
    })
    .await;
    let listed = office.client().get("/webhooks").await.json();
    assert!(listed["payload"]["webhooks"][0].get("secret").is_none());
}

#[tokio::test]
async fn a_bot_is_created_and_listed() {
    let office = Office::new().await;
    let client = office.client();
    let body = json!({"name": "Ratings", "outgoing_url": "https://example.com"});
    let bot = client.post("/agent_bots", body).await.json();
    assert_eq!(bot["name"], "Ratings");
    assert_eq!(client.get("/agent_bots").await.json(), json!([bot]));
}

#[tokio::test]
async fn agents_and_the_profile_have_their_roles() {
    let office = Office::new().await;
    let agents = office.client().get("/agents").await.json();
    assert_eq!(agents[0]["role"], "administrator");
    assert_eq!(agents[1]["role"], "agent");
    let profile = office
        .client_of(office.agent)
        .get("//api/v1/profile")
        .await
        .json();
    assert_eq!(profile["email"], "sam@example.com");
    assert_eq!(profile["accounts"][0]["id"], office.account.0);
    assert_eq!(profile["accounts"][0]["role"], "agent");
}

#[tokio::test]
async fn a_conversation_in_the_api_lacks_the_members_that_only_hooks_have() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let path = format!("/conversations/{}", conversation.display_id);
    let read: Value = office.client().get(&path).await.json();
    assert_eq!(read["account_id"], office.account.0);
    assert_eq!(read["meta"]["channel"], "Channel::WebWidget");
    for member in ["contact_inbox", "channel", "account"] {
        assert!(read.get(member).is_none(), "{member}");
    }
    for member in ["assignee", "team"] {
        assert!(read["meta"].get(member).is_none(), "{member}");
    }
}
