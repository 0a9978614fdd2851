//! On which day of the report a rating request counts, and what the index of ratings holds of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::ReportTimeZone;
use local::Options;
use serde_json::{Value, json};
use store::key;
use tests::{FrozenClock, Stack};

/// A stack whose report has the days of `zone`, at a moment that stands still.
async fn stack_in(zone: &str, moment: &str) -> (Stack, std::sync::Arc<FrozenClock>) {
    let clock = FrozenClock::at(moment.parse().unwrap());
    let stack = Stack::start_with(Options {
        parameters: BTreeMap::from([("ReportTimeZone".to_owned(), zone.to_owned())]),
        clock: clock.clone(),
        ..Stack::options()
    })
    .await;
    (stack, clock)
}

/// The rating request of a conversation, as it is kept.
async fn kept_request(stack: &Stack, conversation: &str, request: &str) -> Value {
    let pk = format!("main#{conversation}");
    stack.item(&pk, &format!("REQUEST#{request}")).await
}

#[tokio::test]
async fn a_request_counts_on_the_day_of_its_asking_in_the_reports_time_zone() {
    // In Berlin clocks go ahead on 29 March and back on 25 October 2026.
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
        let request = stack.agent("kim").await.asked("c1").await;
        let kept = kept_request(&stack, "c1", &request).await;
        assert_eq!(kept["report_day"]["S"], day, "{moment}");
    }
}

#[tokio::test]
async fn a_request_keeps_its_day_when_it_is_answered_on_the_next() {
    let (stack, clock) = stack_in("America/Sao_Paulo", "2026-01-06T02:59:00Z").await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.asked("c1").await;
    let asked = kept_request(&stack, "c1", &request).await;
    assert_eq!(asked["report_day"]["S"], "2026-01-05");
    assert!(asked.get("first_rated_at").is_none());

    clock.advance(Duration::from_secs(120));
    let answer = json!({ "score": 4 });
    visitor.rate(&request, answer).await.expect(201);
    clock.advance(Duration::from_secs(60));
    let change = json!({ "score": 2, "comment": "On second thoughts" });
    visitor.rate(&request, change).await.expect(200);
    let rated = kept_request(&stack, "c1", &request).await;
    for member in ["report_day", "ratings_of"] {
        assert_eq!(rated[member], asked[member], "{member}");
    }
    assert_eq!(rated["first_rated_at"]["S"], "2026-01-06T03:01:00.000Z");
    assert_eq!(rated["rated_score"]["N"], "2");
}

#[tokio::test]
async fn the_index_of_ratings_holds_what_is_answered_and_nothing_that_was_written() {
    let (stack, _clock) = stack_in("UTC", "2026-01-05T12:00:00Z").await;
    let agent = stack.agent("kim").await;
    let (ana, _bo) = (
        stack.conversation("c1").await,
        stack.conversation("c2").await,
    );
    let (answered, _open) = (agent.asked("c1").await, agent.asked("c2").await);
    let answer = json!({ "score": 5, "comment": "Thanks" });
    ana.rate(&answered, answer).await.expect(201);

    let scan = json!({ "TableName": "afterchat", "IndexName": "ratings" });
    let scanned = stack.dynamodb_as("owner", "Scan", scan).await.expect(200);
    let [entry] = scanned["Items"].as_array().unwrap().as_slice() else {
        panic!("one request is answered: {scanned}");
    };
    let mut members: Vec<_> = entry.as_object().unwrap().keys().collect();
    // In which order JSON's members are depends on what is built beside.
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
async fn a_changed_rating_remembers_what_it_said() {
    let (stack, clock) = stack_in("UTC", "2026-01-05T12:00:00Z").await;
    let visitor = stack.conversation("c1").await;
    let request = stack.agent("kim").await.asked("c1").await;
    let first = json!({ "score": 1, "comment": "Nobody came" });
    visitor.rate(&request, first).await.expect(201);
    for score in [2, 3] {
        clock.advance(Duration::from_secs(60));
        let change = json!({ "score": score, "comment": "" });
        visitor.rate(&request, change).await.expect(200);
    }
    let kept = kept_request(&stack, "c1", &request).await;
    let answer = &kept["answer"]["M"];
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
async fn a_time_zone_that_is_none_keeps_the_functions_from_starting() {
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

    // The template refuses it before that.
    options.variables.remove("REPORT_TIME_ZONE");
    options.parameters.insert("ReportTimeZone".to_owned(), zone);
    let refused = local::Server::start(options).await.unwrap_err();
    let text = refused.to_string();
    assert!(text.contains("ReportTimeZone"), "{text}");
}

#[test]
fn a_deploy_accepts_every_time_zone_that_the_functions_know_and_no_other() {
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
