use serde_json::{Value, json};
use tests::{AwsCall, AwsError, Caller, FaultInjection, rating_ids};

use super::{DAY, REASONS, assert_counted, counted, rated, request, stack};

async fn report(caller: &Caller, span: &str, more: &str) -> Value {
    let path = format!("/v1/satisfaction?{span}&group_by=reason{more}");
    caller.get(&path).await.expect(200)
}

/// The key and the number of ratings of each group.
fn groups(report: &Value) -> Vec<(String, u64)> {
    let groups = report["groups"].as_array().unwrap().iter();
    groups
        .map(|group| {
            let key = group["key"].as_str().unwrap();
            (key.to_owned(), group["ratings"].as_u64().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn a_rating_counts_once_for_each_of_its_reasons_and_once_in_the_total() {
    let (stack, _aws) = stack().await;
    rated(&stack, "kim", "c1", 1, &["slow", "rude"]).await;
    rated(&stack, "jo", "c2", 2, &["slow"]).await;
    rated(&stack, "jo", "c3", 5, &["quick"]).await;
    rated(&stack, "jo", "c4", 5, &[]).await;
    request(&stack, "kim", "c5").await;
    assert!(stack.deliver_stream().await);
    let agent = stack.agent("kim").await;
    let span = stack.span_around_today().await;
    let mut reports = Vec::new();
    // The counts are first pending and then rolled up.
    for _ in 0..2 {
        let report = report(&agent, &span, "").await;
        assert_eq!(report["total"]["requests"], 5);
        assert_eq!(report["total"]["ratings"], 4);
        let expected = counted([("quick", 1), ("rude", 1), ("slow", 2)]);
        assert_eq!(groups(&report), expected);
        let slow = &report["groups"][2];
        assert_eq!(slow["name"], "SLOW");
        assert_eq!(
            slow["scores"],
            json!({ "1": 1, "2": 1, "3": 0, "4": 0, "5": 0 })
        );
        assert_eq!(slow["mean"], 1.5);
        assert!(slow["requests"].is_null() && slow["response_rate"].is_null());
        for (more, expected) in [
            ("&agent=kim", counted([("rude", 1), ("slow", 1)])),
            (
                "&agent=jo&channel=widget",
                counted([("quick", 1), ("slow", 1)]),
            ),
            ("&channel=voice", counted([])),
        ] {
            let path = format!("{more}&compare=previous");
            let filtered = self::report(&agent, &span, &path).await;
            assert_eq!(groups(&filtered), expected, "{more}");
            assert_eq!(filtered["previous"]["groups"], json!([]));
        }
        assert_counted(&stack).await;
        reports.push(report);
        stack.advance(3 * DAY).await;
        assert!(stack.roll_up().await);
    }
    assert_eq!(reports[0], reports[1]);
}

#[tokio::test]
async fn a_csv_report_by_reason_has_labels_and_no_requests() {
    let (stack, _aws) = stack().await;
    rated(&stack, "kim", "c1", 1, &["slow"]).await;
    assert!(stack.deliver_stream().await);
    let agent = stack.agent("kim").await;
    let span = stack.span_around_today().await;
    let path = format!("/v1/satisfaction?{span}&group_by=reason");
    let request = agent.request(reqwest::Method::GET, &path);
    let csv = request.header("accept", "text/csv").send().await.unwrap();
    let csv = csv.text().await.unwrap();
    let rows: Vec<_> = csv.lines().skip(1).collect();
    assert!(rows[0].contains(",total,,,1,1,1,1,0,"));
    assert!(rows[1].contains(",reason,slow,SLOW,,1,,1,0,"));
    assert_eq!(rows.len(), 2);
}

#[tokio::test]
async fn a_reason_without_a_known_label_has_no_name() {
    let (stack, aws) = stack().await;
    rated(&stack, "kim", "c1", 1, &["slow", "rude"]).await;
    assert!(stack.deliver_stream().await);
    let agent = stack.agent("kim").await;
    let span = stack.span_around_today().await;
    let reads_settings = |call: &AwsCall| {
        call.function == "report-satisfaction" && call.mentions("#ORGANISATION#SETTINGS")
    };
    aws.inject_always(reads_settings, FaultInjection::Refuse(AwsError::Internal));
    let unnamed = report(&agent, &span, "").await;
    aws.stop_faults();
    let expected = counted([("rude", 1), ("slow", 1)]);
    assert_eq!(groups(&unnamed), expected);
    assert!(unnamed["groups"][0].get("name").is_none(), "{unnamed}");

    stack.offer_reasons("main", &REASONS[..1]).await;
    let removed = report(&agent, &span, "").await;
    assert_eq!(groups(&removed), expected);
    assert!(removed["groups"][0].get("name").is_none(), "{removed}");
    assert_eq!(removed["groups"][1]["name"], "SLOW");
}

#[tokio::test]
async fn a_report_by_reason_reads_the_settings_and_the_counts_concurrently() {
    let (stack, aws) = stack().await;
    rated(&stack, "kim", "c1", 1, &["slow"]).await;
    assert!(stack.deliver_stream().await);
    let agent = stack.agent("kim").await;
    let span = stack.span_around_today().await;
    let (read, trips) = aws.calls_by_round_trip(report(&agent, &span, "")).await;
    assert_eq!(read["groups"][0]["name"], "SLOW");
    assert_eq!(trips.len(), 3);
    // The days, the rolled-up reasons, and 8 shards of each.
    let queries = trips.concat();
    let queries = queries.iter().filter(|call| call.is("dynamodb:Query"));
    assert_eq!(queries.count(), 18);
}

#[tokio::test]
async fn the_ratings_of_a_reason_are_listed_on_full_pages() {
    let (stack, _aws) = stack().await;
    let agent = stack.agent("kim").await;
    let span = stack.span_around_today().await;
    let mut slow = Vec::new();
    for number in 0..12 {
        let reasons: &[&str] = if number % 3 == 0 {
            &["slow"]
        } else {
            &["rude"]
        };
        let score = number % 2 + 1;
        let conversation = format!("c{number}");
        let (_, id) = rated(&stack, "kim", &conversation, score, reasons).await;
        if number % 3 == 0 {
            slow.insert(0, id);
        }
        stack.advance(1).await;
    }
    assert!(stack.deliver_stream().await);
    for limit in [1, 2, 3, 100] {
        let query = format!("{span}&reason=slow");
        let listed = agent.list_ratings(&query, limit).await;
        assert_eq!(rating_ids(&listed), slow, "{limit}");
    }
    let first = format!("/v1/ratings?{span}&reason=slow&limit=3");
    let first = agent.get(&first).await.expect(200);
    assert_eq!(first["ratings"].as_array().unwrap().len(), 3);
    let cursor = first["next_cursor"].as_str().unwrap();
    let other = format!("/v1/ratings?{span}&reason=rude&cursor={cursor}");
    let problem = agent.get(&other).await;
    let problem = problem.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "cursor");

    for (more, expected) in [("&reason=slow&score=1", 2), ("&reason=quick", 0)] {
        let listed = agent.list_ratings(&format!("{span}{more}"), 100).await;
        assert_eq!(listed.len(), expected, "{more}");
    }
    for id in ["", "A", "a%20b", "%23"] {
        let path = format!("/v1/ratings?{span}&reason={id}");
        let problem = agent.get(&path).await;
        let problem = problem.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "reason", "{id}");
    }
}

#[tokio::test]
async fn the_changes_of_a_listed_rating_show_its_reasons() {
    let (stack, _aws) = stack().await;
    let (visitor, id) = rated(&stack, "kim", "c1", 1, &["slow"]).await;
    let change = json!({ "score": 1, "reasons": ["rude"] });
    visitor.rate(&id, change).await.expect(200);
    assert!(stack.deliver_stream().await);
    let span = stack.span_around_today().await;
    let path = format!("/v1/ratings?{span}");
    let page = stack.agent("kim").await.get(&path).await.expect(200);
    let change = &page["ratings"][0]["changes"][0];
    assert_eq!(change["previous_reasons"], json!(["slow"]));
    assert_eq!(change["reasons"], json!(["rude"]));
}
