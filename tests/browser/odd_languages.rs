//! Language tags, time zones and days that `Intl` refuses, from the page, the browser and the API.

use serde_json::json;
use tests::{Caller, Stack, message};

use crate::conversation::rate;
use crate::page::{Host, Page, elements};

const ODD: [&str; 16] = [
    "en_US",
    "en-US@posix",
    "en_US.UTF-8",
    "de_DE.UTF-8@euro",
    "pt-BR-BR",
    "",
    " ",
    "C",
    "x",
    "POSIX",
    "*",
    "en-",
    "-en",
    "en-US-u-ca",
    "日本語",
    "constructor",
];

fn odd() -> Vec<String> {
    let long = [
        format!("en-{}", "a".repeat(1_000)),
        "a-".repeat(500),
        "x".repeat(1_000),
    ];
    ODD.iter().map(ToString::to_string).chain(long).collect()
}

/// Asserts that everything is shown, with one language of the page and another of the browser.
async fn expect_shown(
    (stack, visitor): &(Stack, Caller),
    tag: &str,
    page_language: &str,
    browser_language: &str,
) {
    let agent = stack.agent("kim").await;
    let names = ["rating", "actions", "thread", "report", "settings"];
    let body = elements(stack, visitor, &agent, &names);
    let browser_language = json!(browser_language);
    let script = format!(
        "for (const [name, value] of [['languages', [{browser_language}]], ['language', {browser_language}]])
            Object.defineProperty(Navigator.prototype, name, {{ get: () => value }});"
    );
    let html = format!(r#"lang="{page_language}""#);
    let host = Host {
        html: &html,
        script: &script,
        css: "",
    };
    let page = Page::hosting(stack, host, &body).await;
    let browser = &page.browser;
    let texts = match page_language.get(..2) {
        Some("de") => [
            "um eine Bewertung gebeten",
            "in dieser Stunde",
            "1 Bewertung",
            "Tage in UTC",
        ],
        Some("pt") => [
            "pediu uma avaliação",
            "nesta hora",
            "1 avaliação",
            "dias em UTC",
        ],
        _ => [
            "asked for a rating",
            "left this hour",
            "1 rating",
            "days in UTC",
        ],
    };
    for text in texts {
        browser.expect_text(text).await;
    }
    browser.until("return document.querySelector('afterchat-settings').shadowRoot.querySelector('.brand input').checkVisibility();").await;
    let complaints = browser.console_messages().await;
    assert!(complaints.is_empty(), "{tag:?}: {complaints:?}");
    let thanked = browser
        .run(
            "return document.querySelector('afterchat-rating').shadowRoot.querySelector('.after').hidden;",
            vec![],
        )
        .await;
    assert_eq!(thanked, false, "{tag:?}");
}

/// A stack with a rating, and the visitor who gave it.
async fn rated() -> (Stack, Caller) {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    rate(&stack, &agent, &visitor, json!({ "score": 5 })).await;
    (stack, visitor)
}

#[tokio::test]
async fn an_invalid_language_of_the_page_hides_nothing() {
    let rated = rated().await;
    for tag in odd() {
        expect_shown(&rated, &tag, &tag, "en").await;
    }
}

#[tokio::test]
async fn an_invalid_language_of_the_browser_hides_nothing() {
    let rated = rated().await;
    for tag in odd() {
        expect_shown(&rated, &tag, "pl", &tag).await;
    }
}

#[tokio::test]
async fn the_valid_part_of_a_language_tag_is_used() {
    let (stack, _) = rated().await;
    let page = Page::of_report(&stack, &stack.agent("kim").await, "").await;
    let browser = &page.browser;
    browser.expect_text("of 1 rating").await;
    let script = format!(
        "const done = arguments[arguments.length - 1];
        return import('{}/v1/assets/any/common/locale.js').then(({{ languageTag }}) =>
            arguments[0].map((tag) => languageTag(tag)));",
        stack.url()
    );
    let tags = [
        ("en_US", json!("en-US")),
        ("en_US.UTF-8", json!("en-US")),
        ("de_DE@euro", json!("de-DE")),
        ("pt-BR-BR", json!("pt-BR")),
        ("zh_hans_cn", json!("zh-Hans-CN")),
        ("iw", json!("he")),
        ("EN", json!("en")),
        ("C", json!(null)),
        ("C.UTF-8", json!(null)),
        ("x", json!(null)),
        ("", json!(null)),
        ("*", json!(null)),
        ("日本語", json!(null)),
    ];
    let asked: Vec<_> = tags.iter().map(|(tag, _)| *tag).collect();
    let found = browser.run(&script, vec![json!(asked)]).await;
    let expected: Vec<_> = tags.into_iter().map(|(_, expected)| expected).collect();
    assert_eq!(found, json!(expected));
    let found = browser
        .run(&script, vec![json!([null, 7, {}, ["en"]])])
        .await;
    assert_eq!(found, json!([null, null, null, null]));
}

#[tokio::test]
async fn the_valid_part_of_the_visitors_or_the_elements_language_is_used() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    let visitor = stack.conversation("c1").await;
    let language = json!({ "visitor": { "language": "pt-BR-BR" } });
    platform
        .put("/v1/conversations/c1", language)
        .await
        .expect(200);
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    visitor
        .rate(&request, json!({ "score": 5 }))
        .await
        .expect(201);
    for (attributes, thanks) in [
        ("", "Obrigado pela sua avaliação!"),
        (r#"lang="de_AT.UTF-8""#, "Vielen Dank für die Bewertung!"),
        (r#"lang="C""#, "Obrigado pela sua avaliação!"),
    ] {
        let page = Page::of_visitor(&stack, &visitor, attributes).await;
        page.browser.expect_text(thanks).await;
        assert_eq!(
            page.browser.console_messages().await,
            Vec::<String>::new(),
            "{attributes}"
        );
    }
}

#[tokio::test]
async fn an_invalid_time_zone_span_or_clock_of_the_report_is_ignored() {
    let (stack, _) = rated().await;
    let agent = stack.agent("kim").await;
    for attributes in [
        r#"time-zone="Nowhere/City""#,
        r#"time-zone="""#,
        r#"from="yesterday""#,
        r#"to="2026-13-45""#,
        r#"from="" to="""#,
        r#"group="decade""#,
    ] {
        let page = Page::of_report(&stack, &agent, attributes).await;
        page.browser.expect_text("of 1 rating").await;
        assert_eq!(
            page.browser.console_messages().await,
            Vec::<String>::new(),
            "{attributes}"
        );
        let script = "document.querySelector('afterchat-report').clock = () => NaN;";
        page.browser.run(script, vec![]).await;
        page.browser.click("7 days").await;
        page.browser.expect_text("of 1 rating").await;
    }
}

/// Replaces values in responses with invalid ones, as an API of another version or a proxy may send.
const INVALID_RESPONSES: &str = r#"const send = window.fetch;
        window.reads = 0;
        window.fetch = async (...request) => {
            const response = await send(...request);
            const answer = await response.json();
            if (answer.thread) {
                window.reads += 1;
                answer.actions.send_transcript.resets_at = "soon";
                answer.actions.ask_rating.available_at = "never";
                answer.rating.sentiment = "constructor";
                answer.conversation.channel = "constructor";
                answer.transcripts = [{ id: "t1", to: "ana@example.org", state: "constructor", sent_at: "" }];
                for (const entry of answer.thread.entries) {
                    entry.at = "a while ago";
                    if (entry.author) entry.author = { kind: "toString" };
                    for (const attachment of entry.attachments ?? []) attachment.bytes = "many";
                    if (entry.event) entry.event.type = "hasOwnProperty";
                }
            }
            return Response.json(answer, { status: response.status });
        };"#;

#[tokio::test]
async fn invalid_times_numbers_and_names_hide_nothing() {
    let (stack, visitor) = rated().await;
    let platform = stack.platform().await;
    let mut odd = message("m2", "2026-01-05T09:01:00Z", "Still here");
    odd["attachments"] =
        json!([{ "name": "a.pdf", "url": "https://files.example.com/a", "bytes": 1_000 }]);
    let path = "/v1/conversations/c1/messages";
    platform
        .post(path, json!({ "messages": [odd] }))
        .await
        .expect(200);
    let agent = stack.agent("kim").await;
    let body = elements(&stack, &visitor, &agent, &["actions", "thread"]);
    let host = Host {
        script: INVALID_RESPONSES,
        ..Host::default()
    };
    let page = Page::hosting(&stack, host, &body).await;
    let browser = &page.browser;
    for text in [
        "Still here",
        "a while ago",
        "constructor",
        "toString",
        "hasOwnProperty",
        "a.pdf",
        "5 of 5 left",
    ] {
        browser.expect_text(text).await;
    }
    assert_eq!(browser.console_messages().await, Vec::<String>::new());
    // An invalid time must not cause a read in each second.
    let reads = async || {
        browser
            .run("return window.reads;", vec![])
            .await
            .as_u64()
            .unwrap()
    };
    let before = reads().await;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    let growth = reads().await - before;
    assert!(growth <= 2, "{growth}");
}
