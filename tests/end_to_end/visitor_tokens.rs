use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Caller, Reply, Stack};

/// A conversation `c1` with an open rating request.
struct OpenRequest {
    stack: Stack,
    visitor: Caller,
    request: String,
}

impl OpenRequest {
    async fn start() -> Self {
        let stack = Stack::start().await;
        let visitor = stack.conversation("c1").await;
        let request = stack.agent("kim").await.ask_for_id("c1").await;
        Self {
            stack,
            visitor,
            request,
        }
    }

    /// The three parts of the visitor's token.
    fn parts(&self) -> [&str; 3] {
        let parts: Vec<_> = self.visitor.token().split('.').collect();
        parts.try_into().expect("a token has three parts")
    }

    /// Asserts that both visitor routes refuse this `Authorization` and change nothing.
    async fn assert_refused(&self, authorization: Option<&str>) {
        let before = self.stack.all_data().await;
        let rating = format!("/v1/visitor/rating-requests/{}/rating", self.request);
        for (method, path) in [
            (Method::GET, "/v1/visitor/rating-request"),
            (Method::PUT, rating.as_str()),
        ] {
            let request = self.stack.nobody().request(method, path);
            let request = request.json(&json!({ "score": 5 }));
            let request = match authorization {
                Some(authorization) => request.header("authorization", authorization),
                None => request,
            };
            let problem = Reply::of(request)
                .await
                .expect_problem(401, "invalid_visitor_token");
            let detail = "The request needs the visitor's token of its conversation.";
            assert_eq!(problem["detail"], detail, "{authorization:?}");
        }
        assert_eq!(self.stack.all_data().await, before);
    }

    async fn assert_token_refused(&self, token: &str) {
        self.assert_refused(Some(&format!("Bearer {token}"))).await;
    }
}

fn encode(id: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(id)
}

#[tokio::test]
async fn a_visitors_token_consists_of_organisation_conversation_and_32_secret_bytes() {
    let open = OpenRequest::start().await;
    let [organisation, conversation, secret] = open.parts();
    assert_eq!(organisation, encode("main"));
    assert_eq!(conversation, encode("c1"));
    assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(secret).unwrap().len(), 32);
    let other = open.stack.conversation("c2").await;
    assert!(!other.token().ends_with(secret));
}

#[tokio::test]
async fn a_missing_or_empty_token_is_refused() {
    let open = OpenRequest::start().await;
    for authorization in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Bearer .."),
    ] {
        open.assert_refused(authorization).await;
    }
}

#[tokio::test]
async fn a_token_with_another_scheme_is_refused() {
    let open = OpenRequest::start().await;
    let token = open.visitor.token();
    for authorization in [
        token.to_owned(),
        format!("Basic {token}"),
        format!("Token {token}"),
        format!("Bearer{token}"),
    ] {
        open.assert_refused(Some(&authorization)).await;
    }
}

#[tokio::test]
async fn the_scheme_is_not_case_sensitive() {
    let open = OpenRequest::start().await;
    for scheme in ["bearer", "BEARER"] {
        let authorization = format!("{scheme} {}", open.visitor.token());
        let request = open
            .stack
            .nobody()
            .request(Method::GET, "/v1/visitor/rating-request")
            .header("authorization", authorization);
        let shown = Reply::of(request).await.expect(200);
        assert_eq!(shown["rating_request"]["id"], open.request);
    }
}

#[tokio::test]
async fn a_shortened_or_lengthened_token_is_refused() {
    let open = OpenRequest::start().await;
    let token = open.visitor.token();
    for length in [1, 4, token.len() / 2, token.len() - 2, token.len() - 1] {
        open.assert_token_refused(&token[..length]).await;
    }
    for longer in [
        format!("{token}A"),
        format!("{token}="),
        format!("{token}.x"),
    ] {
        open.assert_token_refused(&longer).await;
    }
}

#[tokio::test]
async fn a_token_whose_secret_differs_in_one_bit_is_refused() {
    let open = OpenRequest::start().await;
    let [organisation, conversation, secret] = open.parts();
    let secret = BASE64_URL_SAFE_NO_PAD.decode(secret).unwrap();
    for byte in [0, 15, 31] {
        let mut guess = secret.clone();
        guess[byte] ^= 1;
        let guess = BASE64_URL_SAFE_NO_PAD.encode(guess);
        let token = format!("{organisation}.{conversation}.{guess}");
        open.assert_token_refused(&token).await;
    }
}

