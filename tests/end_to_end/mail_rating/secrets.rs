//! The secret of a link.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;
use tests::{RealBinaries, SENDER, message, transcript_with_faces};

use crate::mail_rating::{Setup, TRANSCRIPTS, assert_refused, id_of};

#[tokio::test]
async fn a_link_works_only_for_its_own_rating_request() {
    let setup = Setup::start().await;
    let first = setup.request_rating().await;
    let lee = setup.stack.agent("lee").await;
    let second = setup.request_rating_as(&lee).await;
    let [organisation, conversation, request, _] = second.parts();
    let [.., foreign_secret] = first.parts();
    let in_the_chat = setup.stack.agent("max").await.ask_for_id("c1").await;
    let stack = &setup.stack;

    assert_refused(stack, first.link.token(), &second.request).await;
    assert_refused(stack, second.link.token(), &first.request).await;
    // A secret does not work with the id of another request, even if that request has no link.
    let forged = format!("{organisation}.{conversation}.{request}.{foreign_secret}");
    assert_refused(stack, &forged, &second.request).await;
    let request = BASE64_URL_SAFE_NO_PAD.encode(&in_the_chat);
    let forged = format!("{organisation}.{conversation}.{request}.{foreign_secret}");
    assert_refused(stack, &forged, &in_the_chat).await;
}

#[tokio::test]
async fn a_link_whose_secret_differs_in_one_bit_is_refused() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    let [organisation, conversation, request, secret] = mailed.parts();
    let secret = BASE64_URL_SAFE_NO_PAD.decode(secret).unwrap();
    assert_eq!(secret.len(), 32);
    for index in [0, 31] {
        let mut guess = secret.clone();
        guess[index] ^= 1;
        let guess = BASE64_URL_SAFE_NO_PAD.encode(guess);
        let token = format!("{organisation}.{conversation}.{request}.{guess}");
        assert_refused(&setup.stack, &token, &mailed.request).await;
    }
    // A wrong secret is refused after the request was answered, too.
    let answer = json!({ "score": 4 });
    mailed.link.rate(&mailed.request, answer).await.expect(201);
    let guess = BASE64_URL_SAFE_NO_PAD.encode([0; 32]);
    let token = format!("{organisation}.{conversation}.{request}.{guess}");
    assert_refused(&setup.stack, &token, &mailed.request).await;
}

#[tokio::test]
async fn a_link_with_unknown_ids_is_refused() {
    let setup = Setup::start().await;
    setup.stack.conversation("c2").await;
    let mailed = setup.request_rating().await;
    let [organisation, conversation, request, secret] = mailed.parts();
    let encode = |id: &str| BASE64_URL_SAFE_NO_PAD.encode(id);
    for (id, token) in [
        (
            "unknown",
            format!(
                "{organisation}.{conversation}.{}.{secret}",
                encode("unknown")
            ),
        ),
        (
            &mailed.request,
            format!("{organisation}.{}.{request}.{secret}", encode("unknown")),
        ),
        (
            &mailed.request,
            format!("{organisation}.{}.{request}.{secret}", encode("c2")),
        ),
        (
            &mailed.request,
            format!("{}.{conversation}.{request}.{secret}", encode("other")),
        ),
        // Without the request's part it is not a visitor's token either.
        (
            &mailed.request,
            format!("{organisation}.{conversation}.{secret}"),
        ),
    ] {
        assert_refused(&setup.stack, &token, id).await;
    }
}

#[tokio::test]
async fn a_links_secret_is_in_the_url_fragment_and_in_no_response() {
    let setup = Setup::start().await;
    let mailed = setup.request_rating().await;
    let secret = mailed.parts()[3];
    let mail = setup.last_mail().await;
    let text = mail["text"].as_str().unwrap();
    for line in text.lines().filter(|line| line.contains(secret)) {
        let (address, fragment) = line.split_once('#').unwrap();
        assert!(!address.contains(secret) && !address.contains('?'));
        assert!(fragment.contains(secret) && !fragment.contains('?'));
    }
    let rated = mailed
        .link
        .rate(&mailed.request, json!({ "score": 5 }))
        .await;
    for body in [
        mailed.sent.clone(),
        rated.expect(201),
        setup.agent.conversation("c1").await,
        setup.visitor.rating_request().await,
    ] {
        assert!(!body.to_string().contains(secret), "{body}");
    }
    // Only the rating request's item contains the secret.
    let items = setup.stack.items().await;
    let mut containing = items.iter().filter(|it| it.to_string().contains(secret));
    let item = containing.next().expect("the request contains it");
    assert_eq!(item["request_id"]["S"], *mailed.request);
    assert_eq!(containing.count(), 0);
}

#[tokio::test]
async fn a_links_secret_is_in_no_log() {
    let lambda = RealBinaries::start().await;
    lambda.aws().identity(SENDER, true).await;
    let agent = lambda.agent("kim");
    let sender = format!("/v1/senders/{SENDER}");
    agent.put(&sender, json!({})).await.expect(201);
    let visitor = json!({ "email": "ana@example.org" });
    let conversation = json!({ "channel": "widget", "visitor": visitor });
    agent
        .put("/v1/conversations/c1", conversation)
        .await
        .expect(201);
    let hello = message("m1", "2026-01-05T09:00:00Z", "Hello");
    let messages = json!({ "messages": [hello] });
    let path = "/v1/conversations/c1/messages";
    agent.post(path, messages).await.expect(200);
    let sent = agent
        .post(TRANSCRIPTS, transcript_with_faces())
        .await
        .expect(201);
    let links = lambda.aws().link_tokens().await;
    let token = &links[0];

    let request = id_of(&sent);
    let path = format!("/v1/visitor/rating-requests/{request}/rating");
    let link = lambda.visitor(token);
    link.put(&path, json!({ "score": 5 })).await.expect(201);
    link.put(&path, json!({ "score": 9 })).await.expect(422);
    let shown = link.get("/v1/visitor/rating-request").await;
    shown.expect_problem(401, "invalid_visitor_token");
    let other = path.replace(&request, "other");
    link.put(&other, json!({ "score": 5 })).await.expect(401);

    let secret = token.rsplit('.').next().unwrap();
    for (function, ended) in lambda.terminate().await {
        for log in [&ended.log, &ended.errors] {
            assert!(!log.contains(secret), "{function}: {log}");
        }
    }
}
