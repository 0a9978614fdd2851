//! The button in the widget with which visitors have their own conversation sent to them.

use serde_json::{Value, json};
use tests::{Caller, SENDER, Stack};
use texts::VisitorLanguage;

use crate::browser::{Browser, Window};
use crate::mail_page::mail_links;
use crate::organisation::{link_page, store_settings};
use crate::page::{Host, Page, element};
use crate::sidebar::click_twice;

const BUTTON: &str = "E-mail me this conversation";
const MASKED: &str = "a•••@example.org";
const SENT: &str = "Sent to a•••@example.org.";
const RETRY: &str = "Try again";
const QUESTION: &str = "How was your conversation";
const THANKS: &str = "Thank you for your rating!";

const A_DAY: u64 = 24 * 60 * 60;

const ROOT: &str = "const root = document.querySelector('afterchat-rating').shadowRoot;";

/// The settings of an organisation that offers transcripts to visitors.
fn offering() -> Value {
    json!({ "transcripts": { "from": SENDER, "visitor_may_request": true } })
}

/// A stack whose settings offer transcripts, and the visitor of the conversation `c1`.
async fn offered() -> (Stack, Caller) {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    store_settings(&stack, &offering()).await;
    (stack, visitor)
}

/// The visitor's page, which does not poll. It shows the button.
async fn page_with_button(stack: &Stack, visitor: &Caller) -> Page {
    let page = Page::of_visitor(stack, visitor, r#"polling="off""#).await;
    page.browser.control(BUTTON).await;
    page
}

/// The idempotency keys of the requests for a transcript so far.
async fn keys(page: &Page) -> Vec<Value> {
    let calls = page.calls("POST", "/v1/visitor/transcripts").await;
    calls.iter().map(|call| call["key"].clone()).collect()
}

/// Whether a press of the button has no effect.
async fn is_inactive(browser: &Browser) -> bool {
    let button = browser.control(BUTTON).await;
    button.attr("aria-disabled").await.unwrap().unwrap() == "true"
}

#[tokio::test]
async fn a_visitor_gets_the_conversation_by_mail_without_a_rating_request() {
    let (stack, visitor) = offered().await;
    let page = page_with_button(&stack, &visitor).await;
    let browser = &page.browser;
    browser.expect_text(&format!("To {MASKED}")).await;
    let shown = browser.text().await;
    assert!(!shown.contains(QUESTION), "{shown}");
    let area = browser.control(BUTTON).await.rect().await.unwrap();
    assert!(area.height >= 44.0, "{area:?}");
    assert_eq!(browser.focused().await, "Message");

    browser.click(BUTTON).await;
    browser.expect_text(SENT).await;
    assert_eq!(browser.focused().await, BUTTON);
    let outbox = stack.outbox().await;
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0]["to"], json!(["ana@example.org"]));

    browser.click(BUTTON).await;
    browser.expect_text(SENT).await;
    assert_eq!(stack.outbox().await.len(), 2);
    let keys = keys(&page).await;
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1]);
}

#[tokio::test]
async fn the_button_is_below_the_question_and_below_the_thanks() {
    let (stack, visitor) = offered().await;
    stack.agent("kim").await.ask_for_id("c1").await;
    let page = page_with_button(&stack, &visitor).await;
    let browser = &page.browser;
    let is_below = format!(
        "{ROOT} const [card, transcript] = ['.card', '.transcript'].map((it) => root.querySelector(it).getBoundingClientRect());
        return card.height > 0 && transcript.top > card.bottom;"
    );
    browser.expect_text(QUESTION).await;
    browser.until(&is_below).await;

    browser.click("4 of 5, Satisfied").await;
    browser.expect_text(THANKS).await;
    browser.until(&is_below).await;
    browser.click(BUTTON).await;
    browser.expect_text(SENT).await;
    browser.expect_text(THANKS).await;
    assert_eq!(stack.outbox().await.len(), 1);
}

#[tokio::test]
async fn no_button_is_shown_if_the_settings_do_not_offer_transcripts() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let page = Page::of_visitor(&stack, &visitor, "").await;
    page.refresh().await;
    assert!(!page.browser.has_control(BUTTON).await);

    stack.agent("kim").await.ask_for_id("c1").await;
    page.refresh().await;
    page.browser.expect_text(QUESTION).await;
    assert!(!page.browser.has_control(BUTTON).await);
}

#[tokio::test]
async fn the_page_of_a_link_in_a_mail_has_no_button() {
    let (stack, links) = mail_links().await;
    store_settings(&stack, &offering()).await;
    let browser = link_page(&links[3], Window::LAPTOP).await;
    browser.click("Send rating").await;
    browser.expect_text(THANKS).await;
    assert!(!browser.has_control(BUTTON).await);
}

