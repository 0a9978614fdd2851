use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Caller, Reply, Stack};

/// A conversation `c1` with a rating request that its visitor may answer.
struct Asked {
    stack: Stack,
    visitor: Caller,
    request: String,
}

impl Asked {
    async fn start() -> Self {
        let stack = Stack::start().await;
        let visitor = stack.conversation("c1").await;
        let request = stack.agent("kim").await.asked("c1").await;
        Self {
            stack,
            visitor,
            request,
        }
    }

    /// The visitor's token in its three parts.
    fn parts(&self) -> [&str; 3] {
        let parts: Vec<_> = self.visitor.token().split('.').collect();
        parts.try_into().expect("a token has three parts")
    }

    /// Both of the visitor's routes refuse this `Authorization` alike, and nothing changes.
    async fn refuse(&self, authorization: Option<&str>) {
        let before = self.stack.kept().await;
        let answer = format!("/v1/visitor/rating-requests/{}/rating", self.request);
        for (method, path) in [
            (Method::GET, "/v1/visitor/rating-request"),
            (Method::PUT, answer.as_str()),
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
        assert_eq!(self.stack.kept().await, before);
    }

    async fn refuse_token(&self, token: &str) {
        self.refuse(Some(&format!("Bearer {token}"))).await;
    }
}

fn encode(id: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(id)
}

#[tokio::test]
async fn a_visitors_token_names_its_organisation_and_conversation_and_holds_32_secret_bytes() {
    let asked = Asked::start().await;
    let [organisation, conversation, secret] = asked.parts();
    assert_eq!(organisation, encode("main"));
    assert_eq!(conversation, encode("c1"));
    assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(secret).unwrap().len(), 32);
    let other = asked.stack.conversation("c2").await;
    assert!(!other.token().ends_with(secret));
}

#[tokio::test]
async fn a_missing_or_empty_token_opens_nothing() {
    let asked = Asked::start().await;
    for authorization in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Bearer .."),
    ] {
        asked.refuse(authorization).await;
    }
}

#[tokio::test]
async fn a_token_under_another_scheme_opens_nothing() {
    let asked = Asked::start().await;
    let token = asked.visitor.token();
    for authorization in [
        token.to_owned(),
        format!("Basic {token}"),
        format!("Token {token}"),
        format!("Bearer{token}"),
    ] {
        asked.refuse(Some(&authorization)).await;
    }
}

#[tokio::test]
async fn the_scheme_may_be_written_in_any_case() {
    let asked = Asked::start().await;
    for scheme in ["bearer", "BEARER"] {
        let authorization = format!("{scheme} {}", asked.visitor.token());
        let request = asked
            .stack
            .nobody()
            .request(Method::GET, "/v1/visitor/rating-request")
            .header("authorization", authorization);
        let shown = Reply::of(request).await.expect(200);
        assert_eq!(shown["rating_request"]["id"], asked.request);
    }
}

#[tokio::test]
async fn a_token_cut_short_or_made_longer_opens_nothing() {
    let asked = Asked::start().await;
    let token = asked.visitor.token();
    for length in [1, 4, token.len() / 2, token.len() - 2, token.len() - 1] {
        asked.refuse_token(&token[..length]).await;
    }
    for longer in [
        format!("{token}A"),
        format!("{token}="),
        format!("{token}.x"),
    ] {
        asked.refuse_token(&longer).await;
    }
}

#[tokio::test]
async fn a_token_with_a_secret_that_differs_in_one_bit_opens_nothing() {
    let asked = Asked::start().await;
    let [organisation, conversation, secret] = asked.parts();
    let secret = BASE64_URL_SAFE_NO_PAD.decode(secret).unwrap();
    for byte in [0, 15, 31] {
        let mut guess = secret.clone();
        guess[byte] ^= 1;
        let guess = BASE64_URL_SAFE_NO_PAD.encode(guess);
        let token = format!("{organisation}.{conversation}.{guess}");
        asked.refuse_token(&token).await;
    }
}

