//! Requests by agents and by a rule.

use serde_json::json;
use tests::Stack;
use thirtyfour::Key;

use crate::report::{PARTS, press_until, report_on, rows};

const TITLE: &str = "Asked by agents and by a rule";

/// A stack with a request for each of these ways of asking, and an answer if there is a score.
async fn stack_with(requests: &[(&str, Option<u64>)]) -> Stack {
    let stack = Stack::start().await;
    stack.stop_clock();
    let agent = stack.agent("kim").await;
    for (index, (by, score)) in requests.iter().enumerate() {
        let conversation = format!("c{index}");
        let visitor = stack.conversation(&conversation).await;
        let request = agent.ask_for_id(&conversation).await;
        if *by == "rule" {
            stack.make_by_rule("main", &conversation, &request).await;
        }
        if let Some(score) = score {
            let answer = json!({ "score": score, "comment": format!("Comment {index}") });
            visitor.rate(&request, answer).await.expect(201);
        }
    }
    stack.deliver_stream().await;
    stack
}

fn requests() -> [(&'static str, Option<u64>); 5] {
    [
        ("agent", Some(5)),
        ("agent", None),
        ("rule", Some(1)),
        ("rule", Some(4)),
        ("rule", None),
    ]
}

#[tokio::test]
async fn a_table_compares_the_requests_by_agents_with_those_by_a_rule() {
    let stack = stack_with(&requests()).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser.expect_text(TITLE).await;
    let expected = [
        ["By agents", "2", "50%", "100% small sample"],
        ["By a rule", "3", "67%", "50% small sample"],
    ];
    assert_eq!(rows(browser, TITLE).await, expected);
    browser.check_in_every_window("report-asked-by").await;

    let arabic = "document.querySelector('afterchat-report').texts = {
        language: 'ar', retry: 'أعد المحاولة', asked: { title: 'الطلبات', rule: 'وفق قاعدة' } };";
    browser.run(arabic, vec![]).await;
    browser.expect_text("وفق قاعدة").await;
    browser.check_in_every_window("report-asked-by-rtl").await;
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_filter_limits_the_report_to_one_way_of_asking_and_the_table_keeps_both() {
    let stack = stack_with(&requests()).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser.expect_text("3 of 5 requests answered").await;
    let choose = format!(
        "{PARTS} const field = [...report.querySelectorAll('.filters select')]
            .find((it) => [...it.options].some(({{ value }}) => value === 'rule'));
        field.value = arguments[0];
        field.dispatchEvent(new Event('change'));"
    );
    browser.run(&choose, vec![json!("rule")]).await;
    browser.expect_text("2 of 3 requests answered").await;
    assert_eq!(rows(browser, TITLE).await.len(), 2);
    let agents = rows(browser, "Agents").await;
    assert_eq!((agents[0][0].as_str(), agents[0][1].as_str()), ("kim", "2"));
    browser.run(&choose, vec![json!("agent")]).await;
    browser.expect_text("1 of 2 requests answered").await;
    browser.run(&choose, vec![json!("")]).await;
    browser.expect_text("3 of 5 requests answered").await;
}

#[tokio::test]
async fn the_attribute_by_selects_the_way_of_asking_that_is_shown_first() {
    let stack = stack_with(&requests()).await;
    let page = report_on(&stack, r#"by="agent""#).await;
    page.browser.expect_text("1 of 2 requests answered").await;
    let page = report_on(&stack, r#"by="visitor""#).await;
    page.browser.expect_text("3 of 5 requests answered").await;
}

#[tokio::test]
async fn a_way_of_asking_opens_its_ratings_with_the_keyboard() {
    let stack = stack_with(&requests()).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser.expect_text(TITLE).await;
    press_until(browser, Key::Tab, "By a rule").await;
    browser.press(Key::Enter).await;
    browser.expect_text("2 ratings shown").await;
    for comment in ["Comment 2", "Comment 3"] {
        browser.expect_text(comment).await;
    }
    browser
        .expect_text("asked by a rule for kim, Chat widget")
        .await;
    browser.expect_no_text("Comment 0").await;
}

#[tokio::test]
async fn without_requests_by_a_rule_there_is_no_comparison() {
    let stack = stack_with(&[("agent", Some(5)), ("agent", None)]).await;
    let page = report_on(&stack, "").await;
    page.browser.expect_text("1 of 2 requests answered").await;
    page.browser.expect_no_text(TITLE).await;
}

#[tokio::test]
async fn unanswered_requests_by_a_rule_are_compared_too() {
    let stack = stack_with(&[("rule", None), ("agent", None)]).await;
    let page = report_on(&stack, "").await;
    let browser = &page.browser;
    browser
        .expect_text("Nobody has answered in this period.")
        .await;
    let expected = [["By agents", "1", "0%", "–"], ["By a rule", "1", "0%", "–"]];
    assert_eq!(rows(browser, TITLE).await, expected);
}
