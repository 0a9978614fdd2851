use std::collections::BTreeSet;

use serde_json::{Value, json};
use store::CountedBy;
use tests::{
    Caller, Stack, asking, mail_event, message, note, recount, tokens_of, total, transcript,
};

const CONVERSATION: &str = "/v1/conversations/c1";

/// What no mail may hold, and what an erasure leaves nothing of.
const NOTE: &str = "she may have a refund";
const HIDDEN: &str = "my card is 4111";

/// A stack, and those who use it.
pub(crate) struct Scenario {
    stack: Stack,
    platform: Caller,
    kim: Caller,
    jo: Caller,
}

/// Asserts that two answers have the same in all members that both have.
#[track_caller]
fn assert_agree(one: &Value, other: &Value) {
    match (one, other) {
        (Value::Object(members), Value::Object(others)) => {
            for (name, member) in members {
                if let Some(other) = others.get(name) {
                    assert_agree(member, other);
                }
            }
        }
        (Value::Array(members), Value::Array(others)) => {
            assert_eq!(members.len(), others.len(), "{one} {other}");
            for (member, other) in members.iter().zip(others) {
                assert_agree(member, other);
            }
        }
        (one, other) => assert_eq!(one, other),
    }
}

/// What both versions answer, or all four turns: they agree.
async fn read(caller: &Caller, path: &str) -> Value {
    let first = caller.get(path).await.expect(200);
    for _ in 0..3 {
        assert_agree(&first, &caller.get(path).await.expect(200));
    }
    first
}

impl Scenario {
    pub(crate) async fn new(stack: Stack) -> Self {
        Self {
            platform: stack.platform().await,
            kim: stack.agent("kim").await,
            jo: stack.agent("jo").await,
            stack,
        }
    }

    pub(crate) async fn play(self) {
        self.senders().await;
        let visitor = self.record().await;
        self.ask_and_rate(&visitor).await;
        self.withdraw().await;
        self.mail().await;
        self.limits().await;
        self.count_and_roll_up().await;
        self.report().await;
        self.erase(&visitor).await;
    }

    async fn senders(&self) {
        self.stack.verified_sender().await;
        let listed = read(&self.kim, "/v1/senders").await;
        assert_eq!(listed["senders"][0]["verification"], "verified");
    }

    async fn record(&self) -> Caller {
        let visitor = self.stack.conversation("c1").await;
        // Each has a time of its own: the versions order messages of one time in different ways.
        let mut hidden = message("m3", "2026-01-05T09:31:00Z", HIDDEN);
        let messages = json!({ "messages": [
            message("m2", "2026-01-05T09:30:00Z", "Where is it?"),
            hidden,
            note("m4", "2026-01-05T09:32:00Z", NOTE),
        ] });
        let path = format!("{CONVERSATION}/messages");
        for _ in 0..2 {
            self.platform
                .post(&path, messages.clone())
                .await
                .expect(200);
        }
        hidden["visibility"] = json!("private");
        let private = json!({ "messages": [hidden] });
        for _ in 0..2 {
            self.platform.post(&path, private.clone()).await.expect(200);
        }
        let change = json!({ "visitor": { "time_zone": "Europe/Lisbon" } });
        for _ in 0..2 {
            let told = self.platform.put(CONVERSATION, change.clone()).await;
            assert_eq!(told.expect(200)["visitor_token"], visitor.token());
        }
        let read = read(&self.kim, CONVERSATION).await;
        let entries = read["thread"]["entries"].as_array().unwrap();
        let shown: BTreeSet<_> = entries
            .iter()
            .map(|entry| {
                (
                    entry["id"].as_str().unwrap(),
                    entry["visibility"].as_str().unwrap(),
                )
            })
            .collect();
        let expected = [
            ("m1", "public"),
            ("m2", "public"),
            ("m3", "private"),
            ("m4", "private"),
        ];
        assert_eq!(shown, expected.into());
        assert_eq!(self.pages().await, ["m1", "m2", "m3", "m4"]);
        visitor
    }

