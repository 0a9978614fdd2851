//! The report on satisfaction, and the demo's page of it.

use std::collections::BTreeMap;
use std::time::Duration;

use local::Options;
use reqwest::Method;
use serde_json::{Value, json};

use tests::{Caller, Reply, Stack};
use thirtyfour::Key;

use crate::browser::{Browser, Window};
use crate::page::Page;

/// Finds what a report shows: the parts of its shadow tree.
const PARTS: &str = "
    const report = document.querySelector('afterchat-report').shadowRoot;
    const cells = (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
    const bodyOf = (title) => [...report.querySelectorAll('caption')]
        .find((caption) => caption.textContent === title)
        .parentElement.tBodies[0];
    const columnsOf = (title) => [...report.querySelectorAll('figure')]
        .find((figure) => figure.querySelector('h3').textContent === title)
        .querySelectorAll('[role=button]');
";

/// How many presses of a key something may be away.
const FAR: usize = 60;

/// A stack with conversations that were rated: each an agent, and a score or none. Its clock stands
/// still, so that all of them are of one day.
async fn rated(ratings: &[(&str, Option<u64>)]) -> Stack {
    let stack = Stack::start().await;
    stack.stop_clock();
    for (place, (agent, score)) in ratings.iter().enumerate() {
        let id = format!("c{place}");
        let visitor = stack.conversation(&id).await;
        let request = stack.agent(agent).await.asked(&id).await;
        if let Some(score) = score {
            let answer = json!({ "score": score, "comment": format!("Comment {place}") });
            visitor.rate(&request, answer).await.expect(201);
        }
    }
    stack.count().await;
    stack
}

async fn reader(stack: &Stack) -> Caller {
    let claims = json!({ "sub": "rey", "scopes": ["ratings:read", "conversations:read"] });
    stack.with_claims(claims).await
}

async fn report_on(stack: &Stack, attributes: &str) -> Page {
    Page::of_report(stack, &reader(stack).await, attributes).await
}

/// The demo's report, with its year of ratings.
async fn year() -> (Stack, Browser) {
    let stack = Stack::start_with(Options {
        demo: true,
        runs_in_background: true,
        ..Stack::options()
    })
    .await;
    stack.stop_clock();
    let browser = Browser::open(&format!("{}/report", stack.url()), Window::LAPTOP).await;
    // Only then the page listens to its button.
    browser
        .until("return document.getElementById('report').hasAttribute('token');")
        .await;
    fill(&browser).await;
    (stack, browser)
}

/// Presses the demo's button, and waits until all is written and counted.
async fn fill(browser: &Browser) {
    browser.click("Fill in a year of ratings").await;
    let script = "return !document.getElementById('fill').disabled && \
                  document.getElementById('status').textContent;";
    for _ in 0..6_000 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let told = browser.run(script, vec![]).await;
        if told.as_str().is_some_and(|it| it.ends_with("are counted.")) {
            return;
        }
    }
    panic!("the year is not counted:\n{}", browser.text().await);
}

/// The days that are shown, as a query.
async fn span(browser: &Browser) -> String {
    let script = format!(
        "{PARTS} return [...report.querySelectorAll('input[type=date]')].map((it) => it.value);"
    );
    let days = browser.run(&script, vec![]).await;
    let [from, to] = [&days[0], &days[1]].map(|day| day.as_str().unwrap());
    format!("from={from}&to={to}")
}

/// What the API says of all that is shown.
async fn satisfaction(stack: &Stack, browser: &Browser, query: &str) -> Value {
    let path = format!("/v1/satisfaction?{}&{query}", span(browser).await);
    reader(stack).await.get(&path).await.expect(200)
}

async fn rows(browser: &Browser, title: &str) -> Vec<Vec<String>> {
    let script = format!("{PARTS} return cells([...bodyOf(arguments[0]).rows]);");
    let rows = browser.run(&script, vec![json!(title)]).await;
    serde_json::from_value(rows).unwrap()
}

/// A share as a table writes it.
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

/// Presses a key until the focus is on what begins so.
async fn press_until(browser: &Browser, key: Key, name: &str) {
    for _ in 0..FAR {
        browser.press(key.clone()).await;
        if browser.focused().await.starts_with(name) {
            return;
        }
    }
    panic!(
        "{name:?} is not reached; the focus is on {:?}",
        browser.focused().await
    );
}

