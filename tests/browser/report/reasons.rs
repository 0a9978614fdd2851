//! The reasons of dissatisfied visitors.

use serde_json::json;
use tests::Stack;
use thirtyfour::Key;

use crate::browser::{Browser, Window};
use crate::report::{PARTS, press_until, report_on};

const REASONS: [(&str, &[u64]); 4] = [
    ("slow", &[1, 2, 3]),
    ("rude", &[1, 2]),
    ("<b>wrong</b>", &[1]),
    ("quick", &[5]),
];

/// The id of a reason. Only labels may contain markup.
fn id(label: &str) -> String {
    label.replace(['<', '>', '/'], "_")
}

/// A stack with a rating for each of these scores and reasons.
async fn stack_with_reasons(ratings: &[(u64, &[&str])]) -> Stack {
    let stack = Stack::start().await;
    stack.stop_clock();
    let agent = stack.agent("kim").await;
    let reasons: Vec<_> = REASONS
        .iter()
        .map(|(label, scores)| json!({ "id": id(label), "scores": scores, "labels": { "en": label } }))
        .collect();
    let settings = json!({ "reasons": reasons });
    agent.put("/v1/settings", settings).await.expect(200);
    for (index, (score, reasons)) in ratings.iter().enumerate() {
        let conversation = format!("c{index}");
        let visitor = stack.conversation(&conversation).await;
        let request = agent.ask_for_id(&conversation).await;
        let reasons: Vec<_> = reasons.iter().map(|label| id(label)).collect();
        let comment = format!("Comment {index}");
        let answer = json!({ "score": score, "comment": comment, "reasons": reasons });
        visitor.rate(&request, answer).await.expect(201);
    }
    stack.deliver_stream().await;
    stack
}

fn ratings() -> Vec<(u64, &'static [&'static str])> {
    vec![
        (1, &["rude", "slow"]),
        (2, &["slow"]),
        (1, &["slow", "<b>wrong</b>"]),
        (3, &["slow"]),
        (5, &["quick"]),
        (1, &[]),
    ]
}

/// The labels, the numbers and the shares of the bars.
async fn bars(browser: &Browser) -> serde_json::Value {
    let script = format!(
        "{PARTS} return [...report.querySelectorAll('.cause')].map((bar) =>
            [...bar.querySelectorAll('.name, .number')].map((part) => part.textContent));"
    );
    browser.run(&script, vec![]).await
}

#[tokio::test]
async fn the_reasons_of_dissatisfied_visitors_are_bars_with_a_table() {
    let stack = stack_with_reasons(&ratings()).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser.expect_text("Reasons for dissatisfaction").await;
    browser.expect_text("Of 4 dissatisfied ratings.").await;
    let expected = json!([
        ["slow", "3", "75%"],
        ["<b>wrong</b>", "1", "25%"],
        ["rude", "1", "25%"],
    ]);
    assert_eq!(bars(browser).await, expected);
    let table = crate::report::rows(browser, "Reasons for dissatisfaction").await;
    assert_eq!(
        table,
        [
            ["slow", "2", "1", "3"],
            ["<b>wrong</b>", "1", "0", "1"],
            ["rude", "1", "0", "1"]
        ]
    );
    browser.check_in_every_window("report-reasons").await;
    take_tall_screenshots(browser, "report-reasons-tall").await;

    let arabic = "document.querySelector('afterchat-report').texts = {
        language: 'ar', retry: 'أعد المحاولة', reasons: { title: 'أسباب عدم الرضا', reason: 'السبب' } };";
    browser.run(arabic, vec![]).await;
    browser.expect_text("أسباب عدم الرضا").await;
    browser.check_in_every_window("report-reasons-rtl").await;
    take_tall_screenshots(browser, "report-reasons-rtl-tall").await;
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}

/// Takes screenshots of the whole report, narrow and wide, light and dark.
async fn take_tall_screenshots(browser: &Browser, name: &str) {
    for (width, is_dark) in [(360, false), (360, true), (1280, false), (1280, true)] {
        let height = if width == 360 { 4_000 } else { 2_400 };
        browser
            .set(Window {
                width,
                height,
                is_dark,
            })
            .await;
        let scheme = if is_dark { "dark" } else { "light" };
        browser
            .screenshot(&format!("{name}-{width}-{scheme}"))
            .await;
    }
    browser.set(Window::LAPTOP).await;
}

#[tokio::test]
async fn a_reason_opens_its_ratings_with_the_keyboard_and_another_can_be_chosen() {
    let stack = stack_with_reasons(&ratings()).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser.expect_text("Reasons for dissatisfaction").await;
    press_until(browser, Key::Tab, "slow").await;
    browser.press(Key::Enter).await;
    // The rating with the score 3 is not dissatisfied.
    browser.expect_text("3 ratings shown").await;
    for comment in ["Comment 0", "Comment 1", "Comment 2"] {
        browser.expect_text(comment).await;
    }
    browser
        .check_in_every_window("report-ratings-of-a-reason")
        .await;

    let choose = format!(
        "{PARTS} const field = report.querySelector('dialog select');
        field.value = arguments[0];
        field.dispatchEvent(new Event('change'));"
    );
    browser.run(&choose, vec![json!("rude")]).await;
    browser.expect_text("1 rating shown").await;
    browser.expect_text("Comment 0").await;
    browser.run(&choose, vec![json!("")]).await;
    browser.expect_text("4 ratings shown").await;
    browser.click("All scores").await;
    browser.expect_text("6 ratings shown").await;
    let chips = format!(
        "{PARTS} return [...report.querySelectorAll('.ratings .reasons')].map((list) =>
            [...list.children].map((item) => item.textContent));"
    );
    // The newest rating has no reasons.
    let expected = json!([
        ["quick"],
        ["slow"],
        ["slow", "<b>wrong</b>"],
        ["slow"],
        ["slow", "rude"],
    ]);
    let shown = browser.run(&chips, vec![]).await;
    let sorted = |value: &serde_json::Value| {
        let mut lists: Vec<_> = value
            .as_array()
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        lists.sort_unstable();
        lists
    };
    assert_eq!(sorted(&shown), sorted(&expected));
}

#[tokio::test]
async fn without_reasons_of_dissatisfied_visitors_the_section_is_absent() {
    for ratings in [
        vec![(1, &[][..])],
        vec![(5, &["quick"][..]), (3, &["slow"])],
    ] {
        let stack = stack_with_reasons(&ratings).await;
        let page = report_on(&stack, "").await;
        page.browser.expect_text("Scores over time").await;
        page.browser
            .expect_no_text("Reasons for dissatisfaction")
            .await;
    }
}

#[tokio::test]
async fn the_thread_shows_the_reasons_of_a_rating() {
    let stack = stack_with_reasons(&[(1, &["slow", "rude"])]).await;
    let agent = stack.agent("kim").await;
    let page = crate::page::Page::of_agent(&stack, &agent, "c0").await;
    let script = "const thread = document.querySelector('afterchat-thread').shadowRoot;
        return [...thread.querySelectorAll('.reasons')].map((list) =>
            [...list.children].map((item) => item.textContent));";
    page.browser.expect_text("The visitor chose").await;
    let shown = page.browser.run(script, vec![]).await;
    assert_eq!(shown, json!([["slow", "rude"], ["slow", "rude"]]));
    page.browser.check_in_every_window("thread-reasons").await;
}