#[tokio::test]
async fn a_token_that_is_written_in_another_way_opens_nothing() {
    let asked = Asked::start().await;
    let [organisation, conversation, secret] = asked.parts();
    // 32 bytes leave two bits of the last character unused: set, they are another text.
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
        asked.refuse_token(&token).await;
    }
}

#[tokio::test]
async fn a_visitor_who_guesses_a_requests_id_learns_and_changes_nothing() {
    let asked = Asked::start().await;
    let other = asked.stack.conversation("c2").await;
    let before = asked.stack.kept().await;
    let mut guesses = vec![asked.request.clone(), asked.request.to_uppercase()];
    guesses.extend(["0".repeat(32), "r1".to_owned(), "CONVERSATION".to_owned()]);
    let mut answers = Vec::new();
    for guess in guesses {
        let reply = other.rate(&guess, json!({ "score": 1 })).await;
        let mut problem = reply.expect_problem(404, "rating_request_not_found");
        problem.as_object_mut().unwrap().remove("request_id");
        answers.push(problem);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(asked.stack.kept().await, before);
}

#[tokio::test]
async fn another_conversations_secret_opens_nothing_here() {
    let asked = Asked::start().await;
    let [organisation, conversation, secret] = asked.parts();
    let other = asked.stack.conversation("c2").await;
    let others_secret = other.token().rsplit('.').next().unwrap();
    for (conversation, secret) in [
        (conversation, others_secret),
        (&encode("c2"), secret),
        (&encode("no-such"), secret),
    ] {
        let token = format!("{organisation}.{conversation}.{secret}");
        asked.refuse_token(&token).await;
    }
}

#[tokio::test]
async fn another_conversations_token_reaches_its_own_conversation_only() {
    let asked = Asked::start().await;
    let other = asked.stack.conversation("c2").await;
    let before = asked.stack.kept().await;
    assert_eq!(other.rating_request().await["rating_request"], Value::Null);
    other
        .rate(&asked.request, json!({ "score": 5 }))
        .await
        .expect_problem(404, "rating_request_not_found");
    assert_eq!(asked.stack.kept().await, before);
}

#[tokio::test]
async fn another_organisation_in_the_token_opens_nothing() {
    let asked = Asked::start().await;
    let [_, conversation, secret] = asked.parts();
    for organisation in ["other", "Main", "main#c1"] {
        let token = format!("{}.{conversation}.{secret}", encode(organisation));
        asked.refuse_token(&token).await;
    }
}

#[tokio::test]
async fn a_renewed_token_takes_the_place_of_the_old_one() {
    let asked = Asked::start().await;
    let path = "/v1/conversations/c1";
    let platform = asked.stack.platform().await;
    for change in [json!({}), json!({ "renew_visitor_token": false })] {
        let body = platform.put(path, change).await.expect(200);
        assert_eq!(body["visitor_token"], asked.visitor.token());
    }
    let renewal = json!({ "renew_visitor_token": true });
    let renewed = platform.put(path, renewal).await.expect(200);
    let renewed = renewed["visitor_token"].as_str().unwrap();

    asked.refuse_token(asked.visitor.token()).await;
    let visitor = asked.stack.bearer(renewed);
    let shown = visitor.rating_request().await;
    assert_eq!(shown["rating_request"]["id"], asked.request);
    visitor
        .rate(&asked.request, json!({ "score": 5 }))
        .await
        .expect(201);
}

#[tokio::test]
async fn an_agents_token_opens_no_visitors_route() {
    let asked = Asked::start().await;
    let agent = asked.stack.agent("kim").await;
    asked.refuse_token(agent.token()).await;
}

#[tokio::test]
async fn a_visitors_token_opens_no_agents_route() {
    let asked = Asked::start().await;
    let before = asked.stack.kept().await;
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
        let request = asked.visitor.request(method, path).json(&json!({}));
        let body = Reply::of(request).await.expect(401);
        assert_eq!(body, json!({ "message": "Unauthorized" }), "{path}");
    }
    assert_eq!(asked.stack.kept().await, before);
}
