use domain::AskedBy;
use serde_json::{Value, json};
use tests::{AwsCall, Caller, SeededRequest, Stack};

use super::{DAY, history, request, stack};

async fn report(caller: &Caller, span: &str, more: &str) -> Value {
    let path = format!("/v1/satisfaction?{span}{more}");
    caller.get(&path).await.expect(200)
}

/// The key, the number of requests and the number of ratings of each group.
fn groups(report: &Value) -> Vec<(&str, Option<u64>, u64)> {
    let groups = report["groups"].as_array().unwrap().iter();
    groups
        .map(|group| {
            let key = group["key"].as_str().unwrap();
            let ratings = group["ratings"].as_u64().unwrap();
            (key, group["requests"].as_u64(), ratings)
        })
        .collect()
}

#[tokio::test]
async fn the_report_counts_the_requests_by_agents_or_by_a_rule() {
    let (stack, _aws) = stack().await;
    history(&stack).await;
    assert!(stack.deliver_stream().await);
    let agent = stack.agent("kim").await;
    let span = stack.span_around_today().await;
    // The counts are first pending and then rolled up.
    for _ in 0..2 {
        for (more, totals, expected) in [
            (
                "&by=rule&group_by=agent",
                (3, 2),
                vec![("jo", Some(1), 1), ("kim", Some(2), 1)],
            ),
            (
                "&by=agent&group_by=agent",
                (2, 1),
                vec![("jo", Some(1), 0), ("kim", Some(1), 1)],
            ),
            (
                "&by=rule&group_by=channel",
                (3, 2),
                vec![("widget", Some(3), 2)],
            ),
            (
                "&by=rule&group_by=channel&agent=kim&channel=widget",
                (2, 1),
                vec![("widget", Some(2), 1)],
            ),
            (
                "&by=agent&group_by=channel&agent=jo",
                (1, 0),
                vec![("widget", Some(1), 0)],
            ),
            ("&by=rule&group_by=agent&channel=voice", (0, 0), vec![]),
            ("&by=rule&group_by=reason", (3, 2), vec![("slow", None, 2)]),
            (
                "&by=rule&group_by=reason&agent=jo",
                (1, 1),
                vec![("slow", None, 1)],
            ),
            (
                "&by=agent&group_by=reason",
                (2, 1),
                vec![("quick", None, 1)],
            ),
            (
                "&group_by=reason",
                (5, 3),
                vec![("quick", None, 1), ("slow", None, 2)],
            ),
        ] {
            let report = report(&agent, &span, more).await;
            assert_eq!(groups(&report), expected, "{more}");
            let (requests, ratings) = totals;
            assert_eq!(report["total"]["requests"], requests, "{more}");
            assert_eq!(report["total"]["ratings"], ratings, "{more}");
        }
        stack.advance(3 * DAY).await;
        assert!(stack.roll_up().await);
    }
}

#[tokio::test]
async fn the_numbers_by_agents_and_by_a_rule_add_up_to_all() {
    let (stack, _aws) = stack().await;
    history(&stack).await;
    assert!(stack.deliver_stream().await);
    let agent = stack.agent("kim").await;
    let span = stack.span_around_today().await;
    for grouping in ["day", "week", "month", "channel", "agent"] {
        let more = |by: &str| format!("&group_by={grouping}{by}");
        let all = report(&agent, &span, &more("")).await;
        let by_agents = report(&agent, &span, &more("&by=agent")).await;
        let by_rule = report(&agent, &span, &more("&by=rule")).await;
        let total = |report: &Value, name: &str| report["total"][name].as_u64().unwrap();
        for name in ["requests", "ratings"] {
            let sum = total(&by_agents, name) + total(&by_rule, name);
            assert_eq!(sum, total(&all, name), "{grouping} {name}");
        }
        assert_eq!(total(&by_rule, "requests"), 3, "{grouping}");
    }
}