    /// The ids of the thread's entries, one page by one version and the next by another.
    async fn pages(&self) -> Vec<String> {
        let mut ids = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("{CONVERSATION}?limit=1{cursor}");
            let page = self.kim.get(&path).await.expect(200);
            let entries = page["thread"]["entries"].as_array().unwrap();
            let on_page = entries.iter().map(|entry| entry["id"].as_str().unwrap());
            ids.extend(on_page.map(str::to_owned));
            match page["thread"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        ids.sort();
        ids
    }

    async fn ask_and_rate(&self, visitor: &Caller) {
        let path = format!("{CONVERSATION}/rating-requests");
        let asked = self
            .kim
            .post_once(&path, "ask", json!({}))
            .await
            .expect_first();
        for _ in 0..4 {
            let again = self.kim.post_once(&path, "ask", json!({})).await;
            assert_agree(&again.expect_replayed(), &asked);
            let other = self.kim.ask("c1").await;
            other.expect_problem(429, "rating_already_requested");
        }
        assert!(self.stack.count().await);
        let shown = read(visitor, "/v1/visitor/rating-request").await;
        let request = shown["rating_request"]["id"].as_str().unwrap();
        let rated = json!({ "score": 2, "comment": "Slow" });
        visitor.rate(request, rated.clone()).await.expect(201);
        for _ in 0..2 {
            visitor.rate(request, rated.clone()).await.expect(200);
        }
        assert!(self.stack.count().await);
        for score in [3, 4, 5] {
            let change = json!({ "score": score, "comment": "Better" });
            visitor.rate(request, change).await.expect(200);
        }
        let read = read(&self.kim, CONVERSATION).await;
        assert_eq!(read["rating"]["score"], 5);
        assert_eq!(self.kim.events("c1", "rating_requested").await.len(), 1);
        assert_eq!(self.kim.events("c1", "rating_changed").await.len(), 3);
    }

    async fn withdraw(&self) {
        for conversation in ["c2", "c3"] {
            let visitor = self.stack.conversation(conversation).await;
            let request = self.kim.asked(conversation).await;
            let path = format!("/v1/conversations/{conversation}");
            for status in ["resolved", "open"] {
                let change = json!({ "status": status });
                self.platform.put(&path, change).await.expect(200);
            }
            for _ in 0..2 {
                let rated = visitor.rate(&request, json!({ "score": 1 })).await;
                rated.expect_problem(410, "rating_request_withdrawn");
            }
            // Another request takes its place.
            let second = self.jo.asked(conversation).await;
            let rated = visitor.rate(&request, json!({ "score": 1 })).await;
            assert_eq!(rated.status, 410, "{rated:?}");
            visitor
                .rate(&second, json!({ "score": 4 }))
                .await
                .expect(201);
        }
    }

    async fn mail(&self) {
        let path = format!("{CONVERSATION}/transcripts");
        let sent = self
            .kim
            .post_once(&path, "send", transcript())
            .await
            .expect_first();
        for _ in 0..4 {
            let again = self.kim.post_once(&path, "send", transcript()).await;
            assert_agree(&again.expect_replayed(), &sent);
        }
        let outbox = self.stack.outbox().await;
        assert_eq!(outbox.len(), 1);
        for part in ["text", "html"] {
            let part = outbox[0][part].as_str().unwrap();
            assert!(part.contains("Where is it?"), "{part}");
            assert!(!part.contains(NOTE) && !part.contains(HIDDEN), "{part}");
        }
        let id = sent["transcript"]["id"].as_str().unwrap();
        for (event, state) in [
            ("mail-delivered", "delivered"),
            ("mail-bounced", "bounced"),
            ("mail-delivered", "bounced"),
        ] {
            self.stack
                .put_mail_events(&[mail_event(event, "c1", id)])
                .await;
            let read = read(&self.kim, CONVERSATION).await;
            assert_eq!(read["transcripts"][0]["state"], state);
        }
        assert_eq!(self.kim.events("c1", "transcript_sent").await.len(), 1);
        assert_eq!(self.kim.events("c1", "transcript_bounced").await.len(), 1);

        // Faces beneath a transcript, each a link.
        let sent = self.jo.send_transcript_as("c1", asking()).await.expect(201);
        let request = sent["rating_request"]["id"].as_str().unwrap();
        let mail = self.stack.outbox().await.pop().unwrap();
        let link = self
            .stack
            .bearer(&tokens_of(mail["text"].as_str().unwrap())[0]);
        for (score, status) in [(1, 201), (2, 200), (3, 200)] {
            let answer = json!({ "score": score });
            link.rate(request, answer).await.expect(status);
        }
    }

    async fn limits(&self) {
        self.stack.conversation("full").await;
        let hour = async || self.stack.now().await[..13].to_owned();
        let before = hour().await;
        let mut sent = Vec::new();
        for _ in 0..6 {
            sent.push(self.kim.send_transcript("full").await.status);
        }
        // A new hour has new slots.
        if hour().await == before {
            assert_eq!(sent, [201, 201, 201, 201, 201, 429]);
        }
    }

    /// What is counted is what a recount gives, however often a record comes, and whoever folds it.
    async fn count_and_roll_up(&self) {
        assert!(self.stack.count().await);
        self.check_counts().await;
        let records = self.stack.stream_records().await;
        for record in &records {
            self.stack.hand_records(std::slice::from_ref(record)).await;
        }
        self.check_counts().await;

        let items = self.stack.items().await;
        for (days_ago, score) in [(5, 1), (4, 2), (5, 3), (4, 4)] {
            self.answered_days_ago(&items, days_ago, score).await;
            assert!(self.stack.roll_up().await);
            self.check_counts().await;
        }
        let items = self.stack.items().await;
        let folded = items
            .iter()
            .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("DAY#"));
        assert_eq!(folded.count(), 2);
    }

