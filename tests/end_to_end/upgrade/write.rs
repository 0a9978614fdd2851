//! Writes every kind of item to a table. At the commit of a release, the result is saved for the other
//! tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use local::{Options, Storage};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    AwsCall, AwsError, AwsProxy, Caller, FaultInjection, FrozenClock, Reply, Stack, mail_event,
    message, note, tokens_of, transcript_with_faces,
};

use crate::upgrade::{DAY, KNOWN, START, TABLE, agents, parameters, path_of};

/// A stack that writes every kind of item.
struct Writer {
    stack: Stack,
    aws: AwsProxy,
    kim: Caller,
    jo: Caller,
    platform: Caller,
    /// The values that callers receive.
    known: Value,
}

/// Whether `call` is the transaction that records the send.
fn records_send(call: &AwsCall) -> bool {
    call.is("dynamodb:TransactWriteItems") && call.mentions("transcript_sent")
}

impl Writer {
    async fn start(directory: &Path, parameters: [(&str, &str); 2], known: Value) -> Self {
        let (stack, aws) = Stack::start_behind_proxy(Options {
            storage: Storage::Directory(directory.to_owned()),
            clock: FrozenClock::at(START.parse().unwrap()),
            ..Stack::options_with(&parameters)
        })
        .await;
        let [kim, jo] = agents(&stack).await;
        Self {
            kim,
            jo,
            platform: stack.platform().await,
            stack,
            aws,
            known,
        }
    }

    /// Records a conversation with a public and a private message.
    async fn conversation(&mut self, id: &str, email: &str) -> Caller {
        let body = json!({
            "channel": "widget",
            "visitor": {
                "name": "Ana Reis", "email": email,
                "time_zone": "Europe/Lisbon", "language": "pt-PT",
            },
            "assignee": { "id": "kim", "name": "Kim Lee" },
        });
        let recorded = self.platform.put(&path_of(id), body).await.expect(201);
        let messages = json!({ "messages": [
            message("m1", "2040-01-02T08:00:00Z", "The parcel never came"),
            note("m2", "2040-01-02T08:01:00Z", "She may have a refund"),
        ] });
        let path = format!("{}/messages", path_of(id));
        self.platform.post(&path, messages).await.expect(200);
        let token = recorded["visitor_token"].as_str().unwrap();
        self.known["visitors"][id] = json!(token);
        self.stack.bearer(token)
    }

    async fn status(&self, id: &str, status: &str) -> Value {
        let body = json!({ "status": status });
        self.platform.put(&path_of(id), body).await.expect(200)
    }

    /// Sends a request of kim with an idempotency key, saves both, and returns the response.
    async fn once(&mut self, path: String, key: &str, body: Value) -> Value {
        let reply = self.kim.post_with_key(&path, key, body.clone()).await;
        let status = reply.status;
        let replay = json!({
            "path": path, "key": key, "body": body, "status": status, "answer": reply.body,
        });
        let replays = self.known["replays"].as_array_mut();
        replays.expect("a list").push(replay);
        reply.body
    }

    async fn ask_once(&mut self, id: &str, key: &str) -> String {
        let path = format!("{}/rating-requests", path_of(id));
        let created = self.once(path, key, json!({})).await;
        let request = created["rating_request"]["id"].as_str().unwrap().to_owned();
        self.known["requests"][id] = json!(request);
        request
    }

    async fn ask(&mut self, agent: &Caller, id: &str) -> String {
        let request = agent.ask_for_id(id).await;
        self.known["requests"][id] = json!(request);
        request
    }

    async fn transcript_once(&mut self, id: &str, key: &str, body: Value) -> Value {
        let path = format!("{}/transcripts", path_of(id));
        self.once(path, key, body).await
    }

    /// Sends a transcript with faces and returns a caller with the token of their link.
    async fn link(&mut self, id: &str) -> Caller {
        let sent = self
            .transcript_once(id, &format!("{id}-key"), transcript_with_faces())
            .await;
        self.known["requests"][id] = sent["rating_request"]["id"].clone();
        let mail = self.stack.outbox().await.pop().expect("a mail");
        let token = tokens_of(mail["text"].as_str().unwrap()).remove(0);
        self.known["links"][id] = json!(token);
        self.stack.bearer(&token)
    }

