//! Ratings from a mail: the faces in a transcript, and their links.

mod faces;
mod links;
mod retries;
mod secrets;
mod without_faces;

use local::Options;
use serde_json::{Value, json};
use tests::{Caller, Stack, transcript_with_faces};

const A_DAY_SECONDS: u64 = 24 * 60 * 60;
const TRANSCRIPTS: &str = "/v1/conversations/c1/transcripts";

/// A stack in a new hour, with a verified sender and the conversation `c1`.
struct Setup {
    stack: Stack,
    visitor: Caller,
    agent: Caller,
}

impl Setup {
    async fn start() -> Self {
        Self::start_with(Stack::options()).await
    }

    async fn start_with(options: Options) -> Self {
        let stack = Stack::start_with(options).await;
        stack.begin_an_hour().await;
        stack.verified_sender().await;
        Self {
            visitor: stack.conversation("c1").await,
            agent: stack.agent("kim").await,
            stack,
        }
    }

    /// Sends a transcript of `agent` with a rating request.
    async fn request_rating_as(&self, agent: &Caller) -> MailedRequest {
        let sent = agent
            .send_transcript_as("c1", transcript_with_faces())
            .await
            .expect(201);
        let links = self.stack.link_tokens().await;
        assert_eq!(links.len(), 5);
        MailedRequest {
            request: id_of(&sent),
            link: self.stack.bearer(&links[0]),
            sent,
        }
    }

    async fn request_rating(&self) -> MailedRequest {
        self.request_rating_as(&self.agent).await
    }

    async fn last_mail(&self) -> Value {
        self.stack.outbox().await.pop().expect("a mail was sent")
    }

    /// Asserts that the latest mail has no faces.
    async fn assert_no_faces(&self) {
        let mail = self.last_mail().await;
        for part in ["text", "html"] {
            let part = mail[part].as_str().unwrap();
            assert!(part.contains("Hello"), "{part}");
            assert!(!part.contains("/rate"), "{part}");
            assert!(!part.contains("How was your conversation?"), "{part}");
        }
    }

    /// The number of rating requests in a conversation.
    async fn count_rating_requests(&self, conversation: &str) -> usize {
        let events = self.agent.events(conversation, "rating_requested").await;
        events.len()
    }
}

/// A rating request in a transcript.
struct MailedRequest {
    /// The body of the response.
    sent: Value,
    request: String,
    /// A caller with the link's token.
    link: Caller,
}

impl MailedRequest {
    /// The link's token in its four parts.
    fn parts(&self) -> [&str; 4] {
        let parts: Vec<_> = self.link.token().split('.').collect();
        parts.try_into().expect("a link's token has four parts")
    }
}

fn id_of(sent: &Value) -> String {
    sent["rating_request"]["id"].as_str().unwrap().to_owned()
}

/// Asserts that `token` cannot rate `request`, and that nothing changes.
async fn assert_refused(stack: &Stack, token: &str, request: &str) {
    let before = stack.all_data().await;
    let reply = stack
        .bearer(token)
        .rate(request, json!({ "score": 1 }))
        .await;
    reply.expect_problem(401, "invalid_visitor_token");
    assert_eq!(stack.all_data().await, before);
}
