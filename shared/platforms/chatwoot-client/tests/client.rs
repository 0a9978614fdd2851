//! The calls, made to the stand-in for Chatwoot.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use chatwoot_client::{ChatwootClient, ChatwootError, Membership, NewPost};
use domain::ConnectionSecret;
use local_chatwoot::{
    AccountId, Chatwoot, ConversationId, NewAgent, NewContact, NewInbox, Options, Role,
};
use platform_client::{Origin, Targets};

struct Server {
    chatwoot: Chatwoot,
    account: AccountId,
    conversation: ConversationId,
}

impl Server {
    async fn start() -> Self {
        let chatwoot = Chatwoot::start(Options::default()).await.unwrap();
        let account = chatwoot.add_account("Example");
        let inbox = chatwoot.add_inbox(account, &NewInbox::web_widget("Website"));
        let visitor = chatwoot.add_contact(account, NewContact::default());
        let conversation = chatwoot.start_conversation(visitor, inbox, "Hello");
        Self {
            conversation: conversation.unwrap().0,
            chatwoot,
            account,
        }
    }

    fn client_with(&self, token: &str) -> ChatwootClient {
        ChatwootClient::new(
            Origin::parse(&self.chatwoot.origin(), Targets::Any).unwrap(),
            Targets::Any,
            self.account.0,
            ConnectionSecret::parse(token).unwrap(),
            Duration::from_secs(5),
        )
    }

    fn client_of(&self, role: Role) -> ChatwootClient {
        let agent = NewAgent {
            name: "Ana",
            email: "ana@example.com",
            role,
        };
        let agent = self.chatwoot.add_agent(self.account, &agent);
        self.client_with(&self.chatwoot.agent_token(agent).unwrap())
    }
}

#[tokio::test]
async fn the_membership_says_what_a_token_may_do() {
    let server = Server::start().await;
    for (role, expected) in [
        (Role::Administrator, Membership::Administrator),
        (Role::Agent, Membership::Agent),
    ] {
        let membership = server.client_of(role).read_membership().await;
        assert_eq!(membership, Ok(expected));
    }
    let stranger = server.client_with("unknown").read_membership().await;
    assert_eq!(stranger, Err(ChatwootError::NotAllowed));
    let other = server.chatwoot.add_account("Other");
    let agent = NewAgent {
        name: "Bo",
        email: "bo@example.com",
        role: Role::Agent,
    };
    let agent = server.chatwoot.add_agent(other, &agent);
    let token = server.chatwoot.agent_token(agent).unwrap();
    let membership = server.client_with(&token).read_membership().await;
    assert_eq!(membership, Ok(Membership::None));
}

#[tokio::test]
async fn an_administrator_makes_the_webhook_and_the_bot() {
    let server = Server::start().await;
    let client = server.client_of(Role::Administrator);
    let url = "http://127.0.0.1:9/v1/hooks/chatwoot/main/key";
    let webhook = client.create_webhook(url, "Ratings").await.unwrap();
    assert_eq!(webhook.url, url);
    assert!(webhook.secret.is_some());
    let changed = client
        .update_webhook(webhook.id, &format!("{url}2"))
        .await
        .unwrap();
    assert_eq!(changed.secret, webhook.secret);
    let listed = client.list_webhooks().await.unwrap();
    assert_eq!(listed.len(), 1);
    client.delete_webhook(webhook.id).await.unwrap();
    let again = client.delete_webhook(webhook.id).await;
    assert_eq!(again, Err(ChatwootError::NotFound));
    let bot = client.create_bot("Example", "Ratings").await.unwrap();
    assert!(bot.access_token.is_some());
    let bots = client.list_bots().await.unwrap();
    assert_eq!(bots.len(), 1);
    assert_eq!(bots[0].id, bot.id);
    assert_eq!(bots[0].description.as_deref(), Some("Ratings"));
    let agent = server.client_of(Role::Agent);
    let refused = agent.list_webhooks().await.err();
    assert_eq!(refused, Some(ChatwootError::NotAllowed));
}

