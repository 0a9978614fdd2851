//! The report and the list of ratings as CSV, checked with a CSV parser.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Caller, Reply, SeededRequest, Stack};

const SPAN: &str = "from=2026-11-01&to=2026-11-30";

/// Bodies are below 5 MB, and the runtime's responses that contain them below 6 MB.
const LARGEST_BODY: usize = 5_000_000;
const LARGEST_RESPONSE: usize = 6_000_000;

/// The cells of a row by column name.
type Row = BTreeMap<String, String>;

async fn get_csv(caller: &Caller, path: &str) -> Reply {
    get_as(caller, path, "text/csv").await
}

async fn get_as(caller: &Caller, path: &str, accept: &str) -> Reply {
    let request = caller.request(Method::GET, path).header("accept", accept);
    Reply::of(request).await
}

/// The rows of one page.
#[track_caller]
fn rows(reply: &Reply) -> Vec<Row> {
    let kind = reply.header("content-type");
    assert_eq!(kind, "text/csv; charset=utf-8; header=present");
    let text = reply.body.as_str().unwrap();
    assert!(text.len() < LARGEST_BODY, "{}", text.len());
    let response = reply.body.to_string();
    assert!(response.len() < LARGEST_RESPONSE, "{}", response.len());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row of CSV"));
    rows.collect()
}

/// The path and query of the next page, from the `Link` header.
fn next(caller_url: &str, reply: &Reply) -> Option<String> {
    let link = reply.headers.get("link")?.to_str().unwrap();
    let url = link.strip_prefix('<').unwrap();
    let url = url.strip_suffix(">; rel=\"next\"").unwrap();
    Some(
        url.strip_prefix(caller_url)
            .expect("the stack's own URL")
            .to_owned(),
    )
}

/// All pages of a table.
async fn pages(stack: &Stack, caller: &Caller, path: &str) -> Vec<Reply> {
    let mut pages = Vec::new();
    let mut path = Some(path.to_owned());
    while let Some(current) = path {
        let page = get_csv(caller, &current).await;
        assert_eq!(page.status, 200, "{current}: {}", page.body);
        path = next(stack.url(), &page);
        pages.push(page);
    }
    pages
}

fn request(id: &str, at: &str, agent: &str) -> SeededRequest {
    SeededRequest::new(id, &format!("2026-11-{at}:00.000Z"), agent)
}

#[tokio::test]
async fn the_accept_header_selects_csv_and_json_is_the_default() {
    let stack = Stack::start().await;
    let agent = stack.agent("jo").await;
    for path in ["/v1/satisfaction", "/v1/ratings"] {
        let path = format!("{path}?{SPAN}");
        for (accept, is_csv) in [
            ("text/csv", true),
            ("text/csv;q=0.5, application/json;q=0.4", true),
            ("text/csv;q=0.4, application/json;q=0.5", false),
            ("text/html, */*;q=0.1", false),
            ("image/png", false),
            ("text/csv;q=0", false),
        ] {
            let reply = get_as(&agent, &path, accept).await;
            let kind = if is_csv {
                "text/csv"
            } else {
                "application/json"
            };
            assert!(reply.header("content-type").starts_with(kind), "{accept}");
            assert!(reply.header("vary").to_lowercase().contains("accept"));
            assert_eq!(!reply.header("content-disposition").is_empty(), is_csv);
            reply.expect(200);
        }
        // Errors are JSON, as on all routes.
        let refused = get_csv(&agent, &path.replace("from", "form")).await;
        refused.expect_problem(422, "invalid_request");
    }
}

