//! Right-to-left names in left-to-right sentences.

use serde_json::{Value, json};
use tests::{SENDER, Stack, message, transcript_with_faces};

use crate::browser::Browser;
use crate::conversation::rate;
use crate::page::{Host, Page, elements};

/// A name in Arabic, one that starts with a digit, one that would close an isolate, one that would open one.
const NAMES: [&str; 4] = [
    "ميسرة أحمد",
    "٣ نجوم",
    "\u{2069}\u{2069}ميسرة",
    "ميسرة \u{202e}\u{2067}",
];

/// The words of a sentence in their visual order from left to right. `text` is a part of the sentence.
async fn visual_order(browser: &Browser, text: &str, words: &[&str]) -> Vec<String> {
    browser.expect_text(text).await;
    let script = r#"
        const [part, words] = arguments;
        const holders = [...everything()].filter((it) => it.textContent.includes(part) && it.checkVisibility()
            && getComputedStyle(it).position !== "absolute");
        const holder = holders.at(-1);
        const nodes = [];
        const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) nodes.push(walker.currentNode);
        const places = words.map((word) => {
            const node = nodes.find((it) => it.data.includes(word));
            const range = document.createRange();
            range.setStart(node, node.data.indexOf(word));
            range.setEnd(node, node.data.indexOf(word) + word.length);
            const { left, top } = range.getBoundingClientRect();
            return [word, Math.round(top / 8), left];
        });
        return places.toSorted((one, other) => one[1] - other[1] || one[2] - other[2]).map(([word]) => word);"#;
    let found = browser.run(script, vec![json!(text), json!(words)]).await;
    serde_json::from_value(found).unwrap()
}

async fn expect_order(browser: &Browser, text: &str, words: &[&str]) {
    assert_eq!(visual_order(browser, text, words).await, words, "{text}");
}

#[tokio::test]
async fn sentences_keep_the_order_of_their_words_around_a_name_in_arabic() {
    for name in NAMES {
        let word = if name.contains('٣') {
            "نجوم"
        } else {
            "ميسرة"
        };
        let stack = Stack::start().await;
        stack.verified_sender().await;
        let visitor = stack.conversation("c1").await;
        let claims = json!({ "sub": "kim", "name": name });
        let agent = stack.with_claims(claims).await;
        let sending = json!({ "from": SENDER, "sender_name": "Acme" });
        agent.send_transcript_as("c1", sending).await.expect(201);
        rate(&stack, &agent, &visitor, json!({ "score": 4 })).await;
        let names = ["actions", "thread", "rating", "report"];
        let body = elements(&stack, &visitor, &agent, &names);
        for html in ["", r#"dir="rtl""#] {
            let host = Host {
                html,
                ..Host::default()
            };
            let page = Page::hosting(&stack, host, &body).await;
            let browser = &page.browser;
            expect_order(browser, "asked for a rating ·", &[word, "asked", "rating"]).await;
            let words = [word, "sent the", "transcript to", "ana@example.org"];
            expect_order(browser, "sent the transcript", &words).await;
            let words = ["How was", "with", word, "?"];
            expect_order(browser, "How was your conversation with", &words).await;
            expect_order(browser, "left this hour", &["4", "of", "left"]).await;
            browser
                .run("control(arguments[0]).click();", vec![json!(name)])
                .await;
            expect_order(browser, "asked by", &["asked by", word, "Chat widget"]).await;
        }
    }
}

#[tokio::test]
async fn the_english_report_keeps_the_order_of_words_around_hebrew() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    rate(&stack, &agent, &visitor, json!({ "score": 4 })).await;
    let body = elements(&stack, &visitor, &agent, &["report"]);
    let host = Host {
        html: r#"lang="he-IL" dir="rtl""#,
        ..Host::default()
    };
    let page = Page::hosting(&stack, host, &body).await;
    let browser = &page.browser;
    browser.expect_text("request answered").await;
    expect_order(browser, "request answered", &["of", "request answered"]).await;
    expect_order(
        browser,
        "compared with",
        &["days in", "UTC", "compared with"],
    )
    .await;
}

#[tokio::test]
async fn an_address_is_not_changed_by_its_direction() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    rate(&stack, &agent, &visitor, json!({ "score": 4 })).await;
    let attributes = r#"conversation-link="https://inbox.example/محادثة/{conversation_id}""#;
    let page = Page::of_report(&stack, &agent, attributes).await;
    page.browser.click("kim").await;
    page.browser.expect_text("1 rating shown").await;
    let script = "return [...everything()].find((it) => it.matches('a.open')).href;";
    let link = page.browser.run(script, vec![]).await;
    let encoded = "%D9%85%D8%AD%D8%A7%D8%AF%D8%AB%D8%A9";
    assert_eq!(link, format!("https://inbox.example/{encoded}/c1"));
}

#[tokio::test]
async fn transcripts_and_their_mails_keep_the_order_of_words() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let mut message = message("m2", "2026-01-05T09:01:00Z", "Here it is");
    message["attachments"] =
        json!([{ "name": "ملف 1.pdf", "url": "https://files.example.com/a", "bytes": 12_000 }]);
    let messages = json!({ "messages": [message] });
    platform
        .post("/v1/conversations/c1/messages", messages)
        .await
        .expect(200);
    let agent = stack.agent("kim").await;
    agent
        .send_transcript_as("c1", transcript_with_faces())
        .await
        .expect(201);
    let page = Page::of_agent(&stack, &agent, "c1").await;
    expect_order(&page.browser, "1.pdf, 12 kB", &["ملف", "12", "kB"]).await;
    assert_eq!(page.browser.console_messages().await, Vec::<String>::new());
    assert_ne!(agent.conversation("c1").await["transcripts"], Value::Null);
}
