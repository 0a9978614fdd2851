//! The report on satisfaction.

mod asked_by;
mod reasons;
mod year;

use serde_json::json;
use tests::{Caller, Stack};
use thirtyfour::Key;

use crate::browser::Browser;
use crate::page::Page;

/// Functions that find parts of a report's shadow tree.
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

/// The limit of key presses until an element has the focus.
const MAX_PRESSES: usize = 60;

/// A stack with a rating request for each agent, and an answer if there is a score. Its clock is
/// stopped, so that all of them are on one day.
async fn stack_with_ratings(ratings: &[(&str, Option<u64>)]) -> Stack {
    let stack = Stack::start().await;
    stack.stop_clock();
    for (index, (agent, score)) in ratings.iter().enumerate() {
        let id = format!("c{index}");
        let visitor = stack.conversation(&id).await;
        let request = stack.agent(agent).await.ask_for_id(&id).await;
        if let Some(score) = score {
            let answer = json!({ "score": score, "comment": format!("Comment {index}") });
            visitor.rate(&request, answer).await.expect(201);
        }
    }
    stack.deliver_stream().await;
    stack
}

async fn reader(stack: &Stack) -> Caller {
    let claims = json!({ "sub": "rey", "scopes": ["ratings:read", "conversations:read"] });
    stack.with_claims(claims).await
}

async fn report_on(stack: &Stack, attributes: &str) -> Page {
    Page::of_report(stack, &reader(stack).await, attributes).await
}

async fn rows(browser: &Browser, title: &str) -> Vec<Vec<String>> {
    let script = format!("{PARTS} return cells([...bodyOf(arguments[0]).rows]);");
    let rows = browser.run(&script, vec![json!(title)]).await;
    serde_json::from_value(rows).unwrap()
}

/// Presses a key until the name of the focused control starts with `name`.
async fn press_until(browser: &Browser, key: Key, name: &str) {
    for _ in 0..MAX_PRESSES {
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
async fn a_report_without_rating_requests_shows_a_message() {
    let stack = stack_with_ratings(&[]).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser
        .expect_text("Nobody was asked for a rating in this period.")
        .await;
    browser.expect_no_text("Satisfied over time").await;
    browser.check_in_every_window("report-empty").await;
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_report_without_answers_shows_a_message() {
    let stack = stack_with_ratings(&[("kim", None), ("kim", None)]).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser
        .expect_text("Nobody has answered in this period.")
        .await;
    browser.expect_text("0 of 2 requests answered").await;
}

#[tokio::test]
async fn a_single_rating_is_shown_with_its_whole_interval_and_as_a_small_sample() {
    let stack = stack_with_ratings(&[("kim", Some(5))]).await;
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
    // One hollow point with its interval, and one without interval in the chart of response rates.
    let marks = browser.run(&script, vec![]).await;
    assert_eq!(marks, json!([1, 2, 0, 1]));
    browser.check_in_every_window("report-one").await;
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}

#[tokio::test]
async fn points_bars_and_agents_open_their_ratings_with_the_keyboard_only() {
    let stack = stack_with_ratings(&[
        ("kim", Some(5)),
        ("kim", Some(1)),
        ("lee", Some(4)),
        ("lee", None),
    ])
    .await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser.expect_text("Satisfied over time").await;

    // The newest period is the chart's only tab stop. Arrow keys move from there.
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
            "document.addEventListener('afterchat-conversation-opened', (event) => { window.received = event.detail; });",
            vec![],
        )
        .await;
    browser.press(Key::Enter).await;
    let received = browser.run("return window.received;", vec![]).await;
    assert!(["c0", "c1"].contains(&received["conversation_id"].as_str().unwrap()));
}

#[tokio::test]
async fn filters_limit_the_report_and_the_previous_period_is_compared() {
    let stack = stack_with_ratings(&[("kim", Some(5)), ("lee", Some(1))]).await;
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
async fn the_report_recovers_from_an_expired_session_and_a_broken_network() {
    let stack = stack_with_ratings(&[("kim", Some(5))]).await;
    let stranger = stack.bearer("no.real.token");
    let page = Page::of_report(&stack, &stranger, "").await;
    let browser = &page.browser;
    browser
        .expect_text("Your session has ended. Sign in again.")
        .await;
    browser.check_in_every_window("report-ended").await;

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
async fn a_caller_without_permission_for_ratings_sees_a_message() {
    let stack = stack_with_ratings(&[]).await;
    let claims = json!({ "sub": "rey", "scopes": ["conversations:read"] });
    let page = Page::of_report(&stack, &stack.with_claims(claims).await, "").await;
    page.browser
        .expect_text("You are not allowed to read ratings.")
        .await;
}

#[tokio::test]
async fn an_invalid_span_shows_a_message() {
    let stack = stack_with_ratings(&[]).await;
    let page = report_on(&stack, r#"from="2026-03-01" to="2026-02-01""#).await;
    page.browser
        .expect_text("Choose a first day before the last day")
        .await;
}
