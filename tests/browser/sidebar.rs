use serde_json::{Value, json};
use tests::{SENDER, Stack, message, note};

use crate::page::Page;

const ASK: &str = "Ask for rating";

const AN_HOUR: u64 = 60 * 60;

pub(crate) async fn inbox(stack: &Stack) -> Page {
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let page = Page::of_agent(stack, &agent, "c1").await;
    page.browser.control(ASK).await;
    page
}

/// Clicks twice in one script, so that nothing happens in between.
pub(crate) async fn click_twice(page: &Page, name: &str) {
    page.browser.control(name).await;
    let script = "const it = control(arguments[0]); it.click(); it.click();";
    page.browser.run(script, vec![json!(name)]).await;
}

#[tokio::test]
async fn the_button_is_disabled_with_its_reason_for_seven_days() {
    let stack = Stack::start().await;
    let page = inbox(&stack).await;
    let browser = &page.browser;
    click_twice(&page, ASK).await;
    browser.expect_text("You can ask again in 6 days, 23").await;
    browser.expect_text("asked for a rating").await;
    assert!(!browser.is_enabled(ASK).await);
    assert_eq!(page.calls("POST", "/rating-requests").await.len(), 1);

    stack.advance(7 * 24 * 60 * 60 - AN_HOUR).await;
    page.refresh().await;
    browser.expect_text("You can ask again in").await;
    assert!(!browser.is_enabled(ASK).await);
    stack.advance(AN_HOUR).await;
    page.refresh().await;
    browser.expect_text("Shows the visitor five faces").await;
    assert!(browser.is_enabled(ASK).await);
}

#[tokio::test]
async fn the_button_is_disabled_if_the_visitor_has_a_request_in_another_conversation() {
    let options = Stack::options_with(&[("VisitorAskIntervalDays", "30")]);
    let stack = Stack::start_with(options).await;
    stack.conversation("c2").await;
    stack.agent("jo").await.ask_for_id("c2").await;
    let page = inbox(&stack).await;
    let browser = &page.browser;
    browser.expect_text("This visitor was asked recently").await;
    browser
        .expect_text("You can ask again in 29 days, 23")
        .await;
    assert!(!browser.is_enabled(ASK).await);
}

#[tokio::test]
async fn the_button_is_hidden_for_voice_and_disabled_for_messenger() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let agent = stack.agent("kim").await;
    for channel in ["voice", "messenger"] {
        let path = format!("/v1/conversations/{channel}");
        let body = json!({ "channel": channel });
        platform.put(&path, body).await.expect(201);
    }
    let page = Page::of_agent(&stack, &agent, "voice").await;
    page.browser.control("Send transcript").await;
    assert!(!page.browser.has_control(ASK).await);

    let page = Page::of_agent(&stack, &agent, "messenger").await;
    assert!(!page.browser.is_enabled(ASK).await);
    page.browser
        .expect_text("This conversation is on Messenger")
        .await;
}