#[tokio::test]
async fn the_csv_report_has_the_same_numbers_as_the_json_report() {
    let stack = Stack::start().await;
    stack
        .seed(&[
            request("r1", "01T09:00", "jo")
                .with_agent_name("Jo, \"the\" Okafor")
                .rated(5),
            request("r2", "02T09:00", "kim").rated(2),
            request("r3", "02T10:00", "=kim"),
            SeededRequest::new("r0", "2026-10-31T09:00:00.000Z", "kim").rated(4),
        ])
        .await;
    let agent = stack.agent("jo").await;
    let path = format!("/v1/satisfaction?{SPAN}&group_by=agent&compare=previous");
    let report = agent.get(&path).await.expect(200);
    let table = get_csv(&agent, &path).await;
    let file = table.header("content-disposition");
    let expected = "attachment; filename=\"satisfaction-2026-11-01-2026-11-30.csv\"";
    assert_eq!(file, expected);
    assert_eq!(next(stack.url(), &table), None);
    let rows = rows(&table);
    let kinds: Vec<_> = rows
        .iter()
        .map(|row| (&row["from"], &row["group_by"], &row["key"]))
        .map(|(from, kind, key)| (from.as_str(), kind.as_str(), key.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("2026-11-01", "total", ""),
            ("2026-11-01", "agent", "'=kim"),
            ("2026-11-01", "agent", "jo"),
            ("2026-11-01", "agent", "kim"),
            ("2026-10-02", "total", ""),
            ("2026-10-02", "agent", "kim"),
        ]
    );
    assert_eq!(rows[2]["name"], "Jo, \"the\" Okafor");
    let json_rows = [
        &report["total"],
        &report["groups"][0],
        &report["groups"][1],
        &report["groups"][2],
        &report["previous"]["total"],
        &report["previous"]["groups"][0],
    ];
    for (row, json_row) in rows.iter().zip(json_rows) {
        for name in [
            "requests",
            "ratings",
            "response_rate",
            "csat",
            "csat_low",
            "csat_high",
            "mean",
            "small_sample",
        ] {
            let cell: Value = serde_json::from_str(&row[name]).unwrap_or_default();
            assert_eq!(cell.as_f64(), json_row[name].as_f64(), "{name}: {row:?}");
            assert_eq!(cell.as_bool(), json_row[name].as_bool(), "{name}: {row:?}");
        }
        for (score, count) in json_row["scores"].as_object().unwrap() {
            assert_eq!(row[&format!("score_{score}")], count.to_string());
        }
    }
}

