//! User input on pages is text. It never becomes markup or script, and never changes the direction of
//! the text around it.

use serde_json::{Value, json};
use tests::{SENDER, Stack, message};

use crate::browser::{Browser, Window};
use crate::conversation::{rate, rating};
use crate::mail_page::mail_links;
use crate::organisation::{asked, link_page, visitor_page};
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

/// Settings whose every text is an attack.
fn attacking_settings() -> Value {
    json!({
        "rating_request": {
            "language": "en",
            "question": ATTACK,
            "labels": [ATTACK, ATTACK, ATTACK, ATTACK, ATTACK],
            "thanks": ATTACK,
            "comment_label": ATTACK,
            "reasons": [{ "id": "constructor", "label": ATTACK, "scores": [1, 2, 3, 4, 5] }],
        },
        "brand": { "name": ATTACK, "accent_color": "#3b2fcf;} *{background:url(https://evil.example)}" },
    })
}

/// Asserts that each part with a text of the organisation shows the attack as text.
async fn expect_text_in(browser: &Browser, selectors: &[&str]) {
    let script = "return arguments[0].filter((selector) =>
        ![...everything()].some((it) => it.matches(selector) && it.textContent === arguments[1]));";
    let missing = browser
        .run(script, vec![json!(selectors), json!(ATTACK)])
        .await;
    assert_eq!(missing, json!([]));
    expect_harmless(browser).await;
}

#[tokio::test]
async fn texts_of_the_organisation_are_text() {
    let (stack, visitor) = asked().await;
    let host = Host::default();
    let page = visitor_page(&stack, &visitor, &attacking_settings(), host).await;
    let browser = &page.browser;
    let parts = [".question", ".thanks", "form label", ".chip"];
    browser.click(&format!("4 of 5, {ATTACK}")).await;
    browser.expect_text("You can change it until").await;
    expect_text_in(browser, &parts).await;
    let script = "return [...everything()].filter((it) => it.matches('.face .label')).map((it) => it.dataset.label);";
    let labels = browser.run(script, vec![]).await;
    assert_eq!(labels, json!([ATTACK, ATTACK, ATTACK, ATTACK, ATTACK]));

    let (_stack, links) = mail_links().await;
    let browser = link_page(&links[3], Window::PHONE, &attacking_settings()).await;
    browser.click("Send rating").await;
    browser.expect_text("You can change it until").await;
    expect_text_in(&browser, &parts).await;
    expect_text_in(&browser, &[".brand-name"]).await;
    let title = browser.run("return document.title;", vec![]).await;
    assert_eq!(title, ATTACK);
}
