//! User input on pages is text. It never becomes markup or script, and never changes the direction of
//! the text around it.

use serde_json::{Value, json};
use tests::{Caller, SENDER, Stack, message};

use crate::browser::{Browser, Window};
use crate::conversation::{rate, rating};
use crate::mail_page::mail_links;
use crate::organisation::{asked, store_settings, unvalidated, visitor_page};
use crate::page::{Host, Page};

const ATTACK: &str =
    "\"'><img src=x onerror=window.attacked=1><script>window.attacked=1</script>{{7*7}}${7*7}";

/// A name that would show "exe.fdp" as "pdf.exe", and change the direction of the text after it.
const TURNING: &str = "\u{202e}fdp.exe\u{2067}";

/// Asserts that no user input became part of the page's markup.
async fn expect_harmless(browser: &Browser) {
    let script = r#"
        const all = [...everything()];
        const inside = all.filter((element) => element.getRootNode() !== document);
        return {
            attacked: window.attacked ?? null,
            made: inside.filter((it) => it.matches("script, img, iframe, object, embed, base, meta, link"))
                .map((it) => it.outerHTML),
            handlers: all.flatMap((it) => it.getAttributeNames()).filter((name) => name.startsWith("on")),
            links: all.filter((it) => it.hasAttribute("href") && !/^https?:\/\//.test(it.getAttribute("href")))
                .map((it) => it.outerHTML),
        };"#;
    let found = browser.run(script, vec![]).await;
    let nothing = json!({ "attacked": null, "made": [], "handlers": [], "links": [] });
    assert_eq!(found, nothing);
}

#[tokio::test]
async fn user_input_is_text_in_the_widget_and_in_the_sidebar() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let platform = stack.platform().await;
    let path = "/v1/conversations/c1";
    let conversation = json!({
        "visitor": { "name": ATTACK },
        "assignee": { "id": "kim", "name": ATTACK },
    });
    platform.put(path, conversation).await.expect(200);
    let mut evil = message("m2", "2026-01-05T09:01:00Z", ATTACK);
    evil["author"]["name"] = json!(ATTACK);
    evil["attachments"] =
        json!([{ "name": ATTACK, "url": "https://files.example.com/'x'?javascript:alert(1)" }]);
    let messages = json!({ "messages": [evil] });
    platform
        .post(&format!("{path}/messages"), messages)
        .await
        .expect(200);
    let agent = stack
        .with_claims(json!({ "sub": "kim", "name": ATTACK }))
        .await;
    let sending = json!({ "from": SENDER, "sender_name": "'javascript:alert(1)' & {{7*7}}" });
    agent.send_transcript_as("c1", sending).await.expect(201);
    let request = agent.ask_for_id("c1").await;

    let page = Page::of_visitor(&stack, &visitor, "").await;
    page.browser.expect_text(ATTACK).await;
    expect_harmless(&page.browser).await;

    visitor
        .rate(&request, json!({ "score": 1, "comment": ATTACK }))
        .await
        .expect(201);
    let page = Page::of_agent(&stack, &agent, "c1").await;
    page.browser.expect_text(ATTACK).await;
    page.browser.expect_text("The visitor chose").await;
    expect_harmless(&page.browser).await;
}

#[tokio::test]
async fn user_input_is_text_in_the_report() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack
        .with_claims(json!({ "sub": "kim", "name": ATTACK }))
        .await;
    let answer = json!({ "score": 1, "comment": ATTACK });
    rate(&stack, &agent, &visitor, answer).await;

    let page = Page::of_report(&stack, &agent, "").await;
    page.browser.click(ATTACK).await;
    page.browser.expect_text("1 rating shown").await;
    page.browser.expect_text(ATTACK).await;
    expect_harmless(&page.browser).await;
}

