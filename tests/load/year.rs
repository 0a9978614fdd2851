use std::ops::Range;
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

/// The organisation with the year of ratings.
const ORGANISATION: &str = "load-year";

/// The conversations of an hour. Their transcripts stay below the hourly limits.
const ROUNDS: usize = 40;

/// The number of conversations before the measurement.
const WARM_UP: usize = 5;

/// The allowed ratio of a route's median time to that on the empty server.
const MOST: f64 = 1.3;

/// The number of hours in which the measurement is repeated if a route took longer. Other load on the
/// machine affects the medians, and more conversations make them more stable.
const HOURS: usize = 4;

/// The limit of writing and counting a year. It takes a few seconds, and a minute without an index on
/// the stream.
const LONGEST_COUNTING: Duration = Duration::from_secs(30);

/// The interval of checks whether the year is written.
const PAUSE: Duration = Duration::from_millis(50);

/// Compares the requests of conversations on a server with a year of ratings and on an empty one.
pub(crate) async fn compare(program: &Path) {
    let filled = Server::start(program).await;
    let (requests, counting) = count_a_year(&filled).await;
    let empty = Server::start(program).await;

    let mut pair = Pair {
        filled: Client::new(&filled).await,
        empty: Client::new(&empty).await,
    };
    pair.converse(0..WARM_UP).await;
    for client in [&mut pair.filled, &mut pair.empty] {
        client.measured = Measured::default();
    }
    for hour in 0..HOURS {
        filled.begin_an_hour().await;
        empty.begin_an_hour().await;
        let first = WARM_UP + hour * ROUNDS;
        pair.converse(first..first + ROUNDS).await;
        if pair.slow().is_empty() {
            break;
        }
    }

    println!("| route | empty p50 ms | after a year p50 ms | ratio |");
    println!("|---|---|---|---|");
    for route in ROUTES {
        let [before, after] = pair.medians(route);
        let ratio = after / before;
        println!("| `{route}` | {before:.1} | {after:.1} | {ratio:.2} |");
    }
    println!();
    println!(
        "a year of {requests} rating requests was written and counted in {:.1} s",
        counting.as_secs_f64()
    );
    println!();
    for client in [&pair.filled, &pair.empty] {
        let wrong: Vec<_> = client.measured.wrong().iter().take(5).collect();
        assert!(wrong.is_empty(), "wrong responses: {wrong:#?}");
    }
    assert_eq!(pair.slow(), [""; 0], "slower after a year");
    assert!(counting < LONGEST_COUNTING, "counting took {counting:?}");
}

/// The two servers.
struct Pair {
    filled: Client,
    empty: Client,
}

impl Pair {
    /// Handles these conversations on both servers in turn, so that other load affects both.
    async fn converse(&mut self, numbers: Range<usize>) {
        for number in numbers {
            let pair = if number % 2 == 0 {
                [&mut self.filled, &mut self.empty]
            } else {
                [&mut self.empty, &mut self.filled]
            };
            for client in pair {
                client.converse(number).await;
            }
        }
    }

    /// The median milliseconds of a route on the empty server and on the other one.
    fn medians(&self, route: &str) -> [f64; 2] {
        [&self.empty, &self.filled].map(|client| client.measured.median(route))
    }

    /// The routes that take too long after a year.
    fn slow(&self) -> Vec<&'static str> {
        let is_slow = |route: &&str| {
            let [before, after] = self.medians(route);
            after > before * MOST
        };
        ROUTES.into_iter().filter(is_slow).collect()
    }
}

/// Writes and counts a year of ratings. Returns the number of requests and the duration.
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

    // The hourly roll-up.
    let rolled_up = nobody.post("/dev/schedules", json!({})).await;
    rolled_up.expect_success();
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

/// The callers of one server.
struct Client {
    nobody: Caller,
    platform: Caller,
    kim: Caller,
    sender: String,
    /// The path of the report on the last seven days.
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

    /// Handles a conversation, from record to reading.
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
