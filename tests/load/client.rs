use std::time::Instant;

use serde_json::{Value, json};
use tests::{Caller, message, note};

use crate::measured::Measured;

const RECORD: &str = "PUT /v1/conversations/{id}";
const MESSAGES: &str = "POST /v1/conversations/{id}/messages";
const READ: &str = "GET /v1/conversations/{id}";
const ASK: &str = "POST /v1/conversations/{id}/rating-requests";
const SEND: &str = "POST /v1/conversations/{id}/transcripts";
const SHOW: &str = "GET /v1/visitor/rating-request";
const RATE: &str = "PUT /v1/visitor/rating-requests/{id}/rating";
const CLAIM: &str = "PUT /v1/senders/{address}";

/// The number of conversations of an organisation. Their transcripts stay below the hourly limits of the
/// organisation and of an agent.
const CONVERSATIONS: usize = 50;

/// In one of this many conversations, transcripts are sent until the limit is reached.
const SENT_TO_THE_LIMIT: usize = 10;

/// A conversation's transcripts in a clock hour.
const TRANSCRIPTS: usize = 5;

/// The expected numbers of stored items and mails.
#[derive(Clone, Copy, Default)]
pub(crate) struct Stored {
    pub(crate) senders: usize,
    pub(crate) conversations: usize,
    pub(crate) entries: usize,
    pub(crate) cooldowns: usize,
    pub(crate) requests: usize,
    pub(crate) transcripts: usize,
}

impl Stored {
    /// Adds the numbers of another client.
    pub(crate) fn add(&mut self, other: Self) {
        self.senders += other.senders;
        self.conversations += other.conversations;
        self.entries += other.entries;
        self.cooldowns += other.cooldowns;
        self.requests += other.requests;
        self.transcripts += other.transcripts;
    }
}

/// One of several concurrent clients. It computes each expected response.
pub(crate) struct Client {
    name: usize,
    nobody: Caller,
    pub(crate) measured: Measured,
    pub(crate) stored: Stored,
}

/// The callers and the sender of an organisation.
struct Organisation {
    platform: Caller,
    kim: Caller,
    lee: Caller,
    sender: String,
}

impl Client {
    pub(crate) fn new(name: usize, nobody: Caller) -> Self {
        Self {
            name,
            nobody,
            measured: Measured::default(),
            stored: Stored::default(),
        }
    }

    /// Handles conversations, from record to reading, until `end`.
    pub(crate) async fn run(mut self, end: Instant) -> Self {
        for number in 0.. {
            let organisation = self.organisation(number).await;
            for conversation in 0..CONVERSATIONS {
                if Instant::now() >= end {
                    return self;
                }
                self.converse(&organisation, conversation).await;
            }
        }
        self
    }

    async fn organisation(&mut self, number: usize) -> Organisation {
        let organisation = format!("load-{}-{number}", self.name);
        let sender = format!("{organisation}@example.com");
        let identity = json!({ "identity": sender, "verified": true });
        let created = self.nobody.post("/dev/ses/identities", identity).await;
        created.expect_success();
        let kim = self.caller(&organisation, "kim", None).await;
        let lee = self.caller(&organisation, "lee", None).await;
        let scopes = json!(["conversations:write"]);
        let platform = self.caller(&organisation, "platform", Some(scopes)).await;
        let path = format!("/v1/senders/{sender}");
        let claimed = kim.put(&path, json!({}));
        let claimed = self.measured.expect(CLAIM, 201, claimed).await;
        let state = &claimed["sender"]["verification"];
        self.measured.check("a sender", state, "verified");
        self.stored.senders += 1;
        Organisation {
            platform,
            kim,
            lee,
            sender,
        }
    }

    async fn caller(&self, organisation: &str, sub: &str, scopes: Option<Value>) -> Caller {
        let mut claims = json!({ "sub": sub, "org": organisation });
        if let Some(scopes) = scopes {
            claims["scopes"] = scopes;
        }
        let token = self.nobody.post("/dev/token", claims).await.expect(200);
        self.nobody.with_token(token["token"].as_str().unwrap())
    }

    async fn converse(&mut self, organisation: &Organisation, number: usize) {
        let path = format!("/v1/conversations/c{number}");
        let visitor = self.record(organisation, &path).await;
        let [first, second] = self.request_ratings(organisation, &path, &visitor).await;
        self.rate(&visitor, &first, &second).await;
        let sent = self.send(organisation, &path, number).await;
        self.read(organisation, &path, sent).await;
    }

