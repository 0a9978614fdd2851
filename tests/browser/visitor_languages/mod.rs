//! The widget and the rating page in the visitor's language.

mod labels;

use serde_json::{Value, json};
use tests::Stack;
use texts::VisitorLanguage;

use self::labels::{IDS, LABELS};
use crate::browser::{Browser, Window};
use crate::conversation::record_language;
use crate::mail_page::mail_links;
use crate::organisation::{
    asked, asked_with, link_page, reason_settings, store_settings, visitor_page,
};
use crate::page::{Host, Page, element};

const ROOT: &str = "const root = document.querySelector('afterchat-rating').shadowRoot;";

/// Settings with reasons that have a label in each of these languages.
fn settings() -> Value {
    let labels = |place: usize| {
        let labels = LABELS.map(|(language, labels)| (language.as_str(), json!(labels[place])));
        labels
            .into_iter()
            .map(|(code, label)| (code.to_owned(), label))
            .collect()
    };
    let reasons = (0..)
        .zip(IDS)
        .map(|(place, id)| (id, Value::Object(labels(place))));
    json!({ "default_language": "de", "reasons": reason_settings(reasons) })
}

/// Presses the second face, waits for the reasons, and presses two of them.
async fn rate_with_reasons(browser: &Browser, labels: &[&str; 6]) {
    let press = format!("{ROOT} root.querySelectorAll('.face')[1].click();");
    browser.run(&press, vec![]).await;
    browser.expect_text(labels[0]).await;
    let press = "for (const label of arguments[0]) control(label).click();";
    browser
        .run(press, vec![json!([labels[1], labels[4]])])
        .await;
    browser
        .until(&format!(
            "{ROOT} return root.querySelector('.card').ariaBusy === 'false';"
        ))
        .await;
}

