//! The day of the report on which a rating request is counted, and its entry in the ratings index.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::ReportTimeZone;
use local::Options;
use serde_json::{Value, json};
use store::key;
use tests::{FrozenClock, Stack};

/// A stack whose report uses the days of `zone`, with a clock that stops at `moment`.
async fn stack_in(zone: &str, moment: &str) -> (Stack, std::sync::Arc<FrozenClock>) {
    let clock = FrozenClock::at(moment.parse().unwrap());
    let stack = Stack::start_with(Options {
        clock: clock.clone(),
        ..Stack::options_with(&[("ReportTimeZone", zone)])
    })
    .await;
    (stack, clock)
}

/// The stored item of a rating request.
async fn stored_request(stack: &Stack, conversation: &str, request: &str) -> Value {
    let pk = format!("main#{conversation}");
    stack.item(&pk, &format!("REQUEST#{request}")).await
}

#[tokio::test]
async fn a_request_is_counted_on_its_day_in_the_reports_time_zone() {
    // In Berlin, daylight saving time starts on 29 March 2026 and ends on 25 October 2026.
    for (moment, day) in [
        ("2026-03-28T22:59:59Z", "2026-03-28"),
        ("2026-03-28T23:00:00Z", "2026-03-29"),
        ("2026-03-29T21:59:59Z", "2026-03-29"),
        ("2026-03-29T22:00:00Z", "2026-03-30"),
        ("2026-10-25T22:59:59Z", "2026-10-25"),
        ("2026-10-25T23:00:00Z", "2026-10-26"),
    ] {
        let (stack, _clock) = stack_in("Europe/Berlin", moment).await;
        stack.conversation("c1").await;
        let request = stack.agent("kim").await.ask_for_id("c1").await;
        let stored = stored_request(&stack, "c1", &request).await;
        assert_eq!(stored["report_day"]["S"], day, "{moment}");
    }
}

#[tokio::test]
async fn a_request_keeps_its_day_if_it_is_answered_on_the_next_day() {
    let (stack, clock) = stack_in("America/Sao_Paulo", "2026-01-06T02:59:00Z").await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    let before = stored_request(&stack, "c1", &request).await;
    assert_eq!(before["report_day"]["S"], "2026-01-05");
    assert!(before.get("first_rated_at").is_none());

    clock.advance(Duration::from_secs(120));
    let answer = json!({ "score": 4 });
    visitor.rate(&request, answer).await.expect(201);
    clock.advance(Duration::from_secs(60));
    let change = json!({ "score": 2, "comment": "On second thoughts" });
    visitor.rate(&request, change).await.expect(200);
    let rated = stored_request(&stack, "c1", &request).await;
    for member in ["report_day", "ratings_of"] {
        assert_eq!(rated[member], before[member], "{member}");
    }
    assert_eq!(rated["first_rated_at"]["S"], "2026-01-06T03:01:00.000Z");
    assert_eq!(rated["rated_score"]["N"], "2");
}

#[tokio::test]
async fn the_ratings_index_contains_only_answered_requests_and_no_comments() {
    let (stack, _clock) = stack_in("UTC", "2026-01-05T12:00:00Z").await;
    let agent = stack.agent("kim").await;
    let (ana, _bo) = (
        stack.conversation("c1").await,
        stack.conversation("c2").await,
    );
    let (answered, _open) = (agent.ask_for_id("c1").await, agent.ask_for_id("c2").await);
    let answer = json!({ "score": 5, "comment": "Thanks" });
    ana.rate(&answered, answer).await.expect(201);

    let scan = json!({ "TableName": "afterchat", "IndexName": "ratings" });
    let scanned = stack.dynamodb_as("owner", "Scan", scan).await.expect(200);
    let [entry] = scanned["Items"].as_array().unwrap().as_slice() else {
        panic!("one request is answered: {scanned}");
    };
    let mut members: Vec<_> = entry.as_object().unwrap().keys().collect();
    // The order of JSON members depends on the features that are enabled in the build.
    members.sort();
    assert_eq!(
        members,
        [
            "agent",
            "channel",
            "first_rated_at",
            "pk",
            "rated_score",
            "ratings_of",
            "sk"
        ]
    );
    let partition = entry["ratings_of"]["S"].as_str().unwrap();
    let shard = partition.strip_prefix("main#2026-01-05#").unwrap();
    assert!(
        shard.parse::<u8>().unwrap() < key::RATINGS_SHARDS,
        "{shard}"
    );
}

#[tokio::test]
async fn a_changed_rating_keeps_its_earlier_scores_and_comments() {
    let (stack, clock) = stack_in("UTC", "2026-01-05T12:00:00Z").await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    let first = json!({ "score": 1, "comment": "Nobody came" });
    visitor.rate(&request, first).await.expect(201);
    for score in [2, 3] {
        clock.advance(Duration::from_secs(60));
        let change = json!({ "score": score, "comment": "" });
        visitor.rate(&request, change).await.expect(200);
    }
    let stored = stored_request(&stack, "c1", &request).await;
    let answer = &stored["answer"]["M"];
    assert_eq!(answer["changed_at"]["S"], "2026-01-05T12:02:00.000Z");
    assert_eq!(
        answer["earlier"]["L"],
        json!([
            { "M": {
                "score": { "N": "1" },
                "comment": { "S": "Nobody came" },
                "at": { "S": "2026-01-05T12:00:00.000Z" },
            } },
            { "M": { "score": { "N": "2" }, "at": { "S": "2026-01-05T12:01:00.000Z" } } },
        ])
    );
}

#[tokio::test]
async fn an_unknown_time_zone_prevents_the_start() {
    let zone = "Mars/Olympus".to_owned();
    let mut options = Options {
        host: None,
        ..Stack::options()
    };
    options
        .variables
        .insert("REPORT_TIME_ZONE".to_owned(), zone.clone());
    let refused = local::Server::start(options.clone()).await.unwrap_err();
    let text = refused.to_string();
    assert!(text.contains("REPORT_TIME_ZONE"), "{text}");

    // The template refuses it, too.
    options.variables.remove("REPORT_TIME_ZONE");
    options.parameters.insert("ReportTimeZone".to_owned(), zone);
    let refused = local::Server::start(options).await.unwrap_err();
    let text = refused.to_string();
    assert!(text.contains("ReportTimeZone"), "{text}");
}

#[test]
fn the_template_accepts_exactly_the_time_zones_that_the_functions_support() {
    let template = local::yaml_to_json(include_str!("../../infra/template.yaml")).unwrap();
    let accepted = &template["Parameters"]["ReportTimeZone"]["AllowedValues"];
    let accepted = accepted.as_array().unwrap().iter();
    let accepted: BTreeSet<_> = accepted.map(|it| it.as_str().unwrap()).collect();
    for zone in &accepted {
        assert!(ReportTimeZone::parse(zone).is_ok(), "{zone}");
    }
    let known: Vec<_> = jiff::tz::db()
        .available()
        .map(|it| it.to_string())
        .collect();
    let missing: Vec<_> = known
        .iter()
        .filter(|zone| ReportTimeZone::parse(zone).is_ok() && !accepted.contains(zone.as_str()))
        .collect();
    assert!(!known.is_empty() && missing.is_empty(), "{missing:?}");
}