#[tokio::test]
async fn the_button_is_disabled_if_no_address_of_the_visitor_is_recorded() {
    let (stack, _) = offered().await;
    let platform = stack.platform().await;
    let conversation = json!({ "channel": "widget", "visitor": { "name": "Ana" } });
    let path = "/v1/conversations/without-address";
    let recorded = platform.put(path, conversation).await.expect(201);
    let visitor = stack.bearer(recorded["visitor_token"].as_str().unwrap());
    let page = page_with_button(&stack, &visitor).await;
    let browser = &page.browser;
    browser.expect_text("No e-mail address is known.").await;
    assert!(!browser.is_enabled(BUTTON).await);
    browser.expect_accessible("a disabled button").await;

    let change = json!({ "visitor": { "email": "ana@example.org" } });
    platform.put(path, change).await.expect(200);
    page.refresh().await;
    browser.expect_text(&format!("To {MASKED}")).await;
    assert!(browser.is_enabled(BUTTON).await);
}

#[tokio::test]
async fn two_clicks_and_a_retry_after_a_fault_send_one_mail() {
    let (stack, visitor) = offered().await;
    let page = page_with_button(&stack, &visitor).await;
    let browser = &page.browser;
    let faults = [
        ("lose", "We could not reach the server."),
        ("drop", "We could not reach the server."),
        ("fail", "The e-mail will not be sent twice."),
    ];
    for (index, (fault, text)) in faults.into_iter().enumerate() {
        page.next_call("POST", "/transcripts", fault).await;
        click_twice(&page, BUTTON).await;
        browser.expect_text(text).await;
        assert!(is_inactive(browser).await, "{fault}");
        click_twice(&page, BUTTON).await;
        browser.click(RETRY).await;
        browser.expect_text(SENT).await;
        assert_eq!(browser.focused().await, BUTTON);
        assert!(!browser.has_control(RETRY).await, "{fault}");

        assert_eq!(stack.outbox().await.len(), index + 1, "{fault}");
        let keys = keys(&page).await;
        assert_eq!(keys.len(), 2 * (index + 1), "{fault}");
        let retry = keys.len() - 1;
        assert_eq!(keys[retry - 1], keys[retry], "{fault}");
        assert!(!keys[..retry - 1].contains(&keys[retry]), "{fault}");
    }
}

#[tokio::test]
async fn an_element_that_is_moved_during_a_request_shows_its_outcome() {
    let (stack, visitor) = offered().await;
    let page = page_with_button(&stack, &visitor).await;
    let browser = &page.browser;
    page.next_call("POST", "/transcripts", "hold").await;
    browser.click(BUTTON).await;
    browser.expect_text("Sending the e-mail").await;
    let script = "const it = document.querySelector('afterchat-rating'); it.remove(); document.body.append(it);";
    browser.run(script, vec![]).await;
    browser.expect_text("Sending the e-mail").await;
    click_twice(&page, BUTTON).await;
    page.release().await;
    browser.expect_text(SENT).await;
    assert_eq!(stack.outbox().await.len(), 1);
    assert_eq!(keys(&page).await.len(), 1);
}

#[tokio::test]
async fn an_unknown_outcome_is_shown_and_only_a_deliberate_retry_sends_again() {
    let (stack, visitor) = offered().await;
    let page = page_with_button(&stack, &visitor).await;
    let browser = &page.browser;
    stack.next_sends(&["lost_reply"]).await;
    browser.click(BUTTON).await;
    browser
        .expect_text("The e-mail may have been sent. Check your inbox before you try again.")
        .await;
    assert!(is_inactive(browser).await);
    click_twice(&page, BUTTON).await;
    page.refresh().await;
    browser.expect_text("may have been sent").await;
    assert_eq!(keys(&page).await.len(), 1);
    assert_eq!(stack.outbox().await.len(), 1);

    browser.click(RETRY).await;
    browser.expect_text(SENT).await;
    browser.expect_no_text("may have been sent").await;
    assert_eq!(stack.outbox().await.len(), 2);
    let keys = keys(&page).await;
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1]);
}

#[tokio::test]
async fn the_sixth_transcript_within_the_hour_is_refused_with_the_time() {
    let (stack, visitor) = offered().await;
    stack.begin_an_hour().await;
    let page = page_with_button(&stack, &visitor).await;
    let browser = &page.browser;
    for count in 1..=5 {
        browser.click(BUTTON).await;
        browser.expect_text(SENT).await;
        assert_eq!(stack.outbox().await.len(), count);
    }
    browser.click(BUTTON).await;
    browser
        .expect_text("The limit for e-mails is reached. You can try again from")
        .await;
    assert!(!browser.has_control(RETRY).await);
    assert_eq!(stack.outbox().await.len(), 5);

    let refused = visitor.post("/v1/visitor/transcripts", json!({})).await;
    let refused = refused.expect_problem(429, "transcript_limit_reached");
    let script = "const language = navigator.languages.find((it) => it.startsWith('en')) ?? 'en';
        return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
            .format(new Date(arguments[0]));";
    let time = browser
        .run(script, vec![refused["resets_at"].clone()])
        .await;
    let time = time.as_str().unwrap();
    browser
        .expect_text(&format!("You can try again from {time}."))
        .await;

    stack.advance(A_DAY).await;
    browser.click(BUTTON).await;
    browser.expect_text(SENT).await;
    browser.expect_no_text("The limit for e-mails").await;
}