#[tokio::test]
async fn the_widget_is_whole_at_240_px_in_the_visitors_language() {
    let css = ":root { color-scheme: light dark; } body { margin: 0; } main { width: 240px; } h1 { display: none; }";
    for (language, labels) in LABELS {
        let (stack, visitor) = asked_with(&settings()).await;
        record_language(&stack, language.as_str()).await;
        let host = Host {
            css,
            ..Host::default()
        };
        let page = visitor_page(&stack, &visitor, host).await;
        let browser = &page.browser;
        let texts::Texts { prompt, widget, .. } = language.texts();
        rate_with_reasons(browser, &labels).await;
        for text in [
            prompt.question,
            prompt.thanks,
            widget.reasons,
            prompt.comment,
        ] {
            browser.expect_text(text).await;
        }
        let what = language.as_str();
        let script = "return beyondItsBox(document.querySelector('afterchat-rating'));";
        assert_eq!(browser.run(script, vec![]).await, json!([]), "{what}");
        let script = format!(
            "{ROOT} const {{ lang, dir }} = root.querySelector('.card');
            const wide = [...root.querySelectorAll('*')].filter((it) => it.scrollWidth > it.clientWidth + 1
                && it.clientWidth > 1 && getComputedStyle(it).display !== 'inline');
            return [lang, dir, wide.map((it) => it.className)];"
        );
        let found = browser.run(&script, vec![]).await;
        let direction = language.direction().as_str();
        assert_eq!(found, json!([what, direction, []]));
        for (window, scheme) in [
            (
                Window {
                    width: 240,
                    height: 1100,
                    is_dark: false,
                },
                "light",
            ),
            (
                Window {
                    width: 240,
                    height: 1100,
                    is_dark: true,
                },
                "dark",
            ),
        ] {
            browser.set(window).await;
            browser
                .screenshot(&format!("widget-240-{what}-{scheme}"))
                .await;
        }
        browser.expect_accessible(what).await;
        assert_eq!(browser.console_messages().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_rating_page_is_in_the_visitors_language() {
    let (stack, links) = mail_links().await;
    store_settings(&stack, &settings()).await;
    for (language, _) in LABELS {
        record_language(&stack, language.as_str()).await;
        let window = Window {
            width: 320,
            ..Window::PHONE
        };
        let browser = link_page(&links[1], window).await;
        let texts = language.texts();
        browser.control(texts.link.confirm).await;
        browser.expect_text(texts.prompt.question).await;
        let script = "const inner = document.querySelector('afterchat-rating-link').shadowRoot;
            const { lang, dir } = inner.querySelector('.confirm');
            return [document.documentElement.lang, document.title, lang, dir, beyondThePage()];";
        let found = browser.run(script, vec![]).await;
        let (code, direction) = (language.as_str(), language.direction().as_str());
        let expected = json!([code, texts.prompt.question, code, direction, []]);
        assert_eq!(found, expected);
        browser.screenshot(&format!("mail-page-{code}")).await;
    }
}

/// A visitor's page with this attribute of the element, and languages of the page and the browser.
async fn page_asking(
    stack: &Stack,
    visitor: &tests::Caller,
    attributes: &str,
    page_language: &str,
    browser_languages: &[&str],
) -> Page {
    let languages = json!(browser_languages);
    let script = format!(
        "Object.defineProperty(Navigator.prototype, 'languages', {{ get: () => {languages} }});"
    );
    let html = format!(r#"lang="{page_language}""#);
    let host = Host {
        html: &html,
        css: "",
        script: &script,
    };
    let attributes = format!(r#"polling="off" {attributes}"#);
    let element = element("rating", stack, visitor, &attributes);
    Page::hosting(stack, host, &element).await
}

/// What the last read of the rating request asked for: the query string and `Accept-Language`.
async fn requested_languages(page: &Page) -> Value {
    let calls = page.calls("GET", "/rating-request").await;
    let call = calls.last().unwrap();
    json!([call["query"], call["acceptLanguage"]])
}

#[tokio::test]
async fn the_api_is_asked_for_the_elements_language_or_else_for_the_pages_and_the_browsers() {
    let (stack, visitor) = asked().await;
    for (attributes, page_language, browser_languages, expected, shown) in [
        (
            r#"lang="pt_BR""#,
            "de",
            vec!["en"],
            json!(["?language=pt-BR", null]),
            VisitorLanguage::Portuguese,
        ),
        (
            "",
            "de",
            vec!["en-GB", "de", "en"],
            json!(["", "de, en-GB;q=0.9, en;q=0.8"]),
            VisitorLanguage::German,
        ),
        (
            r#"lang="C""#,
            "x",
            vec!["iw-IL"],
            json!(["", "he-IL"]),
            VisitorLanguage::Hebrew,
        ),
    ] {
        let languages = &browser_languages;
        let page = page_asking(&stack, &visitor, attributes, page_language, languages).await;
        page.browser
            .expect_text(shown.prompt_texts().question)
            .await;
        let requested = requested_languages(&page).await;
        assert_eq!(requested, expected, "{attributes} {page_language}");
    }
}

#[tokio::test]
async fn another_language_of_the_element_is_requested_at_once() {
    let (stack, visitor) = asked().await;
    let page = page_asking(&stack, &visitor, r#"lang="en""#, "en", &["en"]).await;
    page.browser.expect_text("How was your conversation?").await;
    let script = "document.querySelector('afterchat-rating').lang = 'pl';";
    page.browser.run(script, vec![]).await;
    page.browser.expect_text("Jak oceniasz rozmowę?").await;
    assert_eq!(
        requested_languages(&page).await,
        json!(["?language=pl", null])
    );
}

#[tokio::test]
async fn dates_have_the_region_of_the_browsers_user() {
    let (stack, visitor) = asked().await;
    for (languages, expected) in [
        (vec!["de", "en-GB"], r"until \d+ \w+ \d{4}, \d\d:\d\d\."),
        (vec!["en-US"], r"until \w+ \d+, \d{4}, \d+:\d\d.[AP]M\."),
        (vec!["de"], r"until \w+ \d+, \d{4}, \d+:\d\d.[AP]M\."),
    ] {
        let page = page_asking(&stack, &visitor, "", "en", &languages).await;
        page.browser.click("4 of 5, Satisfied").await;
        page.browser.expect_text("You can change it until").await;
        let shown = "return text().match(arguments[0]) ? true : text();";
        let found = page.browser.run(shown, vec![json!(expected)]).await;
        assert_eq!(found, true, "{languages:?}");
    }
}

#[tokio::test]
async fn a_language_that_cannot_be_loaded_does_not_hide_the_question() {
    let (stack, visitor) = asked().await;
    let page = visitor_page(&stack, &visitor, Host::default()).await;
    let browser = &page.browser;
    browser.devtools("Network.enable", json!({})).await;
    let blocked = json!({ "urls": ["*/texts/ar.js"] });
    browser.devtools("Network.setBlockedURLs", blocked).await;
    record_language(&stack, "ar").await;
    page.refresh().await;
    browser.expect_text("كيف كانت محادثتك؟").await;
    let script = format!("{ROOT} root.querySelectorAll('.face')[4].click();");
    browser.run(&script, vec![]).await;
    browser.expect_text("شكرًا على تقييمك!").await;
    browser.control("Send comment").await;
    let script =
        format!("{ROOT} const {{ lang, dir }} = root.querySelector('.card'); return [lang, dir];");
    assert_eq!(browser.run(&script, vec![]).await, json!(["ar", "rtl"]));

    let none = json!({ "urls": [] });
    browser.devtools("Network.setBlockedURLs", none).await;
    page.refresh().await;
    browser.control("إرسال التعليق").await;
}

#[tokio::test]
async fn texts_of_the_page_replace_those_of_the_organisation() {
    let settings = json!({
        "texts": { "en": {
            "question": "Own question?",
            "faces": ["One", "Two", "Three", "Four", "Very satisfied"],
            "thanks": "Own thanks!",
            "comment": "Own comment?",
        } },
        "reasons": [{ "id": "a", "labels": { "en": "A reason" }, "scores": [1, 2, 3, 4, 5] }],
    });
    let (stack, visitor) = asked_with(&settings).await;
    let page = visitor_page(&stack, &visitor, Host::default()).await;
    let browser = &page.browser;
    browser.expect_text("Own question?").await;
    browser.control("5 of 5, Very satisfied").await;
    let script = format!("{ROOT} return root.querySelectorAll('.face .label')[4].dataset.label;");
    let label = browser.run(&script, vec![]).await;
    assert_eq!(label, "Very satis\u{AD}fied");
    browser.click("4 of 5, Four").await;
    browser.expect_text("Own thanks!").await;
    browser.expect_text("Own comment?").await;
    let script = "document.querySelector('afterchat-rating').texts = arguments[0];";
    let replaced = json!({
        "question": "Page question?", "questionAbout": "Page about {agent}?", "thanks": "Page thanks!",
        "comment": "Page comment?", "reasons": "Page reasons?",
        "faces": ["p1", "p2", "p3", "p4", "p5"],
    });
    browser.run(script, vec![replaced]).await;
    for text in [
        "Page question?",
        "Page thanks!",
        "Page comment?",
        "Page reasons?",
    ] {
        browser.expect_text(text).await;
    }
    browser.control("4 of 5, p4").await;
    assert!(!browser.text().await.contains("Own "));
}
