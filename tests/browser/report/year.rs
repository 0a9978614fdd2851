//! The demo's report on a year of ratings.

use std::collections::BTreeMap;
use std::time::Duration;

use local::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Reply, Stack};

use crate::browser::{Browser, Window};
use crate::report::{PARTS, reader, rows};

/// Opens the demo's report, and adds the year of ratings.
async fn year() -> (Stack, Browser) {
    let stack = Stack::start_with(Options {
        demo: true,
        runs_background_functions: true,
        ..Stack::options()
    })
    .await;
    stack.stop_clock();
    let browser = Browser::open(&format!("{}/report", stack.url()), Window::LAPTOP).await;
    // The button works only after the report has its token.
    browser
        .until("return document.getElementById('report').hasAttribute('token');")
        .await;
    fill(&browser).await;
    (stack, browser)
}

/// Presses the demo's button, and waits until all ratings are written and counted.
async fn fill(browser: &Browser) {
    browser.click("Fill in a year of ratings").await;
    let script = "return !document.getElementById('fill').disabled && \
                  document.getElementById('status').textContent;";
    for _ in 0..6_000 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let progress = browser.run(script, vec![]).await;
        if progress
            .as_str()
            .is_some_and(|it| it.ends_with("are counted."))
        {
            return;
        }
    }
    panic!("the year is not counted:\n{}", browser.text().await);
}

/// The shown days as query parameters.
async fn span(browser: &Browser) -> String {
    let script = format!(
        "{PARTS} return [...report.querySelectorAll('input[type=date]')].map((it) => it.value);"
    );
    let days = browser.run(&script, vec![]).await;
    let [from, to] = [&days[0], &days[1]].map(|day| day.as_str().unwrap());
    format!("from={from}&to={to}")
}

/// The API's report on the shown days.
async fn satisfaction(stack: &Stack, browser: &Browser, query: &str) -> Value {
    let path = format!("/v1/satisfaction?{}&{query}", span(browser).await);
    reader(stack).await.get(&path).await.expect(200)
}

/// A share as the tables show it.
fn percent(share: &Value) -> String {
    share.as_f64().map_or("–".to_owned(), |share| {
        format!("{:.1}%", (share * 1_000.0).round() / 10.0)
    })
}

fn mean(mean: &Value) -> String {
    let mean = mean.as_f64();
    mean.map_or("–".to_owned(), |mean| {
        format!("{:.2}", (mean * 100.0).round() / 100.0)
    })
}

#[tokio::test]
async fn the_demos_button_adds_a_year_of_ratings_to_the_report() {
    let (stack, browser) = year().await;
    let browser = &browser;
    let once = satisfaction(&stack, browser, "group_by=month").await;
    let requests = once["total"]["requests"].as_u64().unwrap();
    assert!((2_000..3_000).contains(&requests), "{requests}");
    browser.check_in_every_window("report-year").await;
    let tall = Window {
        height: 1_600,
        ..Window::LAPTOP
    };
    browser.set(tall).await;
    browser.screenshot("report-1280-light").await;
    browser.set(Window::LAPTOP).await;

    // A second press adds nothing.
    fill(browser).await;
    let twice = satisfaction(&stack, browser, "group_by=month").await;
    assert_eq!(twice["total"], once["total"]);

    check_tables(&stack, browser).await;
    check_agents(&stack, browser).await;
    check_downloads(&stack, browser, once["total"]["ratings"].as_u64().unwrap()).await;
    open_a_conversation(browser).await;
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}

