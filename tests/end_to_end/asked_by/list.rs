use serde_json::{Value, json};
use tests::{SeededRequest, Stack, rating_ids};

const SPAN: &str = "from=2026-11-01&to=2026-11-30";

/// 12 rated requests on three days. A rule made every third.
fn history() -> Vec<SeededRequest> {
    (0..12)
        .map(|number| {
            let at = format!("2026-11-{:02}T09:{number:02}:00.000Z", 1 + number / 4);
            let request = SeededRequest::new(&format!("r{number:02}"), &at, "jo").rated(4);
            if number % 3 == 0 {
                request.by_rule()
            } else {
                request
            }
        })
        .collect()
}

#[tokio::test]
async fn the_ratings_of_requests_by_a_rule_are_listed_on_full_pages() {
    let stack = Stack::start().await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    let by_rule = ["r09", "r06", "r03", "r00"];
    for limit in [1, 2, 3, 100] {
        let query = format!("{SPAN}&by=rule");
        let listed = agent.list_ratings(&query, limit).await;
        assert_eq!(rating_ids(&listed), by_rule, "{limit}");
        let by_agents = agent.list_ratings(&format!("{SPAN}&by=agent"), limit).await;
        assert_eq!(by_agents.len(), 8, "{limit}");
        let by_agents = rating_ids(&by_agents);
        assert!(by_agents.iter().all(|id| !by_rule.contains(id)));
    }
    let whole = agent.list_ratings(SPAN, 5).await;
    assert_eq!(whole.len(), 12);
}

#[tokio::test]
async fn a_cursor_belongs_to_the_way_of_asking() {
    let stack = Stack::start().await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    let path = format!("/v1/ratings?{SPAN}&by=rule&limit=2");
    let first = agent.get(&path).await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    for other in ["", "&by=agent"] {
        let path = format!("/v1/ratings?{SPAN}{other}&cursor={cursor}");
        let problem = agent.get(&path).await;
        let problem = problem.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "cursor", "{other}");
    }
    let path = format!("/v1/ratings?{SPAN}&by=rule&cursor={cursor}");
    let rest = agent.get(&path).await.expect(200);
    assert_eq!(rest["ratings"].as_array().unwrap().len(), 2);
}

/// A rating of a request by a rule with all details, and one of an agent's without any.
fn detailed() -> Vec<SeededRequest> {
    let labels = ["billing", "größe L, blau", "=1+1", "say \"hi\""];
    vec![
        SeededRequest::new("r1", "2026-11-02T09:00:00.000Z", "jo")
            .by_rule()
            .with_details("3", ["-7", "Bikes"], &labels)
            .rated(4),
        SeededRequest::new("r2", "2026-11-01T09:00:00.000Z", "jo").rated(5),
    ]
}

#[tokio::test]
async fn a_listed_rating_shows_who_asked_and_the_details_of_its_conversation() {
    let stack = Stack::start().await;
    stack.seed(&detailed()).await;
    let agent = stack.agent("jo").await;
    let page = agent.get(&format!("/v1/ratings?{SPAN}")).await.expect(200);
    let [by_rule, by_agent] = page["ratings"].as_array().unwrap().as_slice() else {
        panic!("two ratings are expected: {page}");
    };
    assert_eq!(by_rule["by"], "rule");
    assert_eq!(by_rule["inbox"], json!({ "id": "3" }));
    assert_eq!(by_rule["team"], json!({ "id": "-7", "name": "Bikes" }));
    let labels = json!(["billing", "größe L, blau", "=1+1", "say \"hi\""]);
    assert_eq!(by_rule["labels"], labels);
    assert_eq!(by_agent["by"], "agent");
    for name in ["inbox", "team", "labels"] {
        assert!(by_agent.get(name).is_none(), "{name}: {by_agent}");
    }
}

#[tokio::test]
async fn the_csv_table_shows_who_asked_and_the_details_in_its_last_columns() {
    let stack = Stack::start().await;
    stack.seed(&detailed()).await;
    let agent = stack.agent("jo").await;
    let path = format!("/v1/ratings?{SPAN}");
    let csv = agent.request(reqwest::Method::GET, &path);
    let csv = csv.header("accept", "text/csv").send().await.unwrap();
    let csv = csv.text().await.unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header: Vec<_> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let columns = ["reasons", "by", "inbox_id", "team_id", "labels"];
    assert!(header.ends_with(&columns.map(str::to_owned)), "{header:?}");
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.unwrap().iter().skip(14).map(str::to_owned).collect())
        .collect();
    let labels = "billing,\"größe L, blau\",=1+1,\"say \"\"hi\"\"\"";
    assert_eq!(rows[0], ["rule", "3", "'-7", labels]);
    assert_eq!(rows[1], ["agent", "", "", ""]);

    // The cell is a line of CSV itself.
    let line = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(labels.as_bytes())
        .into_records()
        .next();
    let line = line.unwrap().unwrap();
    let read: Vec<_> = line.iter().collect();
    let json: Value = agent.get(&path).await.expect(200);
    assert_eq!(json!(read), json["ratings"][0]["labels"]);
}

#[tokio::test]
async fn an_erased_conversations_rating_has_no_details() {
    let stack = Stack::start().await;
    let now = stack.now().await;
    let visitor = stack.conversation("c1").await;
    let platform = stack.platform().await;
    let details = json!({ "labels": ["billing"], "inbox": { "id": "3" } });
    platform
        .put("/v1/conversations/c1", details)
        .await
        .expect(200);
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    visitor
        .rate(&request, json!({ "score": 4 }))
        .await
        .expect(201);
    assert!(stack.deliver_stream().await);
    let day = &now[..10];
    let path = format!("/v1/ratings?from={day}&to={day}");
    let mut listed = agent.get(&path).await.expect(200);
    assert_eq!(listed["ratings"][0]["labels"], json!(["billing"]));

    agent.delete("/v1/conversations/c1").await.expect(200);
    listed = agent.get(&path).await.expect(200);
    let rating = &listed["ratings"][0];
    assert_eq!(rating["by"], "agent");
    assert!(rating.get("labels").is_none() && rating.get("inbox").is_none());
}