    async fn record(&mut self, organisation: &Organisation, path: &str) -> Caller {
        let platform = &organisation.platform;
        let visitor = json!({ "name": "Ana", "email": "ana@example.org" });
        let body = json!({ "channel": "widget", "visitor": visitor });
        let recorded = platform.put(path, body);
        let recorded = self.measured.expect(RECORD, 201, recorded).await;
        let updated = platform.put(path, json!({ "status": "resolved" }));
        let updated = self.measured.expect(RECORD, 200, updated).await;
        let token = &recorded["visitor_token"];
        let same = &updated["visitor_token"];
        self.measured.check("a token", same, token.clone());

        let messages = json!([
            message("m1", "2026-01-05T09:00:00Z", "Where is my order?"),
            note("m2", "2026-01-05T09:01:00Z", "She called yesterday, too."),
            message("m3", "2026-01-05T09:02:00Z", "It was to come last week."),
        ]);
        let messages_path = format!("{path}/messages");
        let posted = platform.post(&messages_path, json!({ "messages": messages }));
        let posted = self.measured.expect(MESSAGES, 200, posted).await;
        self.measured.check("messages", &posted["recorded"], 3);
        self.stored.conversations += 1;
        self.stored.entries += 3;
        self.nobody.with_token(token.as_str().unwrap_or_default())
    }

    /// Two agents create rating requests. The second request of one of them is refused.
    async fn request_ratings(
        &mut self,
        organisation: &Organisation,
        path: &str,
        visitor: &Caller,
    ) -> [String; 2] {
        let shown = self.show(visitor).await;
        self.measured
            .check("no rating request", &shown["rating_request"], Value::Null);
        let path = format!("{path}/rating-requests");
        let mut ids = Vec::new();
        for (agent, status) in [
            (&organisation.kim, 201),
            (&organisation.kim, 429),
            (&organisation.lee, 201),
        ] {
            let created = agent.post(&path, json!({}));
            let created = self.measured.expect(ASK, status, created).await;
            if status == 201 {
                let id = &created["rating_request"]["id"];
                ids.push(id.as_str().unwrap_or_default().to_owned());
            } else {
                let code = "rating_already_requested";
                self.measured
                    .check("a second rating request", &created["code"], code);
            }
        }
        let shown = self.show(visitor).await;
        let id = &shown["rating_request"]["id"];
        self.measured
            .check("the current rating request", id, ids[1].as_str());
        self.stored.cooldowns += 2;
        self.stored.requests += 2;
        self.stored.entries += 2;
        [ids.remove(0), ids.remove(0)]
    }

    async fn show(&mut self, visitor: &Caller) -> Value {
        let shown = visitor.get("/v1/visitor/rating-request");
        self.measured.expect(SHOW, 200, shown).await
    }

    /// The visitor answers a superseded request, answers the current one twice, and changes the rating.
    async fn rate(&mut self, visitor: &Caller, superseded: &str, current: &str) {
        for (id, score, status) in [
            (superseded, 1, 410),
            (current, 3, 201),
            (current, 3, 200),
            (current, 5, 200),
        ] {
            let rated = visitor.rate(id, json!({ "score": score }));
            self.measured.expect(RATE, status, rated).await;
        }
        let shown = self.show(visitor).await;
        self.measured
            .check("the answer", &shown["rating"]["score"], 5);
        self.stored.entries += 2;
    }

    /// Sends transcripts. Returns their number.
    async fn send(&mut self, organisation: &Organisation, path: &str, number: usize) -> usize {
        let path = format!("{path}/transcripts");
        let body = json!({ "from": organisation.sender, "sender_name": "Acme" });
        let (sends, agent) = match number % SENT_TO_THE_LIMIT {
            0 => (TRANSCRIPTS, &organisation.lee),
            _ => (1, &organisation.kim),
        };
        for index in 1..=sends {
            let sent = agent.post(&path, body.clone());
            let sent = self.measured.expect(SEND, 201, sent).await;
            let remaining = &sent["quota"]["remaining"];
            self.measured
                .check("remaining", remaining, TRANSCRIPTS - index);
        }
        if sends == TRANSCRIPTS {
            let refused = agent.post(&path, body);
            let refused = self.measured.expect(SEND, 429, refused).await;
            let code = "transcript_limit_reached";
            self.measured.check("a sixth send", &refused["code"], code);
        }
        self.stored.transcripts += sends;
        self.stored.entries += sends;
        sends
    }

    async fn read(&mut self, organisation: &Organisation, path: &str, sent: usize) {
        let read = organisation.kim.get(path);
        let read = self.measured.expect(READ, 200, read).await;
        self.measured.check("a rating", &read["rating"]["score"], 5);
        let entries = read["thread"]["entries"].as_array().map_or(0, Vec::len);
        self.measured
            .check("entries", &entries.into(), 3 + 2 + 2 + sent);
        let transcripts = read["transcripts"].as_array();
        let states = transcripts.into_iter().flatten().map(|it| &it["state"]);
        // SES may have reported the delivery of the first ones by then.
        let sent_ones = states.filter(|state| **state == "sent" || **state == "delivered");
        let sent_ones = sent_ones.count();
        self.measured.check("transcripts", &sent_ones.into(), sent);
    }
}