/// Checks that the tables behind the charts have the API's numbers, row by row.
async fn check_tables(stack: &Stack, browser: &Browser) {
    let report = satisfaction(stack, browser, "group_by=month").await;
    let groups = report["groups"].as_array().unwrap();
    let csat = rows(browser, "Satisfied over time").await;
    let scores = rows(browser, "Scores over time").await;
    let rates = rows(browser, "Response rate over time").await;
    assert_eq!(
        (csat.len(), scores.len(), rates.len()),
        (groups.len(), groups.len(), groups.len())
    );
    for (index, group) in groups.iter().enumerate() {
        let number = |name: &str| group[name].to_string();
        assert_eq!(
            csat[index][1..3],
            [number("ratings"), percent(&group["csat"])]
        );
        for end in ["csat_low", "csat_high"] {
            let end = percent(&group[end]);
            let interval = &csat[index][3];
            assert!(
                interval.contains(end.trim_end_matches('%')),
                "{end} in {interval}"
            );
        }
        let counts: Vec<_> = (1..=5)
            .map(|score| group["scores"][score.to_string()].to_string())
            .collect();
        assert_eq!(scores[index][1..6], counts);
        assert_eq!(
            scores[index][6..],
            [number("ratings"), mean(&group["mean"])]
        );
        let rate = percent(&group["response_rate"]);
        assert_eq!(
            rates[index][1..],
            [number("requests"), number("ratings"), rate]
        );
    }
}

/// Checks that the table of agents has the API's numbers, and that its headings sort it.
async fn check_agents(stack: &Stack, browser: &Browser) {
    let agents = satisfaction(stack, browser, "group_by=agent").await;
    let by_name: BTreeMap<_, _> = agents["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["name"].as_str().unwrap(), group))
        .collect();
    let shown = rows(browser, "Agents").await;
    assert_eq!(shown.len(), by_name.len());
    for row in &shown {
        let group = by_name[row[0].as_str()];
        assert_eq!(row[1], group["ratings"].to_string(), "{row:?}");
        assert_eq!(row[5], mean(&group["mean"]), "{row:?}");
        assert_eq!(row[6], group["requests"].to_string(), "{row:?}");
    }
    // The table is sorted by ratings, most first. A press on a heading sorts by its column.
    let ratings = |rows: &[Vec<String>]| -> Vec<u64> {
        rows.iter().map(|row| row[1].parse().unwrap()).collect()
    };
    assert!(ratings(&shown).is_sorted_by(|one, next| one >= next));
    browser.click("Ratings").await;
    let turned = rows(browser, "Agents").await;
    assert!(ratings(&turned).is_sorted());
}

/// Checks that the downloaded ratings have one heading and a line for each rating, and that the
/// downloaded report is the API's CSV.
async fn check_downloads(stack: &Stack, browser: &Browser, ratings: u64) {
    let script = "URL.createObjectURL = (blob) => {
        blob.text().then((text) => { window.saved = text; });
        return '#';
    };";
    browser.run(script, vec![]).await;
    browser.click("Ratings (CSV)").await;
    browser.expect_text("Downloaded ratings-").await;
    browser.until("return Boolean(window.saved);").await;
    let script = "const lines = window.saved.split('\\r\\n').filter(Boolean);
        const ids = lines.slice(1).map((line) => line.split(',')[0]);
        return [lines[0].includes('rating_request_id'), new Set(ids.filter((id) => /^[0-9a-f]{32}$/.test(id))).size];";
    let file = browser.run(script, vec![]).await;
    assert_eq!(file, json!([true, ratings]));

    browser.run("window.saved = null;", vec![]).await;
    browser.click("Report (CSV)").await;
    browser.expect_text("Downloaded satisfaction-").await;
    browser.until("return Boolean(window.saved);").await;
    let path = format!("/v1/satisfaction?{}&group_by=month", span(browser).await);
    let request = reader(stack).await.request(Method::GET, &path);
    let reply = Reply::of(request.header("accept", "text/csv")).await;
    let saved = browser.run("return window.saved;", vec![]).await;
    assert_eq!(saved, reply.expect(200));
}

async fn open_a_conversation(browser: &Browser) {
    browser.click("Jo Okafor").await;
    browser.expect_text("25 ratings shown").await;
    browser.check_in_every_window("report-ratings").await;
    browser.click("Show more").await;
    browser.expect_text("50 ratings shown").await;
    let open = "const open = [...everything()].find((it) => it.textContent === 'Open conversation' && it.checkVisibility());
        open.click();";
    browser.run(open, vec![]).await;
    browser.expect_text("Conversation made-up-").await;
    browser.expect_text("Jo Okafor asked for a rating").await;
    browser.expect_text("The visitor chose").await;
}