#[tokio::test]
async fn the_own_survey_of_an_inbox_can_be_switched_off() {
    let server = Server::start().await;
    let inbox = NewInbox {
        has_csat: true,
        ..NewInbox::web_widget("Shop")
    };
    let inbox = server.chatwoot.add_inbox(server.account, &inbox);
    let client = server.client_of(Role::Administrator);
    let surveys = || async {
        let inboxes = client.list_inboxes().await.unwrap();
        inboxes.iter().filter(|it| it.has_own_survey).count()
    };
    assert_eq!(surveys().await, 1);
    client.disable_own_survey(inbox.0).await.unwrap();
    assert_eq!(surveys().await, 0);
}

#[tokio::test]
async fn a_post_is_found_by_its_marker_and_its_sender_is_the_bot() {
    let server = Server::start().await;
    let client = server.client_of(Role::Administrator);
    let bot = client.create_bot("Example", "Ratings").await.unwrap();
    let bot_id = bot.id;
    let display_id = server.conversation.display_id;
    assert_eq!(client.find_post(display_id, bot_id, "rr-1").await, Ok(None));
    let post = NewPost {
        content: "How was it?".to_owned(),
        is_private: false,
        marker: "rr-1".to_owned(),
        choices: vec![("Good".to_owned(), "5".to_owned())],
        bot_id,
    };
    let id = client.post(display_id, &post).await.unwrap();
    assert_eq!(
        client.find_post(display_id, bot_id, "rr-1").await,
        Ok(Some(id))
    );
    let message = client.read_message(display_id, id).await.unwrap().unwrap();
    assert_eq!(message.sender.unwrap().id, Some(bot_id));
    assert_eq!(message.attributes.items.len(), 1);
    let missing = client.read_message(display_id, id + 1).await.unwrap();
    assert!(missing.is_none());
}

#[tokio::test]
async fn a_long_thread_is_read_whole() {
    let server = Server::start().await;
    let client = server.client_of(Role::Administrator);
    for number in 0..13_000 {
        let text = format!("Message {number}");
        let sent = server.chatwoot.visitor_writes(server.conversation, &text);
        sent.unwrap();
    }
    let thread = client.read_thread(server.conversation.display_id).await;
    let mut ids: Vec<_> = thread.unwrap().iter().map(|it| it.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 13_001);
}

#[tokio::test]
async fn a_post_never_appears_as_a_teammates() {
    let server = Server::start().await;
    let client = server.client_of(Role::Administrator);
    let display_id = server.conversation.display_id;
    let post = |bot_id| NewPost {
        content: "Thank you.".to_owned(),
        is_private: false,
        marker: "m".to_owned(),
        choices: Vec::new(),
        bot_id,
    };
    let refused = client.post(display_id, &post(9_999)).await;
    assert_eq!(refused, Err(ChatwootError::NoBot));
    let bot = client.create_bot("Example", "Ratings").await.unwrap();
    let token = ConnectionSecret::parse(bot.access_token.as_deref().unwrap()).unwrap();
    let client = client.with_bot_token(Some(token));
    let id = client.post(display_id, &post(bot.id)).await.unwrap();
    let message = client.read_message(display_id, id).await.unwrap().unwrap();
    assert_eq!(message.sender.unwrap().id, Some(bot.id));
    let revoked = ConnectionSecret::parse("revoked").unwrap();
    let client = client.with_bot_token(Some(revoked));
    let refused = client.post(display_id, &post(bot.id)).await;
    assert_eq!(refused, Err(ChatwootError::BotNotAllowed));
}

#[tokio::test]
async fn a_thread_whose_lists_are_too_large_is_read_in_parts() {
    let server = Server::start().await;
    let client = server.client_of(Role::Administrator);
    let text = "a".repeat(140_000);
    for _ in 0..90 {
        let written = server.chatwoot.visitor_writes(server.conversation, &text);
        written.unwrap();
    }
    let thread = client.read_thread(server.conversation.display_id).await;
    assert_eq!(thread.unwrap().len(), 91);
}
