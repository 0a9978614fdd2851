use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use lambda::clock::{Clock, SystemClock};
use local::{Options, Webhook};
use ring::hmac;
use serde_json::{Value, json};
use tests::Stack;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

const SECRET: &str = "a shared secret";

/// A chat platform's webhook endpoint.
struct Receiver {
    url: String,
    posts: mpsc::UnboundedReceiver<Post>,
}

#[derive(Debug)]
struct Post {
    signature: String,
    body: String,
}

impl Receiver {
    /// Responds with each status of `failures` once, and then with 204.
    async fn start(failures: &[u16]) -> Self {
        let failures = Arc::new(Mutex::new(failures.to_vec()));
        let (sender, posts) = mpsc::unbounded_channel();
        let handle = move |headers: HeaderMap, body: String| async move {
            let signature = headers["afterchat-signature"].to_str().unwrap().to_owned();
            assert_eq!(headers["content-type"], "application/json");
            let _ = sender.send(Post { signature, body });
            let mut failures = failures.lock().unwrap();
            let status = if failures.is_empty() {
                204
            } else {
                failures.remove(0)
            };
            StatusCode::from_u16(status).unwrap()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let router = Router::new().route("/events", post(handle));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, posts }
    }

    async fn stack(&self) -> Stack {
        Stack::start_with(Options {
            webhook: Some(Webhook::new(&self.url, SECRET).unwrap()),
            ..Stack::options()
        })
        .await
    }

    async fn next(&mut self) -> Post {
        self.posts.recv().await.unwrap()
    }
}

impl Post {
    /// Verifies the signature as docs/events.md describes.
    fn is_signed_with(&self, secret: &str) -> bool {
        let (time, digits) = self.signature.split_once(",v1=").unwrap();
        let seconds = time.strip_prefix("t=").unwrap();
        let age = SystemClock.now().epoch_seconds() - seconds.parse::<i64>().unwrap();
        assert!((0..300).contains(&age), "{age}");
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, format!("{seconds}.{}", self.body).as_bytes());
        let expected: String = tag.as_ref().iter().map(|it| format!("{it:02x}")).collect();
        digits == expected
    }

    fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[tokio::test]
async fn each_event_is_posted_with_a_signature_and_the_same_body_that_listeners_get() {
    let mut receiver = Receiver::start(&[]).await;
    let stack = receiver.stack().await;
    let mut listener = stack.listen().await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    let rating = json!({ "score": 1, "comment": "Überhaupt nicht \"gut\"" });
    visitor.rate(&request, rating).await.expect(201);
    for _ in 0..2 {
        let post = receiver.next().await;
        assert_eq!(post.event(), listener.next().await.data);
        assert!(post.is_signed_with(SECRET));
        assert!(!post.is_signed_with("another secret"));
    }
}

#[tokio::test]
async fn an_event_that_is_not_accepted_is_retried_before_the_next_one() {
    let mut receiver = Receiver::start(&[500, 429, 302]).await;
    let stack = receiver.stack().await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(201);
    let mut posts = Vec::new();
    for _ in 0..5 {
        let post = receiver.next().await;
        assert!(post.is_signed_with(SECRET));
        posts.push(post.event());
    }
    let [first, second, third, accepted, next] = posts.try_into().unwrap();
    assert_eq!(first["detail-type"], "rating.requested");
    assert_eq!([&second, &third, &accepted], [&first; 3]);
    assert_eq!(next["detail-type"], "rating.submitted");
}

#[tokio::test]
async fn an_unreachable_receiver_affects_no_request() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let stack = Stack::start_with(Options {
        webhook: Some(Webhook::new(&url, SECRET).unwrap()),
        ..Stack::options()
    })
    .await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(201);
    stack.stop().await;
}