/// Two days of requests, which are rolled up.
fn two_days() -> Vec<SeededRequest> {
    let request = |id: &str, at: &str, agent: &str| {
        SeededRequest::new(id, &format!("2026-11-{at}:00.000Z"), agent)
    };
    vec![
        request("r1", "01T09:00", "jo")
            .with_agent_name("Jo")
            .rated(5),
        request("r2", "02T09:00", "jo")
            .with_agent_name("Jo Okafor")
            .by_rule()
            .rated(1),
        request("r3", "02T10:00", "kim").by_rule(),
        request("r4", "02T11:00", "kim").on_channel("messenger"),
    ]
}

#[tokio::test]
async fn agents_of_requests_by_a_rule_have_names_and_the_previous_span_is_filtered_too() {
    let stack = Stack::start().await;
    stack.seed(&two_days()).await;
    let agent = stack.agent("jo").await;
    let day = "from=2026-11-02&to=2026-11-02";
    let more = "&by=rule&group_by=agent&compare=previous";
    let by_rule = report(&agent, day, more).await;
    let expected = [("jo", Some(1), 1), ("kim", Some(1), 0)];
    assert_eq!(groups(&by_rule), expected);
    assert_eq!(by_rule["groups"][0]["name"], "Jo Okafor");
    assert_eq!(by_rule["previous"]["total"]["requests"], 0);
    let more = "&by=agent&group_by=agent&compare=previous";
    let by_agents = report(&agent, day, more).await;
    assert_eq!(groups(&by_agents), [("kim", Some(1), 0)]);
    assert_eq!(groups(&by_agents["previous"]), [("jo", Some(1), 1)]);
}

#[tokio::test]
async fn a_report_on_requests_by_a_rule_takes_three_round_trips() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.seed(&two_days()).await;
    let agent = stack.agent("jo").await;
    let days = "from=2026-11-01&to=2026-11-30";
    for by in ["agent", "rule"] {
        let more = format!("&by={by}&group_by=day");
        let (read, trips) = aws.calls_by_round_trip(report(&agent, days, &more)).await;
        assert_eq!(read["total"]["requests"], 2, "{by}");
        assert_eq!(trips.len(), 3, "{by}");
        // The days of all requests, those of the requests by a rule, and 8 shards of each.
        let queries = trips.concat();
        let queries = queries
            .iter()
            .filter(|call: &&AwsCall| call.is("dynamodb:Query"));
        assert_eq!(queries.count(), 18, "{by}");
    }
}

#[tokio::test]
async fn a_csv_report_is_filtered_too() {
    let stack = Stack::start().await;
    stack.seed(&two_days()).await;
    let agent = stack.agent("jo").await;
    let days = "from=2026-11-01&to=2026-11-30";
    let path = format!("/v1/satisfaction?{days}&group_by=agent&by=rule");
    let csv = agent.request(reqwest::Method::GET, &path);
    let csv = csv.header("accept", "text/csv").send().await.unwrap();
    let csv = csv.text().await.unwrap();
    let rows: Vec<_> = csv.lines().skip(1).collect();
    assert!(rows[0].contains(",total,,,2,1,0.5,1,0,"), "{csv}");
    assert!(rows[1].contains(",agent,jo,Jo Okafor,1,1,1,1,0,"), "{csv}");
    assert!(rows[2].contains(",agent,kim,,1,0,0,0,0,"), "{csv}");
    assert_eq!(rows.len(), 3);
}

#[tokio::test]
async fn a_request_of_an_older_version_counts_as_asked_by_an_agent() {
    let (stack, _aws) = stack().await;
    let (visitor, id) = request(&stack, "kim", "c1", AskedBy::Agent).await;
    visitor.rate(&id, json!({ "score": 3 })).await.expect(201);
    assert!(stack.deliver_stream().await);
    let item = stack.item("main#c1", &format!("REQUEST#{id}")).await;
    assert!(item.get("asked_by").is_none() && item.get("counted_by_rule").is_none());
    let agent = stack.agent("kim").await;
    let span = stack.span_around_today().await;
    for (by, expected) in [("agent", 1), ("rule", 0)] {
        let report = report(&agent, &span, &format!("&by={by}")).await;
        assert_eq!(report["total"]["ratings"], expected, "{by}");
    }
}
