//! Who may use the API.

use local_chatwoot::{NewAgent, Role};
use serde_json::json;

use crate::kit::{Client, Office};

const NOT_AUTHORIZED: &str = "You are not authorized to do this action";

#[tokio::test]
async fn a_wrong_token_is_refused() {
    let office = Office::new().await;
    let client = Client::new(&office.chatwoot, office.account, "wrong");
    for path in ["/webhooks", "/agents", "//api/v1/profile"] {
        let reply = client.get(path).await;
        assert_eq!(
            reply.error(),
            (401, "Invalid Access Token".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_header_with_underscores_is_dropped() {
    let office = Office::new().await;
    let mut client = office.client();
    assert_eq!(client.get("/agents").await.status, 200);
    client.header = "api_access_token";
    let reply = client.get("/agents").await;
    assert_eq!(reply.status, 401);
    assert!(reply.json()["errors"].is_array());
}

#[tokio::test]
async fn a_foreign_account_is_refused_and_one_that_does_not_exist_is_not_found() {
    let office = Office::new().await;
    let other = office.chatwoot.add_account("Other");
    let token = office.chatwoot.agent_token(office.admin).unwrap();
    let client = Client::new(&office.chatwoot, other, &token);
    let sentence = "You are not authorized to access this account".to_owned();
    assert_eq!(client.get("/agents").await.error(), (401, sentence));
    let client = Client::new(&office.chatwoot, local_chatwoot::AccountId(99), &token);
    let sentence = "Resource could not be found".to_owned();
    assert_eq!(client.get("/agents").await.error(), (404, sentence));
}

#[tokio::test]
async fn an_agent_sees_only_inboxes_with_membership_and_an_administrator_sees_all() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let stranger = NewAgent {
        name: "Max",
        email: "max@example.com",
        role: Role::Agent,
    };
    let stranger = office.chatwoot.add_agent(office.account, &stranger);
    let paths = ["", "/messages"];
    let paths = paths.map(|end| format!("/conversations/{}{end}", conversation.display_id));
    for path in &paths {
        assert_eq!(office.client().get(path).await.status, 200);
        assert_eq!(office.client_of(office.agent).get(path).await.status, 200);
        let reply = office.client_of(stranger).get(path).await;
        assert_eq!(reply.error(), (401, NOT_AUTHORIZED.to_owned()));
    }
    for (agent, expected) in [(office.admin, 1), (office.agent, 1), (stranger, 0)] {
        let inboxes = office.client_of(agent).get("/inboxes").await.json();
        assert_eq!(inboxes["payload"].as_array().unwrap().len(), expected);
    }
}

#[tokio::test]
async fn a_bot_posts_and_cannot_list() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let bot = office.chatwoot.add_bot(office.account, "Ratings");
    let token = office.chatwoot.bot_token(bot).unwrap();
    let client = Client::new(&office.chatwoot, office.account, &token);
    let posted = client.write(conversation.display_id, "Hi").await;
    assert_eq!(posted["sender"]["type"], "agent_bot");
    let sentence = "Access to this endpoint is not authorized for bots".to_owned();
    let path = format!("/conversations/{}", conversation.display_id);
    let list = format!("{path}/messages");
    for path in [&path, &list, "/inboxes", "/webhooks", "//api/v1/profile"] {
        assert_eq!(
            client.get(path).await.error(),
            (401, sentence.clone()),
            "{path}"
        );
    }
    let other = office.chatwoot.add_account("Other");
    let client = Client::new(&office.chatwoot, other, &token);
    let reply = client
        .post("/conversations/1/messages", json!({"content": "Hi"}))
        .await;
    assert_eq!(reply.status, 401);
}

#[tokio::test]
async fn only_administrators_see_webhooks_and_create_bots() {
    let office = Office::new().await;
    let client = office.client_of(office.agent);
    let refused = (401, NOT_AUTHORIZED.to_owned());
    assert_eq!(client.get("/webhooks").await.error(), refused);
    let created = client.post("/agent_bots", json!({"name": "x"})).await;
    assert_eq!(created.error(), refused);
    assert_eq!(client.get("/agent_bots").await.status, 200);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let office = Office::new().await;
    let client = office.client();
    for path in [
        "/conversations/9",
        "/conversations/x",
        "/conversations/9/messages",
    ] {
        assert_eq!(client.get(path).await.status, 404, "{path}");
    }
    assert_eq!(client.delete("/webhooks/99").await.status, 404);
    let reply = client.get("/unknown").await;
    assert_eq!(
        (reply.status.as_u16(), reply.content_type.as_str()),
        (404, "text/html")
    );
}
