//! `GET /v1/satisfaction`: the report, compared with manual counts.

use serde_json::{Value, json};
use tests::{AwsCall, Caller, SeededRequest, Stack};

/// The report on a span. `more` has further query parameters (`&group_by=week`).
async fn report(caller: &Caller, from: &str, to: &str, more: &str) -> Value {
    let path = format!("/v1/satisfaction?from={from}&to={to}{more}");
    caller.get(&path).await.expect(200)
}

/// The key, the number of requests and the number of ratings of each group.
fn groups(report: &Value) -> Vec<(&str, u64, u64)> {
    let groups = report["groups"].as_array().unwrap().iter();
    groups
        .map(|group| {
            let number = |name: &str| group[name].as_u64().unwrap();
            let key = group["key"].as_str().unwrap();
            (key, number("requests"), number("ratings"))
        })
        .collect()
}

/// A week of two agents with eight requests, five of which were answered.
fn history() -> Vec<SeededRequest> {
    let request = |id: &str, at: &str, agent: &str| {
        SeededRequest::new(id, &format!("2026-11-{at}:00.000Z"), agent)
    };
    vec![
        request("r1", "01T09:00", "jo")
            .with_agent_name("Jo")
            .rated(5),
        request("r2", "01T23:59", "kim").rated(1),
        request("r3", "02T00:00", "jo")
            .with_agent_name("Jo Okafor")
            .rated(3),
        request("r4", "02T12:00", "jo").with_agent_name("Jo Okafor"),
        request("r5", "04T08:00", "kim")
            .on_channel("messenger")
            .rated(5),
        request("r6", "04T09:00", "kim").rated_at(5, "2026-11-05T07:00:00.000Z"),
        request("r7", "07T10:00", "kim"),
        request("r8", "07T11:00", "lu"),
    ]
}

#[tokio::test]
async fn the_report_equals_a_manual_count() {
    let stack = Stack::start().await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    let report = report(&agent, "2026-11-01", "2026-11-07", "").await;
    assert_eq!(report["from"], "2026-11-01");
    assert_eq!(report["to"], "2026-11-07");
    assert_eq!(report["time_zone"], "UTC");
    assert_eq!(report["group_by"], "day");
    let total = &report["total"];
    let bounds = ["csat_low", "csat_high"].map(|bound| total[bound].as_f64().unwrap());
    // Wilson's interval for 3 of 5.
    for (bound, expected) in bounds.into_iter().zip([0.230_724, 0.882_379]) {
        assert!((bound - expected).abs() < 1e-6, "{bound}");
    }
    assert_eq!(
        *total,
        json!({
            "requests": 8,
            "ratings": 5,
            "response_rate": 0.625,
            "scores": { "1": 1, "2": 0, "3": 1, "4": 0, "5": 3 },
            "csat": 0.6,
            "csat_low": bounds[0],
            "csat_high": bounds[1],
            "mean": 3.8,
            "small_sample": true,
        })
    );
    assert_eq!(
        groups(&report),
        [
            ("2026-11-01", 2, 2),
            ("2026-11-02", 2, 1),
            ("2026-11-03", 0, 0),
            ("2026-11-04", 2, 2),
            ("2026-11-05", 0, 0),
            ("2026-11-06", 0, 0),
            ("2026-11-07", 2, 0),
        ]
    );
    let empty = &report["groups"][2];
    for share in ["response_rate", "csat", "csat_low", "csat_high", "mean"] {
        assert!(empty[share].is_null(), "{share}: {empty}");
    }
}

#[tokio::test]
async fn weeks_and_months_count_only_the_days_of_the_span() {
    let stack = Stack::start().await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    // The 1st of November is a Sunday.
    let weeks = report(&agent, "2026-11-01", "2026-11-04", "&group_by=week").await;
    assert_eq!(groups(&weeks), [("2026-W44", 2, 2), ("2026-W45", 4, 3)]);
    let months = report(&agent, "2026-10-31", "2026-11-02", "&group_by=month").await;
    assert_eq!(groups(&months), [("2026-10", 0, 0), ("2026-11", 4, 3)]);
    assert_eq!(months["total"]["requests"], 4);
}

#[tokio::test]
async fn agents_have_the_name_of_their_latest_request_in_the_span() {
    let stack = Stack::start().await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    let agents = report(&agent, "2026-11-01", "2026-11-30", "&group_by=agent").await;
    assert_eq!(groups(&agents), [("jo", 3, 2), ("kim", 4, 3), ("lu", 1, 0)]);
    assert_eq!(agents["groups"][0]["name"], "Jo Okafor");
    assert!(agents["groups"][1].get("name").is_none(), "{agents}");
    let first = report(&agent, "2026-11-01", "2026-11-01", "&group_by=agent").await;
    assert_eq!(first["groups"][0]["name"], "Jo");
}