#[tokio::test]
async fn the_button_disappears_if_the_settings_no_longer_offer_transcripts() {
    let (stack, visitor) = offered().await;
    let page = page_with_button(&stack, &visitor).await;
    let browser = &page.browser;
    store_settings(&stack, &json!({})).await;
    browser.click(BUTTON).await;
    browser
        .expect_text("This conversation cannot be sent by e-mail.")
        .await;
    browser.expect_no_text(BUTTON).await;
    browser
        .expect_text("This conversation cannot be sent by e-mail.")
        .await;
    assert!(stack.outbox().await.is_empty());
}

#[tokio::test]
async fn a_page_can_replace_the_texts_and_receives_an_event_for_the_transcript() {
    let (stack, visitor) = offered().await;
    let page = page_with_button(&stack, &visitor).await;
    let browser = &page.browser;
    let script = "document.querySelector('afterchat-rating').texts = arguments[0];
        document.addEventListener('afterchat-transcript-requested', ({ detail }) => { window.received = detail; });";
    let replaced =
        json!({ "transcript": { "button": "Send me a copy", "sent": "Copied to {to}." } });
    browser.run(script, vec![replaced]).await;
    browser.expect_text(&format!("To {MASKED}")).await;
    browser.click("Send me a copy").await;
    browser.expect_text(&format!("Copied to {MASKED}.")).await;
    browser.until("return Boolean(window.received);").await;
    let received = browser.run("return window.received;", vec![]).await;
    assert_eq!(received, json!({ "to": MASKED }));
    assert!(!browser.has_control(BUTTON).await);
}

/// Fails if something extends beyond the widget's box, or if the widget is not accessible, in light and
/// in dark.
async fn expect_whole_at_240_px(browser: &Browser, what: &str) {
    for (is_dark, scheme) in [(false, "light"), (true, "dark")] {
        browser
            .set(Window {
                width: 240,
                height: 900,
                is_dark,
            })
            .await;
        let what = format!("visitor-transcript-{what}-{scheme}");
        let script = format!(
            "{ROOT} const wide = [...root.querySelectorAll('*')].filter((it) => it.scrollWidth > it.clientWidth + 1
                && it.clientWidth > 1 && getComputedStyle(it).display !== 'inline');
            return [beyondItsBox(root.host), wide.map((it) => it.className)];"
        );
        let found = browser.run(&script, vec![]).await;
        assert_eq!(found, json!([[], []]), "{what}");
        let script = format!(
            "{ROOT} return [...root.querySelectorAll('.transcript .button')].filter((it) => it.checkVisibility())
                .every((it) => it.getBoundingClientRect().height >= 44);"
        );
        assert_eq!(browser.run(&script, vec![]).await, true, "{what}");
        browser.expect_accessible(&what).await;
        browser.screenshot(&what).await;
    }
}

#[tokio::test]
async fn the_button_is_whole_at_240_px_in_german_and_arabic() {
    let css = ":root { color-scheme: light dark; } body { margin: 0; } main { width: 240px; } h1 { display: none; }";
    let (stack, visitor) = offered().await;
    for language in [VisitorLanguage::German, VisitorLanguage::Arabic] {
        let code = language.as_str();
        let attributes = format!(r#"polling="off" lang="{code}""#);
        let host = Host {
            css,
            ..Host::default()
        };
        let body = element("rating", &stack, &visitor, &attributes);
        let page = Page::hosting(&stack, host, &body).await;
        let browser = &page.browser;
        let widget = language.texts().widget;
        let own = &widget.transcript;
        browser.control(own.button).await;
        browser.expect_text(&own.to.replace("{to}", MASKED)).await;
        let script = format!(
            "{ROOT} const {{ lang, dir }} = root.querySelector('.transcript'); return [lang, dir];"
        );
        let direction = language.direction().as_str();
        assert_eq!(browser.run(&script, vec![]).await, json!([code, direction]));
        expect_whole_at_240_px(browser, &format!("{code}-offered")).await;

        page.next_call("POST", "/transcripts", "fail").await;
        browser.click(own.button).await;
        browser.expect_text(own.failed).await;
        expect_whole_at_240_px(browser, &format!("{code}-failed")).await;

        browser.click(widget.retry).await;
        browser.expect_text(&own.sent.replace("{to}", MASKED)).await;
        expect_whole_at_240_px(browser, &format!("{code}-sent")).await;

        stack.agent(code).await.ask_for_id("c1").await;
        page.refresh().await;
        browser.expect_text(language.prompt_texts().question).await;
        expect_whole_at_240_px(browser, &format!("{code}-below-the-question")).await;
        assert_eq!(browser.console_messages().await, Vec::<String>::new());
    }
}
