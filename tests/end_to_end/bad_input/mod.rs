//! Invalid input. Every route refuses it, names the invalid field and changes nothing.

mod bodies;
mod conversations;
mod email_addresses;
mod identifiers;
mod messages;
mod scores_and_comments;

use reqwest::{Body, Method};
use serde_json::{Value, json};
use tests::{Caller, Stack, message, transcript};

const CONVERSATION: &str = "/v1/conversations/c1";
const MESSAGES: &str = "/v1/conversations/c1/messages";
const RATING_REQUESTS: &str = "/v1/conversations/c1/rating-requests";
const TRANSCRIPTS: &str = "/v1/conversations/c1/transcripts";
const ERASURES: &str = "/v1/visitors/erase";

/// A stack on which every request of these tests would succeed if its input were valid.
struct Fixture {
    stack: Stack,
    platform: Caller,
    agent: Caller,
    visitor: Caller,
    rating_path: String,
    state_before: Value,
}

/// The status, code and field of an expected problem. A problem that is not about one field has none.
type ExpectedProblem<'a> = (u16, &'a str, Option<&'a str>);

fn invalid(field: &str) -> ExpectedProblem<'_> {
    (422, "invalid_request", Some(field))
}

impl Fixture {
    async fn start() -> Self {
        let stack = Stack::start().await;
        stack.verified_sender().await;
        let visitor = stack.conversation("c1").await;
        let request = stack.agent("lee").await.ask_for_id("c1").await;
        Self {
            platform: stack.platform().await,
            agent: stack.agent("kim").await,
            visitor,
            rating_path: format!("/v1/visitor/rating-requests/{request}/rating"),
            state_before: stack.all_data().await,
            stack,
        }
    }

    /// Every route that reads a body, with its caller.
    fn routes(&self) -> [(&Caller, Method, &str); 7] {
        [
            (&self.platform, Method::PUT, CONVERSATION),
            (&self.platform, Method::POST, MESSAGES),
            (&self.agent, Method::POST, RATING_REQUESTS),
            (&self.agent, Method::POST, TRANSCRIPTS),
            (&self.visitor, Method::PUT, &self.rating_path),
            (&self.agent, Method::PUT, "/v1/senders/sales@example.com"),
            (&self.agent, Method::POST, ERASURES),
        ]
    }

    /// Asserts that the request gets this problem and changes nothing.
    async fn assert_refused(
        &self,
        (caller, method, path): (&Caller, Method, &str),
        body: impl Into<Body>,
        (status, code, field): ExpectedProblem<'_>,
    ) {
        let reply = caller.send(method, path, body).await;
        let request_id = reply.header("apigw-requestid").to_owned();
        let problem = reply.expect_problem(status, code);
        assert_eq!(
            problem.get("field"),
            field.map(Value::from).as_ref(),
            "{problem}"
        );
        assert_eq!(problem["type"], format!("urn:afterchat:problem:{code}"));
        assert_eq!(problem["request_id"], request_id);
        for text in ["title", "detail"] {
            let length = problem[text].as_str().unwrap().len();
            assert!((1..300).contains(&length), "{problem}");
        }
        assert_eq!(self.stack.all_data().await, self.state_before, "{problem}");
    }

    async fn assert_recording_refused(&self, body: Value, field: &str) {
        let route = (&self.platform, Method::PUT, CONVERSATION);
        self.assert_refused(route, body.to_string(), invalid(field))
            .await;
    }

    /// Asserts that a message is refused if its `member` has this value.
    async fn assert_message_refused(&self, member: &str, value: Value, field: &str) {
        let mut message = message("m2", "2026-01-05T09:30:00Z", "Hi");
        message[member] = value;
        let body = json!({ "messages": [message] }).to_string();
        let route = (&self.platform, Method::POST, MESSAGES);
        self.assert_refused(route, body, invalid(&format!("messages[0].{field}")))
            .await;
    }

    /// Asserts that a transcript is refused if its `member` has this value.
    async fn assert_transcript_refused(&self, member: &str, value: Value, code: &str) {
        let mut body = transcript();
        body[member] = value;
        let route = (&self.agent, Method::POST, TRANSCRIPTS);
        self.assert_refused(route, body.to_string(), (422, code, Some(member)))
            .await;
    }

    async fn assert_rating_refused(&self, body: &str, code: &str, field: &str) {
        let route = (&self.visitor, Method::PUT, self.rating_path.as_str());
        self.assert_refused(route, body.to_owned(), (422, code, Some(field)))
            .await;
    }
}