#[tokio::test]
async fn formulas_in_comments_are_escaped_and_other_text_is_unchanged() {
    let comments = [
        (
            "Quick, \"kind\"\r\nand\n😊 漢字 \u{200F}",
            "Quick, \"kind\"\r\nand\n😊 漢字 \u{200F}",
        ),
        (
            "=HYPERLINK(\"https://evil.example\")",
            "'=HYPERLINK(\"https://evil.example\")",
        ),
        ("+1", "'+1"),
        ("-1+2", "'-1+2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("＝1+1", "'＝1+1"),
        (" \"=1", " \"'=1"),
        ("ok;=cmd|' /C calc'!A0", "ok;'=cmd|' /C calc'!A0"),
        ("ok\n=1", "ok\n'=1"),
    ];
    let requests: Vec<_> = (10..)
        .zip(comments)
        .map(|(minute, (comment, _))| {
            let request = request(&format!("r{minute}"), &format!("02T09:{minute}"), "-jo");
            request
                .with_agent_name("@Jo")
                .rated(1)
                .with_comment(comment)
        })
        .collect();
    let stack = Stack::start().await;
    stack.seed(&requests).await;
    let agent = stack.agent("jo").await;
    let path = format!("/v1/ratings?{SPAN}");
    let table = get_csv(&agent, &path).await;
    let file = table.header("content-disposition");
    assert_eq!(
        file,
        "attachment; filename=\"ratings-2026-11-01-2026-11-30.csv\""
    );
    assert!(!table.body.as_str().unwrap().starts_with('\u{FEFF}'));
    let mut rows = rows(&table);
    // The newest is listed first.
    rows.reverse();
    let cells: Vec<_> = rows.iter().map(|row| row["comment"].as_str()).collect();
    assert_eq!(cells, comments.map(|(_, cell)| cell));
    let json = agent.get(&path).await.expect(200);
    let ratings = json["ratings"].as_array().unwrap().iter().rev();
    for ((row, rating), (comment, _)) in rows.iter().zip(ratings).zip(comments) {
        assert_eq!(rating["comment"], comment, "JSON has the comment unchanged");
        assert_eq!(
            (row["agent_id"].as_str(), row["agent_name"].as_str()),
            ("'-jo", "'@Jo")
        );
        for name in [
            "rating_request_id",
            "conversation_id",
            "requested_at",
            "rated_at",
        ] {
            assert_eq!(rating[name], row[name].as_str(), "{name}");
        }
        assert_eq!(rating["score"].to_string(), row["score"]);
        assert_eq!(rating["sentiment"], row["sentiment"].as_str());
        assert_eq!(row["changes"], "0");
    }
}

#[tokio::test]
async fn link_headers_lead_to_every_page() {
    let stack = Stack::start().await;
    let requests: Vec<_> = (0..57)
        .map(|number| {
            let at = format!("{:02}T09:{number:02}", 1 + number % 5);
            // The link contains the encoded query.
            request(&format!("r{number:02}"), &at, "a&b=c d/+%").rated(4)
        })
        .collect();
    stack.seed(&requests).await;
    let agent = stack.agent("jo").await;
    let who = "agent=a%26b%3Dc%20d/%2B%25";
    let path = format!("/v1/ratings?{SPAN}&{who}&sentiment=positive&limit=10");
    let pages = pages(&stack, &agent, &path).await;
    assert_eq!(pages.len(), 6);
    let ids: Vec<_> = pages
        .iter()
        .flat_map(rows)
        .map(|row| row["rating_request_id"].clone())
        .collect();
    let whole = agent.get(&path.replace("limit=10", "limit=100")).await;
    let whole = whole.expect(200);
    let whole = whole["ratings"].as_array().unwrap().iter();
    let whole: Vec<_> = whole
        .map(|it| it["rating_request_id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, whole);
    assert_eq!(ids.len(), 57);
}

#[tokio::test]
async fn long_comments_produce_pages_below_5_mb_without_losing_ratings() {
    let stack = Stack::start().await;
    let emoji = "😊".repeat(2_000);
    // Quotes grow the most: CSV doubles them, and the response escapes each of the two.
    let quotes = "\"".repeat(2_000);
    let requests: Vec<_> = (0..800)
        .map(|number| {
            let at = format!(
                "{:02}T{:02}:{:02}",
                1 + number % 3,
                number / 60,
                number % 60
            );
            let comment = if number % 8 == 0 { &quotes } else { &emoji };
            request(&format!("r{number:03}"), &at, "jo")
                .rated(3)
                .with_comment(comment)
        })
        .collect();
    stack.seed(&requests).await;
    let agent = stack.agent("jo").await;
    let path = format!("/v1/ratings?{SPAN}");
    let pages = pages(&stack, &agent, &path).await;
    assert_eq!(pages.len(), 2);
    assert!(pages[0].body.as_str().unwrap().len() > 4_000_000);
    let rows: Vec<_> = pages.iter().flat_map(rows).collect();
    assert_eq!(rows.len(), 800);
    assert!(
        rows.iter()
            .all(|row| row["comment"] == emoji || row["comment"] == quotes)
    );

    let page = agent.get(&format!("{path}&limit=1000")).await.expect(200);
    let text = page.to_string();
    assert!(
        (4_000_000..LARGEST_BODY).contains(&text.len()),
        "{}",
        text.len()
    );
    assert!(json!(text).to_string().len() < LARGEST_RESPONSE);
    let (first, next) = (page["ratings"].as_array().unwrap(), &page["next_cursor"]);
    let path = format!("{path}&limit=1000&cursor={}", next.as_str().unwrap());
    let last = agent.get(&path).await.expect(200);
    assert_eq!(first.len() + last["ratings"].as_array().unwrap().len(), 800);
    assert!(last.get("next_cursor").is_none());
}

#[tokio::test]
async fn a_report_with_very_many_agents_is_only_available_as_csv_pages() {
    let stack = Stack::start().await;
    // Each needs as much space as possible: the quotes of its id are escaped twice.
    let agents = 3_000;
    let requests: Vec<_> = (0..agents)
        .map(|number| {
            let at = format!("{:02}T09:00", 1 + number % 28);
            let agent = format!("{number:04}{}", "\"".repeat(250));
            request(&format!("r{number}"), &at, &agent).with_agent_name(&"漢".repeat(200))
        })
        .collect();
    stack.seed(&requests).await;
    let agent = stack.agent("jo").await;
    let path = format!("/v1/satisfaction?{SPAN}&group_by=agent&compare=previous");
    let problem = agent
        .get(&path)
        .await
        .expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "group_by");
    let pages = pages(&stack, &agent, &path).await;
    assert!(pages.len() > 1);
    let rows: Vec<_> = pages.iter().flat_map(rows).collect();
    let (totals, groups): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| row["group_by"] == "total");
    let totals: Vec<_> = totals.iter().map(|row| row["requests"].as_str()).collect();
    assert_eq!(totals, ["3000", "0"]);
    assert_eq!(groups.len(), agents);
    assert!(groups.is_sorted_by(|one, next| one["key"] < next["key"]));
    let cursor = next(stack.url(), &pages[0]).unwrap();
    let of_another_query = cursor.replace("group_by=agent", "group_by=channel");
    let problem = get_csv(&agent, &of_another_query).await;
    let problem = problem.expect_problem(422, "invalid_request");
    assert_eq!(problem["field"], "cursor");
}
