//! What the rules of the settings did, in the thread of the sidebar.

use serde_json::{Value, json};
use tests::{Caller, SENDER, Stack};

use crate::browser::Window;
use crate::page::{Host, Page, elements};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// A schedule fires at a whole second.
const SECOND: u64 = 1;

/// What the thread shows after [`two_rounds`], in two languages.
const SHOWN: [(&str, [&str; 5]); 2] = [
    (
        "en",
        [
            "A rating was requested automatically, on behalf of Jo",
            "The transcript could not be sent automatically and will not be retried",
            "The rating request expired without an answer",
            "A rating was requested automatically, on behalf of Acme",
            "The transcript was sent to ana@example.org automatically",
        ],
    ),
    (
        "ar",
        [
            "طُلب تقييم تلقائيًا بالنيابة عن Jo",
            "تعذّر إرسال نص المحادثة تلقائيًا، ولن تُعاد المحاولة",
            "انتهت صلاحية طلب التقييم دون إجابة",
            "طُلب تقييم تلقائيًا بالنيابة عن Acme",
            "أُرسل نص المحادثة تلقائيًا إلى ana@example.org",
        ],
    ),
];

/// What the thread shows of [`added_events`], in two languages.
const SHOWN_ADDED: [(&str, [&str; 5]); 2] = [
    (
        "en",
        [
            "A rating was requested automatically",
            "An agent asked for a rating",
            "The e-mail that asks for a rating could not be sent and will not be retried",
            "mail_given_up",
            "weather_changed",
        ],
    ),
    (
        "ar",
        [
            "طُلب تقييم تلقائيًا",
            "طلب أحد الوكلاء تقييمًا",
            "تعذّر إرسال الرسالة التي تطلب التقييم، ولن تُعاد المحاولة",
            "mail_given_up",
            "weather_changed",
        ],
    ),
];

/// Events without a name, of a mail and of a type that the page does not know.
fn added_events() -> Value {
    json!([
        { "type": "rating_requested", "by": "rule", "agent": { "id": "automatic" } },
        { "type": "rating_requested", "by": "agent", "agent": { "id": "jo" } },
        { "type": "mail_given_up", "mail": "rating_request" },
        { "type": "mail_given_up", "mail": "parcel" },
        { "type": "weather_changed" },
    ])
}

/// A page with the sidebar in this language.
async fn sidebar(stack: &Stack, visitor: &Caller, language: &str, script: &str) -> Page {
    let html = format!(r#"lang="{language}""#);
    let host = Host {
        html: &html,
        script,
        ..Host::default()
    };
    let agent = stack.agent("kim").await;
    let body = elements(stack, visitor, &agent, &["actions", "thread"]);
    Page::hosting(stack, host, &body).await
}

async fn record(stack: &Stack, change: Value) {
    let platform = stack.platform().await;
    platform
        .put("/v1/conversations/c1", change)
        .await
        .expect(200);
    stack.settle().await;
}

async fn advance(stack: &Stack, seconds: u64) {
    stack.advance(seconds).await;
    stack.settle().await;
}

/// A conversation that was resolved twice: by an assignee, when SES refused the transcript and the visitor
/// did not answer, and without an assignee.
async fn two_rounds() -> (Stack, Caller) {
    let stack = Stack::start().await;
    stack.stop_clock();
    stack.verified_sender().await;
    let settings = json!({
        "brand": { "name": "Acme" },
        "asking": {
            "on_resolve": { "enabled": true, "after_minutes": 15 },
            "expires_after_days": 7,
        },
        "transcripts": {
            "from": SENDER,
            "on_resolve": { "enabled": true, "after_minutes": 60 },
        },
    });
    let agent = stack.agent("kim").await;
    agent.put("/v1/settings", settings).await.expect(200);
    let visitor = stack.conversation("c1").await;
    let assignee = json!({ "id": "jo", "name": "Jo" });
    let resolved = json!({ "status": "resolved", "assignee": assignee });
    record(&stack, resolved).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    stack.next_sends(&["reject"]).await;
    advance(&stack, HOUR).await;
    advance(&stack, 7 * DAY).await;

    record(&stack, json!({ "status": "open", "assignee": null })).await;
    record(&stack, json!({ "status": "resolved" })).await;
    advance(&stack, 15 * MINUTE + SECOND).await;
    advance(&stack, HOUR).await;
    (stack, visitor)
}

#[tokio::test]
async fn the_thread_says_what_rules_did_in_english_and_in_arabic() {
    let (stack, visitor) = two_rounds().await;
    for (language, texts) in SHOWN {
        let page = sidebar(&stack, &visitor, language, "").await;
        let browser = &page.browser;
        for text in texts {
            browser.expect_text(text).await;
        }
        browser.set(Window::PHONE).await;
        let found = browser.run("return beyondThePage();", vec![]).await;
        assert_eq!(found, json!([]), "{language}");
        browser
            .expect_accessible(&format!("rules-{language}"))
            .await;
        browser.screenshot(&format!("rules-{language}")).await;
        let complaints = browser.console_messages().await;
        assert_eq!(complaints, Vec::<String>::new(), "{language}");
    }
}

#[tokio::test]
async fn events_without_a_name_and_unknown_events_are_shown() {
    let stack = Stack::start().await;
    let visitor = stack.conversation("c1").await;
    let script = format!(
        "window.addedEvents = {};\n{}",
        added_events(),
        include_str!("added-events.js")
    );
    for (language, texts) in SHOWN_ADDED {
        let page = sidebar(&stack, &visitor, language, &script).await;
        for text in texts {
            page.browser.expect_text(text).await;
        }
        let shown = page.browser.text().await;
        for wrong in ["on behalf of", "بالنيابة عن"] {
            assert!(!shown.contains(wrong), "{shown}");
        }
        let complaints = page.browser.console_messages().await;
        assert_eq!(complaints, Vec::<String>::new(), "{language}");
    }
}