    /// Creates a conversation whose transcript has this state.
    async fn transcript_in(&mut self, state: &str) {
        let id = format!("state-{state}");
        let key = format!("{id}-key");
        self.conversation(&id, &format!("{state}@example.org"))
            .await;
        let body = tests::transcript();
        match state {
            "reserved" => {
                self.aws
                    .inject_always(records_send, FaultInjection::Refuse(AwsError::Internal));
                self.transcript_once(&id, &key, body).await;
                self.aws.stop_faults();
            }
            "unknown" => {
                self.stack.next_sends(&["lost_reply"]).await;
                self.transcript_once(&id, &key, body).await;
            }
            later => {
                let sent = self.transcript_once(&id, &key, body).await;
                let transcript = sent["transcript"]["id"].as_str().unwrap();
                if later != "sent" {
                    let event = mail_event(&format!("mail-{later}"), &id, transcript);
                    self.stack.put_mail_events(&[event]).await;
                }
            }
        }
        let read = self.kim.conversation(&id).await;
        assert_eq!(read["transcripts"][0]["state"], state);
        self.known["transcripts"][&id] = read["transcripts"][0]["id"].clone();
    }

    async fn senders(&self) {
        self.stack.verified_sender().await;
        let pending = "/v1/senders/billing@example.com";
        let claimed = self.kim.put(pending, json!({ "name": "Billing" })).await;
        claimed.expect_success();
        let creates = |call: &AwsCall| call.is("ses:CreateEmailIdentity");
        self.aws
            .inject_always(creates, FaultInjection::Refuse(AwsError::Internal));
        let failed = "/v1/senders/returns@example.com";
        self.kim.put(failed, json!({})).await.expect(503);
        self.aws.stop_faults();
        self.stack.advance(60).await;
        self.kim.get("/v1/senders").await.expect(200);
    }

    /// Creates a thread with messages of the same time, an edit, a message that became private, a changed
    /// rating and a transcript.
    async fn thread(&mut self) {
        let visitor = self.conversation("thread", "thread@example.org").await;
        let at = "2040-01-02T08:30:00Z";
        let mut attached = note("m7", "2040-01-02T08:40:00Z", "See the tracking");
        attached["attachments"] = json!([{
            "name": "tracking.pdf", "url": "https://files.example.com/tracking.pdf",
            "content_type": "application/pdf", "bytes": 48_213,
        }]);
        let mut hidden = message("m6", at, "My card is 4111 1111 1111 1111");
        let path = format!("{}/messages", path_of("thread"));
        let first = json!({ "messages": [
            message("m9", at, "First"), message("m10", at, "Second"), message("m5", at, "Third"),
            hidden, attached,
        ] });
        self.platform.post(&path, first).await.expect(200);
        hidden["visibility"] = json!("private");
        let second = json!({ "messages": [hidden, message("m5", at, "Third, edited")] });
        self.platform.post(&path, second).await.expect(200);
        let request = self.ask_once("thread", "ask-key").await;
        let answer = json!({ "score": 2, "comment": "Slow" });
        visitor.rate(&request, answer).await.expect(201);
        let change = json!({ "score": 4, "comment": "Better" });
        visitor.rate(&request, change).await.expect(200);
        self.transcript_once("thread", "send-key", tests::transcript())
            .await;
        self.status("thread", "resolved").await;
    }

