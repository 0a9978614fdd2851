use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{Caller, message};

use crate::measured::Measured;
use crate::server::Server;

const RECORD: &str = "PUT /v1/conversations/{id}";
const MESSAGES: &str = "POST /v1/conversations/{id}/messages";
const ASK: &str = "POST /v1/conversations/{id}/rating-requests";
const RATE: &str = "PUT /v1/visitor/rating-requests/{id}/rating";
const SEND: &str = "POST /v1/conversations/{id}/transcripts";
const READ: &str = "GET /v1/conversations/{id}";
const REPORT: &str = "GET /v1/satisfaction";

const ROUTES: [&str; 7] = [RECORD, MESSAGES, ASK, RATE, SEND, READ, REPORT];

/// Whose year it is.
const ORGANISATION: &str = "load-year";

/// How many conversations each server has. Their transcripts stay below the limits of an hour.
const ROUNDS: usize = 45;

/// How often a call is made before its times count.
const WARM_UP: usize = 5;

/// How many times as long as on an empty server a call may take at the median.
const MOST: f64 = 1.3;

/// How long a year may take to be written and counted. It takes a few seconds; without an index on the
/// stream it takes a minute.
const LONGEST_COUNTING: Duration = Duration::from_secs(30);

/// How often it is asked whether the year is written.
const PAUSE: Duration = Duration::from_millis(50);

/// Compares a server with a year of ratings with an empty one: the calls of one conversation after
/// the other, in turn on both, so that what else the machine does slows both alike.
pub(crate) async fn compare(program: &Path) {
    let filled = Server::start(program).await;
    filled.begin_an_hour().await;
    let (requests, counting) = count_a_year(&filled).await;
    let empty = Server::start(program).await;
    empty.begin_an_hour().await;

    let mut filled = Client::new(&filled).await;
    let mut empty = Client::new(&empty).await;
    for round in 0..ROUNDS {
        if round == WARM_UP {
            filled.measured = Measured::default();
            empty.measured = Measured::default();
        }
        if round % 2 == 0 {
            filled.converse(round).await;
            empty.converse(round).await;
        } else {
            empty.converse(round).await;
            filled.converse(round).await;
        }
    }

    println!("| route | empty p50 ms | after a year p50 ms | ratio |");
    println!("|---|---|---|---|");
    let mut slow = Vec::new();
    for route in ROUTES {
        let [before, after] = [&empty, &filled].map(|client| client.measured.median(route));
        let ratio = after / before;
        println!("| `{route}` | {before:.1} | {after:.1} | {ratio:.2} |");
        if ratio > MOST {
            slow.push(route);
        }
    }
    println!();
    println!(
        "a year of {requests} rating requests was written and counted in {:.1} s",
        counting.as_secs_f64()
    );
    println!();
    for client in [&filled, &empty] {
        let wrong: Vec<_> = client.measured.wrong().iter().take(5).collect();
        assert!(wrong.is_empty(), "answers that were not right: {wrong:#?}");
    }
    assert!(slow.is_empty(), "slower after a year: {slow:?}");
    assert!(counting < LONGEST_COUNTING, "counting is slow");
}

/// Has a year of ratings written and counted, and gives how many requests that are and how long it
/// took.
async fn count_a_year(server: &Server) -> (u64, Duration) {
    let nobody = server.nobody();
    let began = Instant::now();
    let year = json!({ "org": ORGANISATION });
    let begun = nobody.post("/dev/ratings", year).await.expect(202);
    let requests = begun["requests"].as_u64().unwrap();
    while nobody.get("/dev/ratings").await.expect(200)["written"] != requests {
        tokio::time::sleep(PAUSE).await;
    }
    let counted = nobody.post("/dev/stream", json!({})).await.expect(200);
    assert_eq!(counted["done"], true);
    let took = began.elapsed();

    let agent = caller(&nobody, json!({ "sub": "kim" })).await;
    let (from, to) = (
        begun["from"].as_str().unwrap(),
        begun["to"].as_str().unwrap(),
    );
    let path = format!("{}?from={from}&to={to}", "/v1/satisfaction");
    let report = agent.get(&path).await.expect(200);
    assert_eq!(report["total"]["requests"], requests, "{report}");
    (requests, took)
}

async fn caller(nobody: &Caller, mut claims: Value) -> Caller {
    claims["org"] = ORGANISATION.into();
    let token = nobody.post("/dev/token", claims).await.expect(200);
    nobody.with_token(token["token"].as_str().unwrap())
}

/// Those who use one server.
struct Client {
    nobody: Caller,
    platform: Caller,
    kim: Caller,
    sender: String,
    /// The report that is read: of the last seven days.
    report: String,
    measured: Measured,
}

impl Client {
    async fn new(server: &Server) -> Self {
        let nobody = server.nobody();
        let sender = format!("{ORGANISATION}@example.com");
        let identity = json!({ "identity": sender, "verified": true });
        let made = nobody.post("/dev/ses/identities", identity).await;
        made.expect_success();
        let scopes = json!(["conversations:write"]);
        let kim = caller(&nobody, json!({ "sub": "kim" })).await;
        let claimed = kim.put(&format!("/v1/senders/{sender}"), json!({})).await;
        claimed.expect(201);
        Self {
            platform: caller(&nobody, json!({ "sub": "platform", "scopes": scopes })).await,
            report: server.report_of_a_week().await,
            kim,
            nobody,
            sender,
            measured: Measured::default(),
        }
    }

    /// Takes a conversation from its record to its reading.
    async fn converse(&mut self, number: usize) {
        let measured = &mut self.measured;
        let path = format!("/v1/conversations/round-{number}");
        let visitor = json!({ "name": "Ana", "email": "ana@example.org" });
        let body = json!({ "channel": "widget", "visitor": visitor });
        let recorded = measured.expect(RECORD, 201, self.platform.put(&path, body));
        let recorded = recorded.await;
        let visitor = recorded["visitor_token"].as_str().unwrap_or_default();
        let visitor = self.nobody.with_token(visitor);

        let messages = json!([message("m1", "2026-01-05T09:00:00Z", "Where is my order?")]);
        let messages_path = format!("{path}/messages");
        let posted = self
            .platform
            .post(&messages_path, json!({ "messages": messages }));
        measured.expect(MESSAGES, 200, posted).await;

        let asking_path = format!("{path}/rating-requests");
        let asked = self.kim.post(&asking_path, json!({}));
        let asked = measured.expect(ASK, 201, asked).await;
        let id = asked["rating_request"]["id"].as_str().unwrap_or_default();
        let rated = visitor.rate(id, json!({ "score": 4 }));
        measured.expect(RATE, 201, rated).await;

        let transcripts_path = format!("{path}/transcripts");
        let sent = self.kim.post(
            &transcripts_path,
            json!({ "from": self.sender, "sender_name": "Acme" }),
        );
        measured.expect(SEND, 201, sent).await;
        let read = measured.expect(READ, 200, self.kim.get(&path)).await;
        measured.check("a rating", &read["rating"]["score"], 4);
        measured
            .expect(REPORT, 200, self.kim.get(&self.report))
            .await;
    }
}
