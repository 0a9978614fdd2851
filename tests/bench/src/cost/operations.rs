//! What is done in a chat, each once.

use serde_json::{Value, json};
use tests::{AwsProxy, Caller, Stack, asking, message, note};

use super::traffic::Traffic;

/// A conversation with ids, names and texts as long as they are in life.
const CONVERSATION: &str = "3f8a6c1e-8f0b-4c55-9f5e-0d2b7f1a9c44";

/// One more, for what a conversation can have only once.
const OTHER: &str = "b7d1c2a9-44e0-4f5b-8a61-5c9e0f3d7e12";

/// What a visitor or an agent says.
const TEXT: &str = "My order has not arrived yet, and the page of the carrier says nothing. Could \
    you please have a look at it for me?";

/// How many messages stand in the thread that is read and mailed.
const THREAD: usize = 20;

/// A stack whose calls to AWS are counted.
pub(super) struct Scene {
    pub(super) stack: Stack,
    pub(super) aws: AwsProxy,
    platform: Caller,
    agent: Caller,
    told: Vec<(&'static str, Traffic)>,
}

/// What is measured of an operation beside its calls.
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) function: &'static str,
    pub(super) is_request: bool,
    pub(super) events: u32,
    /// How many things it does at once that take the function's own time each.
    pub(super) times: u32,
    pub(super) most_trips: Option<u32>,
}

impl Scene {
    /// Does everything once, and tells what it asked of AWS.
    pub(super) async fn play() -> Vec<(&'static str, Traffic)> {
        let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
        aws.meter();
        stack.verified_sender().await;
        let platform = stack.platform().await;
        let agent = stack
            .with_claims(json!({ "sub": "8c4d2b8e-1f7a", "name": "Jo Okafor" }))
            .await;
        let mut scene = Self {
            stack,
            aws,
            platform,
            agent,
            told: Vec::new(),
        };
        scene.record().await;
        scene.rate().await;
        scene.read_and_mail().await;
        scene.erase().await;
        scene.count_and_fold().await;
        scene.report().await;
        scene.told
    }

    async fn record(&mut self) {
        let platform = self.platform.clone();
        let path = format!("/v1/conversations/{CONVERSATION}");
        let request = |name, most_trips| Operation {
            most_trips,
            ..request("record-conversation", name)
        };
        let new = platform.put(&path, conversation());
        self.tell(request("record a new conversation", Some(2)), new)
            .await;
        let again = platform.put(&path, json!({ "status": "open" }));
        self.tell(request("record it again", Some(1)), again).await;
        for (name, count) in [
            ("record a message", 1),
            ("record 10 messages", 10),
            ("record 99 messages", 99),
        ] {
            let path = format!("{path}/messages");
            let body = json!({ "messages": messages(name, count) });
            let recorded = platform.post(&path, body);
            self.tell(request(name, Some(1)), recorded).await;
        }
        let private = json!({ "messages": [note("note", "2026-01-05T09:30:00Z", TEXT)] });
        let path = format!("{path}/messages");
        let recorded = platform.post(&path, private);
        self.tell(request("record a private note", Some(1)), recorded)
            .await;
    }

    async fn rate(&mut self) {
        let path = format!("/v1/conversations/{CONVERSATION}");
        let known = self.platform.put(&path, json!({})).await.expect(200);
        let visitor = self.stack.bearer(known["visitor_token"].as_str().unwrap());
        let agent = self.agent.clone();
        // The first count of a sandbox lists the organisation.
        self.stack.conversation("before").await;
        agent.asked("before").await;
        assert!(self.stack.count().await, "what was asked is counted");

        let operation = Operation {
            events: 1,
            most_trips: Some(1),
            ..request("ask-rating", "ask for a rating")
        };
        let asked = self.tell(operation, agent.ask(CONVERSATION)).await;
        let id = asked["rating_request"]["id"].as_str().unwrap().to_owned();
        self.count("count that it was asked", 1).await;

        let rating = |name, events, trips| Operation {
            events,
            most_trips: Some(trips),
            ..request("submit-rating", name)
        };
        let shown = visitor.get("/v1/visitor/rating-request");
        self.tell(rating("see what is asked", 0, 1), shown).await;
        let answer = json!({ "score": 4, "comment": "Quick and kind, thank you very much." });
        let first = visitor.rate(&id, answer);
        self.tell(rating("answer", 1, 1), first).await;
        self.count("count the answer", 1).await;
        let changed = visitor.rate(&id, json!({ "score": 5 }));
        self.tell(rating("change an answer", 1, 2), changed).await;
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
            most_trips: Some(1),
            ..request("read-conversation", "read a conversation of 20 messages")
        };
        self.tell(operation, read).await;
        let mail = |name, events, trips| Operation {
            events,
            most_trips: Some(trips),
            ..request("send-transcript", name)
        };
        let sent = agent.send_transcript(OTHER);
        let sent = self.tell(mail("mail it", 1, 4), sent).await;
        let asking = agent.send_transcript_as(OTHER, asking());
        self.tell(mail("mail it and ask for a rating", 2, 5), asking)
            .await;

        let transcript = sent["transcript"]["id"].as_str().unwrap();
        let delivered = tests::mail_event("mail-delivered", OTHER, transcript);
        let operation = Operation {
            name: "hear that a mail arrived",
            function: "track-delivery",
            is_request: false,
            events: 1,
            times: 1,
            most_trips: None,
        };
        let (_, calls) = {
            let handed = async { self.stack.put_mail_events(&[delivered]).await };
            self.aws.calls_by_round_trip(handed).await
        };
        self.note(operation, calls);
    }

    async fn erase(&mut self) {
        let agent = self.stack.with_claims(json!({
            "sub": "platform", "scopes": ["conversations:erase"],
        }));
        let platform = agent.await;
        let path = format!("/v1/conversations/{OTHER}");
        let erased = platform.delete(&path);
        self.tell(request("erase-conversations", "erase it"), erased)
            .await;
    }

    /// Does something that succeeds, and notes its calls.
    pub(super) async fn tell(
        &mut self,
        operation: Operation,
        doing: impl Future<Output = tests::Reply>,
    ) -> Value {
        let (reply, calls) = self.aws.calls_by_round_trip(doing).await;
        self.note(operation, calls);
        reply.expect_success()
    }

    /// Notes the calls of an operation.
    pub(super) fn note(&mut self, operation: Operation, calls: Vec<Vec<tests::AwsCall>>) {
        let Operation {
            name,
            function,
            is_request,
            events,
            times,
            most_trips,
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
            times,
            most_trips,
        };
        assert!(!traffic.calls.is_empty(), "{name} asks nothing of AWS");
        self.told.push((name, traffic));
    }
}

/// A request that no event comes of.
pub(super) fn request(function: &'static str, name: &'static str) -> Operation {
    Operation {
        name,
        function,
        is_request: true,
        events: 0,
        times: 1,
        most_trips: None,
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