#[tokio::test]
async fn a_filter_applies_to_the_groups_and_the_total() {
    let stack = Stack::start().await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    for (more, expected) in [
        (
            "&group_by=channel",
            vec![("messenger", 1, 1), ("widget", 7, 4)],
        ),
        (
            "&group_by=channel&agent=kim",
            vec![("messenger", 1, 1), ("widget", 3, 2)],
        ),
        (
            "&group_by=month&agent=kim&channel=widget",
            vec![("2026-11", 3, 2)],
        ),
        ("&group_by=agent&channel=messenger", vec![("kim", 1, 1)]),
        ("&group_by=agent&agent=nobody", vec![]),
    ] {
        let report = report(&agent, "2026-11-01", "2026-11-30", more).await;
        assert_eq!(groups(&report), expected, "{more}");
        let requests: u64 = expected.iter().map(|(_, requests, _)| requests).sum();
        assert_eq!(report["total"]["requests"], requests, "{more}");
    }
}

#[tokio::test]
async fn the_previous_span_has_the_same_length_and_ends_the_day_before() {
    let stack = Stack::start().await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    let more = "&group_by=agent&compare=previous";
    let report = report(&agent, "2026-11-04", "2026-11-07", more).await;
    assert_eq!(report["total"]["requests"], 4);
    let previous = &report["previous"];
    assert_eq!(previous["from"], "2026-10-31");
    assert_eq!(previous["to"], "2026-11-03");
    assert_eq!(previous["total"]["requests"], 4);
    assert_eq!(groups(&report), [("kim", 3, 2), ("lu", 1, 0)]);
    assert_eq!(groups(previous), [("jo", 3, 2), ("kim", 1, 1)]);
}

#[tokio::test]
async fn an_organisation_without_ratings_gets_an_empty_report() {
    let stack = Stack::start().await;
    let agent = stack.agent("jo").await;
    let days = report(&agent, "2026-11-01", "2026-11-02", "&compare=previous").await;
    assert_eq!(groups(&days), [("2026-11-01", 0, 0), ("2026-11-02", 0, 0)]);
    assert_eq!(days["previous"]["groups"].as_array().unwrap().len(), 2);
    let agents = report(&agent, "2026-11-01", "2026-11-02", "&group_by=agent").await;
    assert_eq!(agents["groups"], json!([]));
    assert_eq!(agents["total"]["csat"], Value::Null);
    let path = "/v1/ratings?from=2026-11-01&to=2026-11-02";
    assert_eq!(agent.get(path).await.expect(200), json!({ "ratings": [] }));
}

#[tokio::test]
async fn an_organisation_sees_only_its_own_counts_and_ratings() {
    let stack = Stack::start_with_organisations().await;
    stack.seed_in("one", &history()).await;
    let other = SeededRequest::new("r1", "2026-11-01T09:00:00.000Z", "jo").rated(2);
    stack.seed_in("two", &[other]).await;
    for (organisation, requests, ratings) in [("one", 8, 5), ("two", 1, 1), ("three", 0, 0)] {
        let agent = stack.agent_of(organisation, "jo").await;
        let report = report(&agent, "2026-11-01", "2026-11-30", "").await;
        assert_eq!(report["total"]["requests"], requests, "{organisation}");
        let path = "/v1/ratings?from=2026-11-01&to=2026-11-30";
        let listed = agent.get(path).await.expect(200);
        assert_eq!(listed["ratings"].as_array().unwrap().len(), ratings);
    }
}

#[tokio::test]
async fn the_report_requires_the_scope_ratings_read() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    for path in ["/v1/satisfaction", "/v1/ratings"] {
        let path = format!("{path}?from=2026-11-01&to=2026-11-30");
        stack.nobody().get(&path).await.expect(401);
        visitor.get(&path).await.expect(401);
        let scopes = json!(["conversations:read", "ratings:ask", "agents:act"]);
        let claims = json!({ "sub": "jo", "scopes": scopes });
        stack.with_claims(claims).await.get(&path).await.expect(403);
        let claims = json!({ "sub": "jo", "scopes": ["ratings:read"] });
        stack.with_claims(claims).await.get(&path).await.expect(200);
    }
}