#[tokio::test]
async fn the_form_has_defaults_and_shows_errors_at_their_fields() {
    let stack = Stack::start().await;
    let page = inbox(&stack).await;
    let browser = &page.browser;
    browser.click("Send transcript").await;
    assert_eq!(browser.value("To email").await, "ana@example.org");
    assert_eq!(browser.value("From email").await, SENDER);
    assert_eq!(browser.value("Sender name").await, "Acme");

    browser.fill("To email", "").await;
    browser.click("Send").await;
    browser.expect_text("Enter the address to send to.").await;
    assert_eq!(browser.focused().await, "To email");
    browser.fill("To email", "not an address").await;
    browser.click("Send").await;
    browser.expect_text("cannot be sent to this address").await;
    browser.fill("To email", "ana@example.org").await;
    browser.fill("Sender name", "ceo@example.com").await;
    browser.click("Send").await;
    browser
        .expect_text("Enter a name of at most 128 characters")
        .await;
    assert_eq!(browser.focused().await, "Sender name");
    assert!(stack.outbox().await.is_empty());

    browser.fill("Sender name", "Acme Support").await;
    browser.click("Send").await;
    browser.expect_text("Sent to ana@example.org.").await;
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn five_transcripts_can_be_sent_in_an_hour() {
    let stack = Stack::start().await;
    stack.begin_an_hour().await;
    let page = inbox(&stack).await;
    let browser = &page.browser;
    for left in (0..5).rev() {
        browser.click("Send transcript").await;
        browser.click("Send").await;
        browser.expect_text("Sent to ana@example.org.").await;
        if left > 0 {
            browser.expect_text(&format!("{left} of 5 left")).await;
        }
    }
    browser
        .expect_text("All 5 transcripts of this hour are sent. You can send again in")
        .await;
    assert!(!browser.is_enabled("Send transcript").await);
    assert_eq!(stack.outbox().await.len(), 5);

    stack.advance(AN_HOUR).await;
    page.refresh().await;
    browser.expect_text("5 of 5 left").await;
    assert!(browser.is_enabled("Send transcript").await);
}

#[tokio::test]
async fn two_clicks_and_a_lost_response_send_one_mail() {
    let stack = Stack::start().await;
    let page = inbox(&stack).await;
    let browser = &page.browser;
    page.next_call("POST", "/transcripts", "lose").await;
    browser.click("Send transcript").await;
    click_twice(&page, "Send").await;
    browser.expect_text("It will not be done twice").await;
    browser.click("Send").await;
    browser.expect_text("Sent to ana@example.org.").await;
    assert_eq!(stack.outbox().await.len(), 1);
    let calls = page.calls("POST", "/transcripts").await;
    let keys: Vec<&Value> = calls.iter().map(|call| &call["key"]).collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys.first(), keys.last());
}

#[tokio::test]
async fn the_thread_shows_notes_and_ratings_and_shows_markup_as_text() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let platform = stack.platform().await;
    let attack =
        "<img src=x onerror=\"window.attacked=true\"><script>window.attacked=true</script>";
    let messages = json!({ "messages": [
        message("m2", "2026-01-05T09:01:00Z", attack),
        note("m3", "2026-01-05T09:02:00Z", "She is a good customer."),
    ] });
    let path = "/v1/conversations/c1/messages";
    platform.post(path, messages).await.expect(200);
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    let answer = json!({ "score": 1, "comment": attack });
    visitor.rate(&request, answer).await.expect(201);

    let page = Page::of_agent(&stack, &agent, "c1").await;
    let browser = &page.browser;
    browser.expect_text(attack).await;
    browser
        .expect_text("Private note: only your team sees this")
        .await;
    browser.expect_text("Negative").await;
    browser.expect_text("1 of 5").await;
    browser
        .expect_text("The visitor chose 😑 Very dissatisfied")
        .await;
    assert_eq!(
        browser.run("return window.attacked ?? null;", vec![]).await,
        Value::Null
    );
}

#[tokio::test]
async fn the_sidebar_recovers_from_an_expired_session_and_a_broken_network() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let stranger = stack.bearer("no.real.token");
    let page = Page::of_agent(&stack, &stranger, "c1").await;
    let browser = &page.browser;
    browser
        .expect_text("Your session has ended. Sign in again.")
        .await;
    browser.click("Try again").await;

    let agent = stack.agent("kim").await;
    let script = "for (const it of everything()) if (it.hasAttribute('token')) it.setAttribute('token', arguments[0]);";
    browser.run(script, vec![json!(agent.token())]).await;
    browser.control(ASK).await;
    page.all_calls("GET", "/c1", "drop").await;
    page.refresh().await;
    browser.expect_text("Check your internet connection").await;
    assert!(browser.has_control(ASK).await);
    page.end_faults().await;
    browser
        .expect_no_text("Check your internet connection")
        .await;
}