#[tokio::test]
async fn a_right_to_left_override_does_not_change_the_text_around_it() {
    let stack = Stack::start().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let mut turning = message("m2", "2026-01-05T09:01:00Z", TURNING);
    turning["author"]["name"] = json!(TURNING);
    turning["attachments"] = json!([{ "name": TURNING, "url": "https://files.example.com/a" }]);
    let path = "/v1/conversations/c1/messages";
    platform
        .post(path, json!({ "messages": [turning] }))
        .await
        .expect(200);
    let agent = stack
        .with_claims(json!({ "sub": "kim", "name": TURNING }))
        .await;
    agent.ask_for_id("c1").await;

    let page = Page::of_agent(&stack, &agent, "c1").await;
    page.browser.expect_text(TURNING).await;
    let script = r#"
        const own = (element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
        const holding = [...everything()].filter((element) => own(element).some((it) => it.data.includes("\u202e")));
        return holding.map((element) => getComputedStyle(element).unicodeBidi);"#;
    let directions = page.browser.run(script, vec![]).await;
    let directions = directions.as_array().unwrap();
    // The author, the text, the file and the event.
    assert_eq!(directions.len(), 4, "{directions:?}");
    for direction in directions {
        let direction = direction.as_str().unwrap();
        assert!(["isolate", "plaintext"].contains(&direction), "{direction}");
    }
}

#[tokio::test]
async fn the_fragment_of_a_mail_links_page_is_text() {
    let (stack, _links) = mail_links().await;
    let token = stack.link_tokens().await.remove(0);
    let url = stack.url();
    for address in [
        "#\"'><img src=x onerror=window.attacked=1>/5",
        "#javascript:window.attacked=1",
        "#javascript:window.attacked=1//a.b.c.d/5",
        "?a=<script>window.attacked=1</script>#a.b.c.d/5",
        &format!("#{token}/<img src=x onerror=window.attacked=1>"),
        &format!("#{token}/../../v1/senders/5"),
        &format!("#{token}/6"),
        &format!("#https://evil.example/{token}/5"),
    ] {
        let browser = Browser::open(&format!("{url}/rate{address}"), Window::LAPTOP).await;
        browser.expect_text("This link is incomplete.").await;
        expect_harmless(&browser).await;
    }
    assert_eq!(rating(&stack).await, Value::Null);
}

/// An attack that the API stores as a label of a face, which has at most 30 characters.
const SHORT_ATTACK: &str = "<img src=x onerror=attacked=1>";

/// The parts with a text of the organisation.
const PARTS: [&str; 4] = [".question", ".thanks", "form label", ".chip"];

/// Asserts that each part shows the attack as text.
async fn expect_text_in(browser: &Browser, selectors: &[&str], attack: &str) {
    let script = "return arguments[0].filter((selector) =>
        ![...everything()].some((it) => it.matches(selector) && it.textContent === arguments[1]));";
    let missing = browser
        .run(script, vec![json!(selectors), json!(attack)])
        .await;
    assert_eq!(missing, json!([]));
    expect_harmless(browser).await;
}

/// Asserts that an element on a page with this script shows the attack as text.
async fn expect_text_in_the_widget(stack: &Stack, visitor: &Caller, script: &str, attack: &str) {
    let host = Host {
        script,
        ..Host::default()
    };
    let page = visitor_page(stack, visitor, host).await;
    let browser = &page.browser;
    browser.click(&format!("4 of 5, {attack}")).await;
    browser.expect_text("You can change it until").await;
    expect_text_in(browser, &PARTS, attack).await;
    let script = "return [...everything()].filter((it) => it.matches('.face .label')).map((it) => it.dataset.label);";
    let labels = browser.run(script, vec![]).await;
    assert_eq!(labels, json!([attack, attack, attack, attack, attack]));
}

/// Asserts that the rating page of `link` shows the attack as text.
async fn expect_text_on_the_rating_page(link: &str, script: &str, attack: &str) {
    let browser = Browser::open_with(link, Window::PHONE, script).await;
    browser.click("Send rating").await;
    browser.expect_text("You can change it until").await;
    expect_text_in(&browser, &PARTS, attack).await;
    expect_text_in(&browser, &[".brand-name"], attack).await;
    let title = browser.run("return document.title;", vec![]).await;
    assert_eq!(title, attack);
}

#[tokio::test]
async fn texts_of_the_settings_are_text() {
    let attack = SHORT_ATTACK;
    let settings = json!({
        "texts": { "en": {
            "question": attack,
            "faces": [attack, attack, attack, attack, attack],
            "thanks": attack,
            "comment": attack,
        } },
        "reasons": [{ "id": "constructor", "labels": { "en": attack }, "scores": [1, 2, 3, 4, 5] }],
        "brand": { "name": attack },
    });
    let (stack, visitor) = asked().await;
    store_settings(&stack, &settings).await;
    expect_text_in_the_widget(&stack, &visitor, "", attack).await;

    let (stack, links) = mail_links().await;
    store_settings(&stack, &settings).await;
    expect_text_on_the_rating_page(&links[3], "", attack).await;
}

#[tokio::test]
async fn texts_that_the_api_refuses_would_be_text_too() {
    let face = |score: u8| json!({ "score": score, "emoji": "🙂", "label": ATTACK });
    let script = unvalidated(&json!({
        "question": ATTACK,
        "faces": [face(1), face(2), face(3), face(4), face(5)],
        "thanks": ATTACK,
        "comment_label": ATTACK,
        "reasons": [{ "id": "__proto__", "label": ATTACK, "scores": [1, 2, 3, 4, 5] }],
        "brand": { "name": ATTACK },
    }));
    let (stack, visitor) = asked().await;
    expect_text_in_the_widget(&stack, &visitor, &script, ATTACK).await;

    let (_stack, links) = mail_links().await;
    expect_text_on_the_rating_page(&links[3], &script, ATTACK).await;
}
