//! The operations of a chat, each once.

use serde_json::{Value, json};
use tests::{AwsProxy, Caller, Stack, message, note, transcript_with_faces};

use crate::cost::traffic::Traffic;

/// The conversation. Ids, names and texts have realistic lengths.
const CONVERSATION: &str = "3f8a6c1e-8f0b-4c55-9f5e-0d2b7f1a9c44";

/// Another conversation, for operations that a conversation allows only once.
const OTHER: &str = "b7d1c2a9-44e0-4f5b-8a61-5c9e0f3d7e12";

/// The text of each message.
const TEXT: &str = "My order has not arrived yet, and the page of the carrier says nothing. Could \
    you please have a look at it for me?";

/// The number of messages in the thread that is read and mailed.
const THREAD: usize = 20;

/// A stack whose calls to AWS are counted.
pub(super) struct Scenario {
    pub(super) stack: Stack,
    pub(super) aws: AwsProxy,
    platform: Caller,
    agent: Caller,
    measured: Vec<(&'static str, Traffic)>,
}

/// An operation whose calls are measured.
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) function: &'static str,
    pub(super) is_request: bool,
    pub(super) events: u32,
    /// The number of items, each of which takes the function's own time.
    pub(super) items: u32,
    pub(super) max_trips: Option<u32>,
}

impl Scenario {
    /// Runs each operation once. Returns the traffic by the operation's name.
    pub(super) async fn measure() -> Vec<(&'static str, Traffic)> {
        let (stack, aws) = Stack::start_behind_proxy(Stack::options_for_platforms()).await;
        aws.meter();
        stack.verified_sender().await;
        let platform = stack.platform().await;
        let agent = stack
            .with_claims(json!({ "sub": "8c4d2b8e-1f7a", "name": "Jo Okafor" }))
            .await;
        let mut scenario = Self {
            stack,
            aws,
            platform,
            agent,
            measured: Vec::new(),
        };
        scenario.record().await;
        scenario.rate().await;
        scenario.read_and_mail().await;
        scenario.erase().await;
        scenario.count_and_roll_up().await;
        scenario.report().await;
        scenario.follow_up().await;
        scenario.receive_hooks().await;
        scenario.measured
    }

    async fn record(&mut self) {
        let platform = self.platform.clone();
        let path = format!("/v1/conversations/{CONVERSATION}");
        let request = |name, max_trips| Operation {
            max_trips,
            ..request("record-conversation", name)
        };
        let new = platform.put(&path, conversation());
        self.measure_request(request("record a new conversation", Some(2)), new)
            .await;
        let again = platform.put(&path, json!({ "status": "open" }));
        self.measure_request(request("record it again", Some(1)), again)
            .await;
        for (name, count) in [
            ("record a message", 1),
            ("record 10 messages", 10),
            ("record 99 messages", 99),
        ] {
            let path = format!("{path}/messages");
            let body = json!({ "messages": messages(name, count) });
            let recorded = platform.post(&path, body);
            self.measure_request(request(name, Some(1)), recorded).await;
        }
        let private = json!({ "messages": [note("note", "2026-01-05T09:30:00Z", TEXT)] });
        let path = format!("{path}/messages");
        let recorded = platform.post(&path, private);
        self.measure_request(request("record a private note", Some(1)), recorded)
            .await;
    }

    async fn rate(&mut self) {
        let path = format!("/v1/conversations/{CONVERSATION}");
        let recorded = self.platform.put(&path, json!({})).await.expect(200);
        let visitor = self
            .stack
            .bearer(recorded["visitor_token"].as_str().unwrap());
        let agent = self.agent.clone();
        // The first count of a process also adds the organisation to the list.
        self.stack.conversation("before").await;
        agent.ask_for_id("before").await;
        assert!(
            self.stack.deliver_stream().await,
            "the rating request is counted"
        );

        let operation = Operation {
            events: 1,
            max_trips: Some(1),
            ..request("ask-rating", "ask for a rating")
        };
        let created = self
            .measure_request(operation, agent.ask(CONVERSATION))
            .await;
        let id = created["rating_request"]["id"].as_str().unwrap().to_owned();
        self.count("count the rating request", 1).await;

        let rating = |name, events, trips| Operation {
            events,
            max_trips: Some(trips),
            ..request("submit-rating", name)
        };
        let shown = visitor.get("/v1/visitor/rating-request");
        self.measure_request(rating("read the rating request", 0, 1), shown)
            .await;
        let answer = json!({ "score": 4, "comment": "Quick and kind, thank you very much." });
        let first = visitor.rate(&id, answer);
        self.measure_request(rating("answer", 1, 1), first).await;
        self.count("count the answer", 1).await;
        let changed = visitor.rate(&id, json!({ "score": 5 }));
        self.measure_request(rating("change an answer", 1, 2), changed)
            .await;
        self.count("count the change", 1).await;
    }