#[tokio::test]
async fn a_token_in_another_encoding_is_refused() {
    let open = OpenRequest::start().await;
    let [organisation, conversation, secret] = open.parts();
    // 32 bytes leave two bits of the last character unused. If they are set, the text differs and the
    // bytes are the same.
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (start, last) = secret.split_at(42);
    let last = alphabet.iter().position(|it| *it == last.as_bytes()[0]);
    let same_bytes = format!("{start}{}", char::from(alphabet[last.unwrap() + 1]));
    for token in [
        format!("{organisation}.{conversation}.{same_bytes}"),
        format!("{organisation}==.{conversation}.{secret}"),
        format!("{organisation}.{conversation}=.{secret}="),
        format!("{organisation}. {conversation}.{secret}"),
        format!("{organisation}.{conversation}.{}", secret.to_lowercase()),
        format!("main.c1.{secret}"),
        format!("%62{}.{conversation}.{secret}", &organisation[1..]),
        format!("{}.{conversation}.{secret}", encode("main\0")),
        format!("{}.{conversation}.{secret}", encode("../main")),
        format!("{organisation}.{}.{secret}", encode("c1#CONVERSATION")),
        format!("{organisation}.{conversation}.{secret},{secret}"),
        "A".repeat(8_000),
    ] {
        open.assert_token_refused(&token).await;
    }
}

#[tokio::test]
async fn every_guessed_request_id_returns_the_same_404_and_changes_nothing() {
    let open = OpenRequest::start().await;
    let other = open.stack.conversation("c2").await;
    let before = open.stack.all_data().await;
    let mut guesses = vec![open.request.clone(), open.request.to_uppercase()];
    guesses.extend(["0".repeat(32), "r1".to_owned(), "CONVERSATION".to_owned()]);
    let mut problems = Vec::new();
    for guess in guesses {
        let reply = other.rate(&guess, json!({ "score": 1 })).await;
        let mut problem = reply.expect_problem(404, "rating_request_not_found");
        problem.as_object_mut().unwrap().remove("request_id");
        problems.push(problem);
    }
    problems.dedup();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(open.stack.all_data().await, before);
}

#[tokio::test]
async fn the_secret_of_another_conversation_is_refused() {
    let open = OpenRequest::start().await;
    let [organisation, conversation, secret] = open.parts();
    let other = open.stack.conversation("c2").await;
    let others_secret = other.token().rsplit('.').next().unwrap();
    for (conversation, secret) in [
        (conversation, others_secret),
        (&encode("c2"), secret),
        (&encode("no-such"), secret),
    ] {
        let token = format!("{organisation}.{conversation}.{secret}");
        open.assert_token_refused(&token).await;
    }
}

#[tokio::test]
async fn a_visitors_token_gives_access_only_to_its_own_conversation() {
    let open = OpenRequest::start().await;
    let other = open.stack.conversation("c2").await;
    let before = open.stack.all_data().await;
    assert_eq!(other.rating_request().await["rating_request"], Value::Null);
    other
        .rate(&open.request, json!({ "score": 5 }))
        .await
        .expect_problem(404, "rating_request_not_found");
    assert_eq!(open.stack.all_data().await, before);
}

#[tokio::test]
async fn a_token_with_another_organisation_is_refused() {
    let open = OpenRequest::start().await;
    let [_, conversation, secret] = open.parts();
    for organisation in ["other", "Main", "main#c1"] {
        let token = format!("{}.{conversation}.{secret}", encode(organisation));
        open.assert_token_refused(&token).await;
    }
}

#[tokio::test]
async fn a_renewed_token_replaces_the_old_one() {
    let open = OpenRequest::start().await;
    let path = "/v1/conversations/c1";
    let platform = open.stack.platform().await;
    for change in [json!({}), json!({ "renew_visitor_token": false })] {
        let body = platform.put(path, change).await.expect(200);
        assert_eq!(body["visitor_token"], open.visitor.token());
    }
    let renewal = json!({ "renew_visitor_token": true });
    let renewed = platform.put(path, renewal).await.expect(200);
    let renewed = renewed["visitor_token"].as_str().unwrap();

    open.assert_token_refused(open.visitor.token()).await;
    let visitor = open.stack.bearer(renewed);
    let shown = visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], open.request);
    visitor
        .rate(&open.request, json!({ "score": 5 }))
        .await
        .expect(201);
}

#[tokio::test]
async fn visitor_routes_refuse_an_agents_token() {
    let open = OpenRequest::start().await;
    let agent = open.stack.agent("kim").await;
    open.assert_token_refused(agent.token()).await;
}

#[tokio::test]
async fn agent_routes_refuse_a_visitors_token() {
    let open = OpenRequest::start().await;
    let before = open.stack.all_data().await;
    for (method, path) in [
        (Method::PUT, "/v1/conversations/c1"),
        (Method::GET, "/v1/conversations/c1"),
        (Method::POST, "/v1/conversations/c1/messages"),
        (Method::POST, "/v1/conversations/c1/rating-requests"),
        (Method::POST, "/v1/conversations/c1/transcripts"),
        (Method::GET, "/v1/senders"),
        (Method::PUT, "/v1/senders/a@example.com"),
        (Method::DELETE, "/v1/senders/a@example.com"),
    ] {
        let request = open.visitor.request(method, path).json(&json!({}));
        let body = Reply::of(request).await.expect(401);
        assert_eq!(body, json!({ "message": "Unauthorized" }), "{path}");
    }
    assert_eq!(open.stack.all_data().await, before);
}