#[tokio::test]
async fn an_invalid_query_is_refused_with_the_name_of_the_parameter() {
    let stack = Stack::start().await;
    let agent = stack.agent("jo").await;
    let span = "from=2026-11-01&to=2026-11-30";
    let both = [
        ("from", "to=2026-11-30".to_owned()),
        ("to", "from=2026-11-01".to_owned()),
        ("from", "from=&to=2026-11-30".to_owned()),
        ("from", "from=2026-11-31&to=2026-11-30".to_owned()),
        ("from", "from=2026-11-01T00:00:00Z&to=2026-11-30".to_owned()),
        ("to", "from=2026-11-01&to=2026-10-31".to_owned()),
        ("to", "from=2024-01-01&to=2026-01-01".to_owned()),
        ("to", format!("{span}&to=2026-12-31")),
        ("agent", format!("{span}&agent=")),
        ("agent", format!("{span}&agent=a%23b")),
        ("agent", format!("{span}&agent=a&agent=b")),
        ("channel", format!("{span}&channel=a%20b")),
        ("by", format!("{span}&by=")),
        ("by", format!("{span}&by=visitor")),
        ("by", format!("{span}&by=agent&by=rule")),
        ("cursor", format!("{span}&cursor=x")),
        ("colour", format!("{span}&colour=red")),
    ];
    let report = [
        ("group_by", format!("{span}&group_by=year")),
        ("group_by", format!("{span}&group_by=Day")),
        ("compare", format!("{span}&compare=next")),
        ("score", format!("{span}&score=5")),
    ];
    let ratings = [
        ("score", format!("{span}&score=0")),
        ("score", format!("{span}&score=6")),
        ("score", format!("{span}&score=five")),
        ("sentiment", format!("{span}&sentiment=happy")),
        ("limit", format!("{span}&limit=0")),
        ("limit", format!("{span}&limit=1001")),
        ("group_by", format!("{span}&group_by=day")),
    ];
    let of = |path: &'static str, queries: &[(&'static str, String)]| -> Vec<_> {
        let queries = queries.iter().cloned();
        queries
            .map(|(field, query)| (field, format!("{path}?{query}")))
            .collect()
    };
    let mut queries = of("/v1/satisfaction", &[&both[..], &report[..]].concat());
    queries.extend(of("/v1/ratings", &[&both[..], &ratings[..]].concat()));
    for (field, path) in queries {
        let problem = agent
            .get(&path)
            .await
            .expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], field, "{path}: {problem}");
    }
    let longest = "/v1/satisfaction?from=2024-01-01&to=2025-12-31";
    let days = agent.get(longest).await.expect(200);
    assert_eq!(days["groups"].as_array().unwrap().len(), 731);
}

#[tokio::test]
async fn a_long_name_of_an_unknown_parameter_is_truncated_in_the_problem() {
    let stack = Stack::start().await;
    let path = format!("/v1/satisfaction?{}=1", "x".repeat(2_000));
    let reply = stack.agent("jo").await.get(&path).await;
    let problem = reply.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "x".repeat(64));
}

#[tokio::test]
async fn the_report_contains_the_time_zone_of_its_days() {
    let options = Stack::options_with(&[("ReportTimeZone", "Europe/Lisbon")]);
    let stack = Stack::start_with(options).await;
    let agent = stack.agent("jo").await;
    let report = report(&agent, "2026-11-01", "2026-11-02", "").await;
    assert_eq!(report["time_zone"], "Europe/Lisbon");
}

/// Two requests on each day of a year, one of which was answered.
fn year() -> Vec<SeededRequest> {
    let first: jiff::civil::Date = "2025-11-23".parse().unwrap();
    let days = (0..365).map(|day| first + jiff::Span::new().days(day));
    days.flat_map(|day| {
        let request = |hour: &str, agent: &str| {
            let id = format!("{day}-{hour}");
            SeededRequest::new(&id, &format!("{day}T{hour}:00:00.000Z"), agent)
        };
        [request("09", "jo").rated(4), request("10", "kim")]
    })
    .collect()
}

/// How many items the queries among `calls` read.
async fn items_read(stack: &Stack, calls: &[AwsCall]) -> u64 {
    let mut items = 0;
    for call in calls.iter().filter(|call| call.is("dynamodb:Query")) {
        let reply = stack.dynamodb_as("owner", "Query", call.body.clone()).await;
        items += reply.expect(200)["Count"].as_u64().unwrap();
    }
    items
}

#[tokio::test]
async fn a_report_of_a_year_reads_one_item_per_day_in_three_round_trips_or_by_agent_in_six() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.seed(&year()).await;
    let agent = stack.agent("jo").await;
    // A report by agent takes a query for each of 13 months, at most four of them at a time.
    let more = [
        ("&group_by=day", 3),
        ("&group_by=week", 3),
        ("&group_by=agent", 6),
        ("&agent=kim", 6),
    ];
    for (more, round_trips) in more {
        let path = format!("/v1/satisfaction?from=2025-11-23&to=2026-11-22{more}");
        let (reply, trips) = aws.calls_by_round_trip(agent.get(&path)).await;
        let requests = if more == "&agent=kim" { 365 } else { 730 };
        assert_eq!(reply.expect(200)["total"]["requests"], requests, "{more}");
        assert_eq!(trips.len(), round_trips, "{more}");
        let items = items_read(&stack, &trips.concat()).await;
        assert_eq!(items, 365, "{more}");
    }
}