    /// Creates a rating request in each state.
    async fn requests(&mut self) {
        let (kim, jo) = (self.kim.clone(), self.jo.clone());
        self.conversation("open", "open@example.org").await;
        self.ask(&kim, "open").await;

        self.conversation("superseded", "superseded@example.org")
            .await;
        let former = self.ask(&kim, "superseded").await;
        self.known["superseded"] = json!(former);
        self.ask(&jo, "superseded").await;

        self.conversation("withdrawn", "withdrawn@example.org")
            .await;
        self.ask(&kim, "withdrawn").await;
        self.status("withdrawn", "resolved").await;
        self.status("withdrawn", "open").await;

        let visitor = self.conversation("erased", "erased@example.org").await;
        let request = self.ask(&jo, "erased").await;
        let answer = json!({ "score": 5, "comment": "Quick and kind" });
        visitor.rate(&request, answer).await.expect(201);
        self.kim.send_transcript("erased").await.expect(201);
        self.kim.delete(&path_of("erased")).await.expect(200);
        self.known["visitors"]
            .as_object_mut()
            .unwrap()
            .remove("erased");
        let former = self.known["requests"]
            .as_object_mut()
            .unwrap()
            .remove("erased");
        self.known["erased"] = json!({ "token": visitor.token(), "request": former });

        self.conversation("link", "link@example.org").await;
        self.link("link").await;
        self.conversation("link-rated", "link-rated@example.org")
            .await;
        let link = self.link("link-rated").await;
        let request = self.known["requests"]["link-rated"]
            .as_str()
            .unwrap()
            .to_owned();
        link.rate(&request, json!({ "score": 1 })).await.expect(201);
    }

    /// Creates conversations without a rating request.
    async fn others(&mut self) {
        let voice = json!({ "channel": "voice", "visitor": { "name": "Bo" } });
        let recorded = self
            .platform
            .put(&path_of("voice"), voice)
            .await
            .expect(201);
        self.known["visitors"]["voice"] = recorded["visitor_token"].clone();
        let former = self.conversation("renewed", "renewed@example.org").await;
        let renewal = json!({ "renew_visitor_token": true });
        let renewed = self.platform.put(&path_of("renewed"), renewal).await;
        let renewed = renewed.expect(200);
        self.known["visitors"]["renewed"] = renewed["visitor_token"].clone();
        self.known["renewed_token"] = json!(former.token());
    }

    /// The part of the history without retention and without cooldowns of visitors.
    async fn first_days(&mut self) {
        self.senders().await;
        self.thread().await;
        self.requests().await;
        self.others().await;
        assert!(self.stack.deliver_stream().await);
        self.stack.advance(3 * DAY).await;
        assert!(self.stack.roll_up().await);
        // A late answer to a request of a day that is already rolled up.
        let token = self.known["visitors"]["open"].as_str().unwrap().to_owned();
        let request = self.known["requests"]["open"].as_str().unwrap().to_owned();
        let late = self.stack.bearer(&token);
        late.rate(&request, json!({ "score": 3 })).await.expect(201);
        for state in [
            "reserved",
            "unknown",
            "sent",
            "delayed",
            "delivered",
            "rejected",
            "bounced",
            "complained",
        ] {
            self.transcript_in(state).await;
        }
        assert!(self.stack.deliver_stream().await);
    }

    /// The part of the history with retention and with cooldowns of visitors.
    async fn last_day(&mut self) {
        let visitor = self.conversation("kept", "kept@example.org").await;
        let request = self.ask_once("kept", "kept-ask").await;
        let answer = json!({ "score": 5, "comment": "Thank you" });
        visitor.rate(&request, answer).await.expect(201);
        self.transcript_once("kept", "kept-send", tests::transcript())
            .await;
        self.conversation("gated", "kept@example.org").await;

        self.conversation("kept-erased", "kept-erased@example.org")
            .await;
        let kim = self.kim.clone();
        self.ask(&kim, "kept-erased").await;
        kim.delete(&path_of("kept-erased")).await.expect(200);
        for kind in ["visitors", "requests"] {
            self.known[kind]
                .as_object_mut()
                .unwrap()
                .remove("kept-erased");
        }

        self.conversation("quota", "quota@example.org").await;
        for _ in 0..4 {
            kim.send_transcript("quota").await.expect(201);
        }
        assert!(self.stack.deliver_stream().await);

        let counted = self.stack.stream_records().await.len();
        let visitor = self
            .conversation("uncounted", "uncounted@example.org")
            .await;
        let request = self.ask(&kim, "uncounted").await;
        visitor
            .rate(&request, json!({ "score": 4 }))
            .await
            .expect(201);
        self.conversation("unanswered", "unanswered@example.org")
            .await;
        self.ask(&kim, "unanswered").await;
        let records = self.stack.stream_records().await;
        self.known["records"] = json!(records[counted..]);
    }