#[tokio::test]
async fn where_nobody_was_asked_the_report_says_so() {
    let stack = rated(&[]).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser
        .expect_text("Nobody was asked for a rating in this period.")
        .await;
    browser.expect_no_text("Satisfied over time").await;
    browser.look_at("report-empty").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn where_nobody_answered_the_report_says_that() {
    let stack = rated(&[("kim", None), ("kim", None)]).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser
        .expect_text("Nobody has answered in this period.")
        .await;
    browser.expect_text("0 of 2 requests answered").await;
}

#[tokio::test]
async fn a_single_rating_is_shown_with_its_whole_interval_and_as_a_small_sample() {
    let stack = rated(&[("kim", Some(5))]).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser.expect_text("95% interval 21").await;
    browser.expect_text("of 1 rating").await;
    browser.expect_text("Fewer than 10 ratings").await;
    browser.expect_text("small sample").await;
    let script = format!(
        "{PARTS} const count = (selector) => report.querySelectorAll(`.marks ${{selector}}`).length;
        return [count('.whisker.few'), count('.dot.few'), count(':is(.band, .line)'), count('.outline')];"
    );
    // One point with its interval, hollow; in the chart of response rates another, without.
    let marks = browser.run(&script, vec![]).await;
    assert_eq!(marks, json!([1, 2, 0, 1]));
    browser.look_at("report-one").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_year_is_filled_in_at_the_press_of_a_button_and_looks_right() {
    let (stack, browser) = year().await;
    let browser = &browser;
    let once = satisfaction(&stack, browser, "group_by=month").await;
    let requests = once["total"]["requests"].as_u64().unwrap();
    assert!((2_000..3_000).contains(&requests), "{requests}");
    browser.look_at("report-year").await;
    let tall = Window {
        height: 1_600,
        ..Window::LAPTOP
    };
    browser.set(tall).await;
    browser.picture("report-1280-light").await;
    browser.set(Window::LAPTOP).await;

    // Pressed again it adds nothing.
    fill(browser).await;
    let twice = satisfaction(&stack, browser, "group_by=month").await;
    assert_eq!(twice["total"], once["total"]);

    the_tables_hold_the_apis_numbers(&stack, browser).await;
    every_rating_is_in_the_file(&stack, browser, once["total"]["ratings"].as_u64().unwrap()).await;
    a_conversation_is_opened(browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

/// Row for row, what stands behind each drawing is what the API says.
async fn the_tables_hold_the_apis_numbers(stack: &Stack, browser: &Browser) {
    let report = satisfaction(stack, browser, "group_by=month").await;
    let groups = report["groups"].as_array().unwrap();
    let csat = rows(browser, "Satisfied over time").await;
    let scores = rows(browser, "Scores over time").await;
    let rates = rows(browser, "Response rate over time").await;
    assert_eq!(
        (csat.len(), scores.len(), rates.len()),
        (groups.len(), groups.len(), groups.len())
    );
    for (place, group) in groups.iter().enumerate() {
        let number = |name: &str| group[name].to_string();
        assert_eq!(
            csat[place][1..3],
            [number("ratings"), percent(&group["csat"])]
        );
        for end in ["csat_low", "csat_high"] {
            let end = percent(&group[end]);
            let interval = &csat[place][3];
            assert!(
                interval.contains(end.trim_end_matches('%')),
                "{end} in {interval}"
            );
        }
        let counts: Vec<_> = (1..=5)
            .map(|score| group["scores"][score.to_string()].to_string())
            .collect();
        assert_eq!(scores[place][1..6], counts);
        assert_eq!(
            scores[place][6..],
            [number("ratings"), mean(&group["mean"])]
        );
        let rate = percent(&group["response_rate"]);
        assert_eq!(
            rates[place][1..],
            [number("requests"), number("ratings"), rate]
        );
    }

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
    // By ratings at first, the most before; and by any column when its head is pressed.
    let ratings = |rows: &[Vec<String>]| -> Vec<u64> {
        rows.iter().map(|row| row[1].parse().unwrap()).collect()
    };
    assert!(ratings(&shown).is_sorted_by(|one, next| one >= next));
    browser.click("Ratings").await;
    let turned = rows(browser, "Agents").await;
    assert!(ratings(&turned).is_sorted());
}

/// What the browser would save holds the head once and a line for each rating.
async fn every_rating_is_in_the_file(stack: &Stack, browser: &Browser, ratings: u64) {
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

async fn a_conversation_is_opened(browser: &Browser) {
    browser.click("Jo Okafor").await;
    browser.expect_text("25 ratings shown").await;
    browser.look_at("report-ratings").await;
    browser.click("Show more").await;
    browser.expect_text("50 ratings shown").await;
    let open = "const open = [...everything()].find((it) => it.textContent === 'Open conversation' && it.checkVisibility());
        open.click();";
    browser.run(open, vec![]).await;
    browser.expect_text("Conversation made-up-").await;
    browser.expect_text("Jo Okafor asked for a rating").await;
    browser.expect_text("The visitor chose").await;
}

#[tokio::test]
async fn points_bars_and_agents_open_their_ratings_with_the_keyboard_alone() {
    let stack = rated(&[
        ("kim", Some(5)),
        ("kim", Some(1)),
        ("lee", Some(4)),
        ("lee", None),
    ])
    .await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser.expect_text("Satisfied over time").await;

    // The newest period is the chart's one stop; arrows go on from there.
    let today =
        format!("{PARTS} return columnsOf('Satisfied over time')[29].getAttribute('aria-label');");
    let today = browser.run(&today, vec![]).await;
    let today = today.as_str().unwrap();
    assert!(
        today.contains("67% satisfied") && today.contains("3 ratings"),
        "{today}"
    );
    press_until(browser, Key::Tab, today).await;
    browser.press(Key::Left).await;
    assert!(browser.focused().await.ends_with("no ratings"));
    browser.press(Key::Right).await;
    assert_eq!(browser.focused().await, today);

    browser.press(Key::Enter).await;
    browser.expect_text("3 ratings shown").await;
    for comment in ["Comment 0", "Comment 1", "Comment 2"] {
        browser.expect_text(comment).await;
    }
    press_until(browser, Key::Tab, "Very dissatisfied").await;
    browser.press(Key::Enter).await;
    browser.expect_text("1 rating shown").await;
    browser.expect_no_text("Comment 0").await;
    browser.press(Key::Escape).await;
    browser.expect_no_text("1 rating shown").await;
    assert_eq!(browser.focused().await, today);

    press_until(browser, Key::Tab, "kim").await;
    browser.press(Key::Enter).await;
    browser.expect_text("2 ratings shown").await;
    browser.expect_no_text("Comment 2").await;
    press_until(browser, Key::Tab, "Open conversation c").await;
    browser
        .run(
            "document.addEventListener('afterchat-conversation-opened', (event) => { window.heard = event.detail; });",
            vec![],
        )
        .await;
    browser.press(Key::Enter).await;
    let heard = browser.run("return window.heard;", vec![]).await;
    assert!(["c0", "c1"].contains(&heard["conversation_id"].as_str().unwrap()));
}

#[tokio::test]
async fn filters_narrow_what_is_shown_and_the_period_before_stands_beside_it() {
    let stack = rated(&[("kim", Some(5)), ("lee", Some(1))]).await;
    let page = report_on(&stack, r#"agent="kim""#).await;
    let browser = &page.browser;
    browser.expect_text("of 1 rating").await;
    let names = |rows: Vec<Vec<String>>| rows.into_iter().map(|row| row[0].clone());
    let shown: Vec<_> = names(rows(browser, "Agents").await).collect();
    assert_eq!(shown, ["kim"]);

    let all_agents = format!(
        "{PARTS} const field = [...report.querySelectorAll('select')].find((it) => it.value === 'kim');
        field.value = '';
        field.dispatchEvent(new Event('change'));"
    );
    browser.run(&all_agents, vec![]).await;
    browser.expect_text("of 2 ratings").await;
    stack.advance(7 * 24 * 60 * 60).await;
    let now = stack.now().await;
    browser
        .run(
            "document.querySelector('afterchat-report').clock = () => Date.parse(arguments[0]);",
            vec![json!(now)],
        )
        .await;
    browser.click("7 days").await;
    browser
        .expect_text("Nobody was asked for a rating in this period.")
        .await;
    browser.expect_text("2 before, -2").await;
    browser.click("Compare with the period before").await;
    browser.expect_no_text("2 before, -2").await;
}

#[tokio::test]
async fn a_session_that_ended_and_a_network_that_broke_heal() {
    let stack = rated(&[("kim", Some(5))]).await;
    let stranger = stack.bearer("no.real.token");
    let page = Page::of_report(&stack, &stranger, "").await;
    let browser = &page.browser;
    browser
        .expect_text("Your session has ended. Sign in again.")
        .await;
    browser.look_at("report-ended").await;

    let script = "document.querySelector('afterchat-report').setAttribute('token', arguments[0]);";
    let token = reader(&stack).await.token().to_owned();
    browser.run(script, vec![json!(token)]).await;
    browser.expect_text("of 1 rating").await;

    page.next_call("GET", "/satisfaction", "drop").await;
    page.refresh().await;
    browser.expect_text("Check your internet connection").await;
    browser.click("Try again").await;
    browser.expect_text("of 1 rating").await;

    page.next_call("GET", "/ratings", "fail").await;
    browser.click("kim").await;
    browser.expect_text("The server returned an error.").await;
    browser.click("Try again").await;
    browser.expect_text("Comment 0").await;
}

#[tokio::test]
async fn who_may_not_read_ratings_is_told_so() {
    let stack = rated(&[]).await;
    let claims = json!({ "sub": "rey", "scopes": ["conversations:read"] });
    let page = Page::of_report(&stack, &stack.with_claims(claims).await, "").await;
    page.browser
        .expect_text("You are not allowed to read ratings.")
        .await;
}

#[tokio::test]
async fn a_span_that_cannot_be_is_refused_in_words() {
    let stack = rated(&[]).await;
    let page = report_on(&stack, r#"from="2026-03-01" to="2026-02-01""#).await;
    page.browser
        .expect_text("Choose a first day before the last day")
        .await;
}