    async fn read_and_mail(&mut self) {
        let platform = self.platform.clone();
        let path = format!("/v1/conversations/{OTHER}");
        platform.put(&path, conversation()).await.expect(201);
        let thread = json!({ "messages": messages("thread", THREAD) });
        let recorded = platform.post(&format!("{path}/messages"), thread).await;
        recorded.expect(200);

        let agent = self.agent.clone();
        let read = agent.get(&path);
        let operation = Operation {
            max_trips: Some(1),
            ..request("read-conversation", "read a conversation of 20 messages")
        };
        self.measure_request(operation, read).await;
        let mail = |name, events, trips| Operation {
            events,
            max_trips: Some(trips),
            ..request("send-transcript", name)
        };
        let sent = agent.send_transcript(OTHER);
        let sent = self.measure_request(mail("mail it", 1, 4), sent).await;
        let transcript_with_faces = agent.send_transcript_as(OTHER, transcript_with_faces());
        self.measure_request(
            mail("mail it and ask for a rating", 2, 5),
            transcript_with_faces,
        )
        .await;

        let transcript = sent["transcript"]["id"].as_str().unwrap();
        let delivered = tests::mail_event("mail-delivered", OTHER, transcript);
        let operation = Operation {
            name: "record the delivery of a mail",
            function: "track-delivery",
            is_request: false,
            events: 1,
            items: 1,
            max_trips: None,
        };
        let (_, calls) = {
            let delivery = async { self.stack.put_mail_events(&[delivered]).await };
            self.aws.calls_by_round_trip(delivery).await
        };
        self.add(operation, calls);
    }

    async fn erase(&mut self) {
        let agent = self.stack.with_claims(json!({
            "sub": "platform", "scopes": ["conversations:erase"],
        }));
        let platform = agent.await;
        let path = format!("/v1/conversations/{OTHER}");
        let erased = platform.delete(&path);
        self.measure_request(request("erase-conversations", "erase it"), erased)
            .await;
    }

    /// Runs a request that must succeed, and adds its calls.
    pub(super) async fn measure_request(
        &mut self,
        operation: Operation,
        sending: impl Future<Output = tests::Reply>,
    ) -> Value {
        let (reply, calls) = self.aws.calls_by_round_trip(sending).await;
        self.add(operation, calls);
        reply.expect_success()
    }

    /// Adds the calls of an operation.
    pub(super) fn add(&mut self, operation: Operation, calls: Vec<Vec<tests::AwsCall>>) {
        let Operation {
            name,
            function,
            is_request,
            events,
            items,
            max_trips,
        } = operation;
        let own = calls.into_iter().map(|mut trip| {
            trip.retain(|call| call.function == function);
            trip
        });
        let traffic = Traffic {
            function,
            is_request,
            calls: own.filter(|trip| !trip.is_empty()).collect(),
            events,
            items,
            max_trips,
        };
        assert!(!traffic.calls.is_empty(), "{name} makes no call to AWS");
        self.measured.push((name, traffic));
    }
}

/// A request that causes no event.
pub(super) fn request(function: &'static str, name: &'static str) -> Operation {
    Operation {
        name,
        function,
        is_request: true,
        events: 0,
        items: 1,
        max_trips: None,
    }
}

fn conversation() -> Value {
    json!({
        "channel": "widget",
        "visitor": {
            "name": "Ana Sofia Reis",
            "email": "ana.sofia.reis@example.org",
            "time_zone": "Europe/Lisbon",
            "language": "pt-PT",
        },
        "assignee": { "id": "8c4d2b8e-1f7a", "name": "Jo Okafor" },
    })
}

fn messages(prefix: &str, count: usize) -> Vec<Value> {
    let prefix = prefix.replace(' ', "-");
    (0..count)
        .map(|number| {
            let at = format!("2026-01-05T09:{:02}:{:02}Z", number / 60, number % 60);
            message(&format!("{prefix}-{number:08}"), &at, TEXT)
        })
        .collect()
}