    /// Saves everything that callers can read.
    async fn read(&mut self) {
        let ids: Vec<_> = self.known["visitors"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        for id in ids {
            self.known["conversations"][&id] = self.kim.conversation(&id).await;
            let token = self.known["visitors"][&id].as_str().unwrap();
            let shown = self
                .stack
                .bearer(token)
                .get("/v1/visitor/rating-request")
                .await;
            self.known["shown"][&id] = json!({ "status": shown.status, "answer": shown.body });
        }
        let days = "from=2040-01-01&to=2040-01-31";
        for path in [
            "/v1/senders".to_owned(),
            format!("/v1/satisfaction?{days}&group_by=day"),
            format!("/v1/satisfaction?{days}&group_by=agent"),
            format!("/v1/satisfaction?{days}&group_by=channel&agent=kim"),
            format!("/v1/ratings?{days}"),
        ] {
            self.known["answers"][&path] = self.kim.get(&path).await.expect(200);
        }
        for (path, cursor) in [
            (
                format!("{}?limit=3", path_of("thread")),
                "/thread/next_cursor",
            ),
            (format!("/v1/ratings?{days}&limit=2"), "/next_cursor"),
        ] {
            let page = self.kim.get(&path).await.expect(200);
            let cursor = page
                .pointer(cursor)
                .and_then(Value::as_str)
                .expect("a cursor");
            let next = format!("{path}&cursor={cursor}");
            self.known["pages"][&next] = self.kim.get(&next).await.expect(200);
        }
        self.known["pages"]["csv"] = self.csv_page(days).await;
        self.known["now"] = json!(self.stack.now().await);
    }

    /// The second page of the ratings as CSV, with its path.
    async fn csv_page(&self, days: &str) -> Value {
        let get = async |path: &str| {
            let request = self.kim.request(Method::GET, path);
            Reply::of(request.header("accept", "text/csv")).await
        };
        let first = get(&format!("/v1/ratings?{days}&limit=2")).await;
        let link = first.header("link").to_owned();
        let next = link.split(['<', '>']).nth(1).expect("a link");
        let next = &next[next.find("/v1/").expect("a path")..];
        let second = get(next).await.expect(200);
        json!({ "path": next, "answer": second })
    }
}

/// The kinds of items in a table: the constant parts of their keys.
fn kinds(items: &[Value]) -> BTreeSet<String> {
    let kind = |item: &Value| {
        let (pk, sk) = (item["pk"]["S"].as_str(), item["sk"]["S"].as_str());
        let parts = pk.unwrap().split('#').skip(1).chain(sk.unwrap().split('#'));
        let words = parts.filter(|part| {
            part.len() > 1
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        });
        words.collect::<Vec<_>>().join(" ")
    };
    items.iter().map(kind).collect()
}

/// With `REWRITE_UPGRADE=1`, at the commit of a release, this test rewrites `tests/upgrade`.
#[tokio::test]
async fn this_version_writes_every_kind_of_item_that_the_former_version_wrote() {
    let name = format!("upgrade-{}", std::process::id());
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    // A process with the same id that was killed may have left its directory.
    let _ = fs::remove_dir_all(&directory);
    let known = json!({
        "visitors": {}, "requests": {}, "links": {}, "transcripts": {}, "replays": [],
        "conversations": {}, "shown": {}, "answers": {}, "pages": {},
    });
    let off = [("RetentionDays", "0"), ("VisitorAskIntervalDays", "0")];
    let mut writer = Writer::start(&directory, off, known).await;
    writer.first_days().await;
    let Writer { stack, known, .. } = writer;
    stack.stop().await;

    let mut writer = Writer::start(&directory, parameters(), known).await;
    writer.last_day().await;
    writer.read().await;
    let items = writer.stack.items().await;
    if std::env::var_os("REWRITE_UPGRADE").is_some() {
        let lines: Vec<_> = items.iter().map(|item| format!("{item}\n")).collect();
        fs::write(TABLE, lines.concat()).unwrap();
        let known = serde_json::to_string_pretty(&writer.known).unwrap();
        fs::write(KNOWN, known + "\n").unwrap();
    }
    let former = fs::read_to_string(TABLE).unwrap();
    let former: Vec<Value> = former
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(kinds(&items), kinds(&former));
    writer.stack.stop().await;
    let _ = fs::remove_dir_all(directory);
}
