//! The effects of the host page's styles on the elements.

use serde_json::{Value, json};
use tests::{Caller, Stack};
use texts::VisitorLanguage;

use crate::browser::{Browser, Window};
use crate::conversation::record_language;
use crate::page::{Host, Page, element, elements};

const RATING: &str = "const root = document.querySelector('afterchat-rating').shadowRoot;";

/// The least width and height of a control in pixels, with a tolerance for rounding.
const TARGET: f64 = 43.9;

/// Makes the browser read style sheets as one that does not support `light-dark()`.
const WITHOUT_LIGHT_DARK: &str = "const read = CSSStyleSheet.prototype.replaceSync;
    CSSStyleSheet.prototype.replaceSync = function (css) {
        return read.call(this, css.replaceAll('light-dark(', 'unknown('));
    };";

/// A visitor who has rated, so that every part of the question is shown.
async fn rated(stack: &Stack, language: &str) -> Caller {
    let visitor = stack.conversation("c1").await;
    record_language(stack, language).await;
    let request = stack.agent("kim").await.ask_for_id("c1").await;
    visitor
        .rate(&request, json!({ "score": 4 }))
        .await
        .expect(201);
    visitor
}

async fn hosted(stack: &Stack, visitor: &Caller, host: Host<'_>, style: &str) -> Browser {
    let element = element("rating", stack, visitor, "");
    let body = format!(r#"<div style="{style}">{element}</div>"#);
    let browser = Page::hosting(stack, host, &body).await.browser;
    let script = format!("{RATING} return !root.querySelector('.after').hidden;");
    for _ in 0..200 {
        if browser.run(&script, vec![]).await == true {
            return browser;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the rating is not shown:\n{}", browser.text().await);
}

async fn size_of(browser: &Browser, selector: &str) -> f64 {
    let script = format!(
        "{RATING} return parseFloat(getComputedStyle(root.querySelector(arguments[0])).fontSize);"
    );
    let size = browser.run(&script, vec![json!(selector)]).await;
    size.as_f64().unwrap()
}

#[tokio::test]
async fn the_users_text_size_applies_and_the_pages_root_size_does_not() {
    let stack = Stack::start().await;
    let visitor = rated(&stack, "en").await;
    for css in [
        "",
        "html { font-size: 62.5%; }",
        "html { font-size: 10px; } body { font-size: 1.6rem; }",
        "html { font-size: 24px; }",
        "html, body { font-size: 200%; }",
    ] {
        let host = Host {
            css,
            ..Host::default()
        };
        let browser = hosted(&stack, &visitor, host, "width: 340px").await;
        assert_eq!(size_of(&browser, ".thanks").await, 15.0, "{css}");
        assert_eq!(size_of(&browser, ".face .label").await, 11.0, "{css}");
        assert_eq!(size_of(&browser, "textarea").await, 16.0, "{css}");
    }
    let css = "afterchat-rating { font-size: 32px; }";
    let host = Host {
        css,
        ..Host::default()
    };
    let browser = hosted(&stack, &visitor, host, "").await;
    assert_eq!(size_of(&browser, ".thanks").await, 30.0);
}

#[tokio::test]
async fn every_field_has_text_of_16_px() {
    let stack = Stack::start().await;
    stack.verified_sender().await;
    let visitor = rated(&stack, "en").await;
    let agent = stack.agent("kim").await;
    let names = ["rating", "actions", "report", "settings"];
    let body = elements(&stack, &visitor, &agent, &names);
    let css = "html { font-size: 50%; } * { font-size: 9px; }";
    let host = Host {
        css,
        ..Host::default()
    };
    let browser = Page::hosting(&stack, host, &body).await.browser;
    browser.click("Send transcript").await;
    browser.control("To email").await;
    browser.control("Reply address").await;
    let script = "return [...everything()].filter((it) => it.matches('input:not([type=checkbox]), select, textarea'))
        .map((it) => [it.id || it.type, parseFloat(getComputedStyle(it).fontSize)]);";
    let fields = browser.run(script, vec![]).await;
    let fields = fields.as_array().unwrap();
    assert!(fields.len() >= 20, "{fields:?}");
    for field in fields {
        assert!(field[1].as_f64().unwrap() >= 16.0, "{field}");
    }
}

#[tokio::test]
async fn the_faces_fit_a_narrow_box_in_every_language_and_at_double_text_size() {
    let stack = Stack::start().await;
    let visitor = rated(&stack, "en").await;
    for language in VisitorLanguage::ALL {
        let language = language.as_str();
        record_language(&stack, language).await;
        let browser = hosted(&stack, &visitor, Host::default(), "").await;
        for (box_width, size) in [(240, 16), (240, 32), (300, 16), (320, 32), (360, 32)] {
            let script = "const element = document.querySelector('afterchat-rating');
                element.style.fontSize = `${arguments[1]}px`;
                element.parentElement.style.width = `${arguments[0]}px`;";
            browser
                .run(script, vec![json!(box_width), json!(size)])
                .await;
            let what = format!("{language}, {box_width} px, text of {size} px");
            expect_faces_in_their_box(&browser, &what).await;
        }
    }
}

async fn expect_faces_in_their_box(browser: &Browser, what: &str) {
    let script = "return beyondItsBox(document.querySelector('afterchat-rating'));";
    assert_eq!(browser.run(script, vec![]).await, json!([]), "{what}");
    let script = format!(
        "{RATING} return [...root.querySelectorAll('.face')].map((face) => [
            face.getBoundingClientRect().width, face.getBoundingClientRect().height,
            face.scrollWidth - face.clientWidth,
            face.querySelector('.label').scrollWidth - face.querySelector('.label').clientWidth,
        ]);"
    );
    let faces = browser.run(&script, vec![]).await;
    for face in faces.as_array().unwrap() {
        assert!(face[0].as_f64().unwrap() >= TARGET, "{what}: {face}");
        assert!(face[1].as_f64().unwrap() >= TARGET, "{what}: {face}");
        assert_eq!(face[2], 0, "{what}: {face}");
        assert!(face[3].as_f64().unwrap() <= 0.0, "{what}: {face}");
    }
}

#[tokio::test]
async fn a_box_as_wide_as_its_content_has_room_for_the_faces() {
    let stack = Stack::start().await;
    let visitor = rated(&stack, "en").await;
    for style in [
        "float: left",
        "display: flex",
        "position: fixed; right: 0; bottom: 0",
        "display: inline-block",
    ] {
        let browser = hosted(&stack, &visitor, Host::default(), style).await;
        let script =
            "return document.querySelector('afterchat-rating').getBoundingClientRect().width;";
        let width = browser.run(script, vec![]).await.as_f64().unwrap();
        assert!(width >= 300.0, "{style}: {width}");
    }
}

/// The computed colours of the card, its text and the border of its field.
async fn colours(browser: &Browser) -> Vec<String> {
    let script = format!(
        "{RATING} const style = (selector) => getComputedStyle(root.querySelector(selector));
        const field = style('textarea');
        return [style('.card').backgroundColor, style('.question').color, field.borderTopColor, field.borderTopStyle];"
    );
    serde_json::from_value(browser.run(&script, vec![]).await).unwrap()
}

const LIGHT: [&str; 4] = [
    "rgb(255, 255, 255)",
    "rgb(24, 26, 38)",
    "rgb(134, 139, 160)",
    "solid",
];
const DARK: [&str; 4] = [
    "rgb(27, 29, 39)",
    "rgb(236, 238, 246)",
    "rgb(117, 123, 147)",
    "solid",
];

#[tokio::test]
async fn colours_follow_the_pages_scheme_with_light_dark_and_without() {
    let stack = Stack::start().await;
    let visitor = rated(&stack, "en").await;
    for script in ["", WITHOUT_LIGHT_DARK] {
        for (css, in_the_light, in_the_dark) in [
            ("", LIGHT, LIGHT),
            (":root { color-scheme: light; }", LIGHT, LIGHT),
            (":root { color-scheme: dark; }", DARK, DARK),
            (":root { color-scheme: light dark; }", LIGHT, DARK),
            (
                ":root { color-scheme: dark; } div { color-scheme: light; }",
                LIGHT,
                LIGHT,
            ),
        ] {
            let host = Host {
                css,
                script,
                html: "",
            };
            let browser = hosted(&stack, &visitor, host, "width: 340px").await;
            assert_eq!(colours(&browser).await, in_the_light, "{css} {script}");
            browser.set(Window::LAPTOP.in_the_dark()).await;
            assert_eq!(colours(&browser).await, in_the_dark, "{css} {script}");
        }
    }
}

#[tokio::test]
async fn the_page_can_set_the_colours_without_light_dark_too() {
    let stack = Stack::start().await;
    let visitor = rated(&stack, "en").await;
    let css = "afterchat-rating { --afterchat-surface: rgb(1, 2, 3); }";
    let host = Host {
        css,
        script: WITHOUT_LIGHT_DARK,
        html: "",
    };
    let browser = hosted(&stack, &visitor, host, "").await;
    assert_eq!(colours(&browser).await[0], "rgb(1, 2, 3)");
}

#[tokio::test]
async fn positioned_parts_stay_in_the_element() {
    let stack = Stack::start().await;
    let visitor = rated(&stack, "en").await;
    let agent = stack.agent("kim").await;
    stack.deliver_stream().await;
    let names = ["rating", "report", "settings"];
    let body = elements(&stack, &visitor, &agent, &names);
    for css in [
        "",
        "* { position: static !important; }",
        "body > * { position: absolute; }",
    ] {
        let host = Host {
            css,
            ..Host::default()
        };
        let browser = Page::hosting(&stack, host, &body).await.browser;
        browser.expect_text("of 1 rating").await;
        browser.control("Save").await;
        let script = "const positioned = (it) => ['absolute', 'fixed'].includes(getComputedStyle(it).position);
            const inside = [...everything()].filter((it) => it.getRootNode() !== document && it.checkVisibility());
            return inside.filter(positioned).map((it) => [it.className, it.offsetParent?.getRootNode() === it.getRootNode()]);";
        let positioned = browser.run(script, vec![]).await;
        let positioned = positioned.as_array().unwrap();
        assert!(positioned.len() >= 3, "{css}: {positioned:?}");
        for place in positioned {
            assert_eq!(place[1], Value::Bool(true), "{css}: {place}");
        }
    }
}