    /// Puts a copy of a request that was asked some days ago, and has it counted.
    async fn answered_days_ago(&self, items: &[Value], days: i64, score: u8) {
        let is_rated = |item: &&Value| {
            let is_request = item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#");
            is_request && item.get("answer").is_some()
        };
        let mut copy = items
            .iter()
            .find(is_rated)
            .expect("a rated request")
            .clone();
        let now: jiff::Timestamp = self.stack.now().await.parse().unwrap();
        let asked = now - jiff::SignedDuration::from_hours(24 * days);
        let day = asked.strftime("%Y-%m-%d").to_string();
        let id = format!("copy-{days}-{score}");
        copy["sk"] = json!({ "S": format!("REQUEST#{id}") });
        copy["request_id"] = json!({ "S": id });
        copy["requested_at"] = json!({ "S": format!("{asked:.3}") });
        copy["report_day"] = json!({ "S": day });
        copy["ratings_of"] = json!({ "S": format!("main#{day}#00") });
        copy["answer"]["M"]["score"] = json!({ "N": score.to_string() });
        copy["rated_score"] = json!({ "N": score.to_string() });
        copy.as_object_mut().unwrap().remove("counted");
        let put = json!({ "TableName": "afterchat", "Item": copy });
        let put = self.stack.dynamodb_as("owner", "PutItem", put).await;
        put.expect(200);
        assert!(self.stack.count().await);
    }

    async fn check_counts(&self) {
        let expected = recount(&self.stack.items().await, "main");
        let counts = self.stack.counts("main", CountedBy::Agent).await;
        assert_eq!(counts, expected);
        let by_channel = self.stack.counts("main", CountedBy::Channel).await;
        assert_eq!(total(&by_channel), total(&expected));
    }

    async fn report(&self) {
        let now: jiff::Timestamp = self.stack.now().await.parse().unwrap();
        let day = |days: i64| {
            let day = now + jiff::SignedDuration::from_hours(24 * days);
            day.strftime("%Y-%m-%d").to_string()
        };
        let days = format!("from={}&to={}", day(-7), day(1));
        let expected = total(&recount(&self.stack.items().await, "main"));
        for grouping in ["day", "agent", "channel"] {
            let path = format!("/v1/satisfaction?{days}&group_by={grouping}&compare=previous");
            let report = read(&self.kim, &path).await;
            assert_eq!(report["total"]["requests"], expected[0]);
        }
        let all = read(&self.kim, &format!("/v1/ratings?{days}")).await;
        let mut paged = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/v1/ratings?{days}&limit=1{cursor}");
            let mut page = self.kim.get(&path).await.expect(200);
            paged.append(page["ratings"].as_array_mut().unwrap());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_agree(&all["ratings"], &Value::Array(paged));
    }

    async fn erase(&self, visitor: &Caller) {
        self.erase_all(CONVERSATION).await;
        // The visitor of all the others.
        self.erase_all("/v1/visitors/ana@example.org").await;
        for conversation in ["c1", "c2", "c3", "full"] {
            for _ in 0..2 {
                let path = format!("/v1/conversations/{conversation}");
                let body = json!({ "channel": "widget" });
                let again = self.platform.put(&path, body).await;
                again.expect_problem(410, "conversation_erased");
                assert_eq!(self.kim.get(&path).await.status, 404);
            }
        }
        for _ in 0..2 {
            let shown = visitor.get("/v1/visitor/rating-request").await;
            shown.expect_problem(401, "invalid_visitor_token");
        }
        let left = json!(self.stack.items().await).to_string();
        for text in [
            NOTE,
            HIDDEN,
            "ana@example.org",
            "Ana",
            "Slow",
            "Better",
            "Where is it?",
        ] {
            assert!(!left.contains(text), "{text} is left");
        }
        assert!(self.stack.count().await);
        self.check_counts().await;
    }

    /// Erases until it is done.
    async fn erase_all(&self, path: &str) {
        for _ in 0..10 {
            let erased = self.kim.delete(path).await.expect_success();
            if erased["done"] == true {
                return;
            }
        }
        panic!("{path} is not erased");
    }
}
