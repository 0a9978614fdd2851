//! The brand of the organisation in the widget and on the rating page.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use settings::AccentColor;
use tests::{Caller, Stack};

use crate::browser::{Browser, Window};
use crate::conversation::rating;
use crate::mail_page::{mail_links, reload};
use crate::organisation::{
    REASONS, asked, asked_with, link_page, offering, store_settings, unvalidated, visitor_page,
};
use crate::page::Host;

/// The surfaces on light and on dark pages.
const SURFACES: [&str; 2] = ["#ffffff", "#1b1d27"];

/// The accent colour without settings, on light pages.
const BUILT_IN: &str = "#4338ca";

const SEND: &str = "Send rating";

/// Settings with this brand and with reasons.
fn settings(brand: Value) -> Value {
    let mut settings = offering(&REASONS);
    settings["brand"] = brand;
    settings
}

fn color(text: &str) -> AccentColor {
    AccentColor::parse(text).unwrap()
}

/// The colours of an element's properties, as `#` and six digits.
async fn colors(browser: &Browser, host: &str, selector: &str) -> [AccentColor; 2] {
    let script = "const { backgroundColor, color } = getComputedStyle(
            document.querySelector(arguments[0]).shadowRoot.querySelector(arguments[1]));
        return [backgroundColor, color].map((text) => '#' + text.match(/\\d+/g).slice(0, 3)
            .map((channel) => Number(channel).toString(16).padStart(2, '0')).join(''));";
    let found = browser.run(script, vec![json!(host), json!(selector)]);
    let found: [String; 2] = serde_json::from_value(found.await).unwrap();
    found.map(|text| color(&text))
}

#[tokio::test]
async fn accent_colours_are_those_of_the_functions() {
    let (stack, visitor) = asked().await;
    let page = visitor_page(&stack, &visitor, Host::default()).await;
    let mut random = fastrand::Rng::with_seed(1);
    let fixed = [
        "#000000", "#ffffff", "#767676", "#ffcc00", "#00ff00", "#0000ff",
    ];
    let colors: Vec<_> = (0..3_000)
        .map(|_| format!("#{:06x}", random.u32(..1 << 24)))
        .chain(fixed.map(str::to_owned))
        .collect();
    let script = format!(
        "return import('{}/v1/assets/any/common/accent.js').then(({{ accentColours }}) =>
            arguments[0].map((color) => Object.values(accentColours(color)).flat()));",
        stack.url()
    );
    let found = page.browser.run(&script, vec![json!(colors)]).await;
    for (text, found) in colors.iter().zip(found.as_array().unwrap()) {
        let accents = SURFACES.map(|surface| color(text).readable_on(color(surface)));
        let on_accents = accents.map(AccentColor::text_color);
        let expected: Vec<_> = accents.iter().chain(&on_accents).collect();
        assert_eq!(found, &json!(expected), "{text}");
    }
}

#[tokio::test]
async fn the_accent_colour_is_readable_on_light_and_dark_pages_with_a_strict_policy() {
    let (stack, visitor) = asked().await;
    let policy = "const policy = document.createElement('meta');
        policy.httpEquiv = 'Content-Security-Policy';
        policy.content = \"style-src 'none'\";
        document.head.append(policy);";
    for accent in ["#ffcc00", "#3b2fcf", "#808080", "#ffffff", "#000000"] {
        store_settings(&stack, &settings(json!({ "accent_color": accent }))).await;
        let host = Host {
            html: r#"style="color-scheme: light dark""#,
            script: policy,
            css: "",
        };
        let page = visitor_page(&stack, &visitor, host).await;
        let browser = &page.browser;
        browser
            .run(
                "document.documentElement.style.colorScheme = 'light dark';",
                vec![],
            )
            .await;
        browser.click("2 of 5, Dissatisfied").await;
        browser.control("Send comment").await;
        for (window, surface) in [
            (Window::LAPTOP, SURFACES[0]),
            (Window::LAPTOP.in_the_dark(), SURFACES[1]),
        ] {
            browser.set(window).await;
            let [background, text] = colors(browser, "afterchat-rating", ".button.main").await;
            assert_eq!(
                background,
                color(accent).readable_on(color(surface)),
                "{accent}"
            );
            assert!(background.contrast(text) >= 4.5, "{accent}");
            assert!(background.contrast(color(surface)) >= 4.5, "{accent}");
            browser.expect_accessible(accent).await;
        }
    }
}

/// The colours of the main button after a visitor has rated.
async fn button_colors(stack: &Stack, visitor: &Caller, host: Host<'_>) -> [AccentColor; 2] {
    let page = visitor_page(stack, visitor, host).await;
    page.browser.click("4 of 5, Satisfied").await;
    page.browser.control("Send comment").await;
    colors(&page.browser, "afterchat-rating", ".button.main").await
}

#[tokio::test]
async fn the_pages_accent_colour_wins() {
    let (stack, visitor) = asked_with(&settings(json!({ "accent_color": "#ffcc00" }))).await;
    let of_settings = button_colors(&stack, &visitor, Host::default()).await;
    assert_ne!(of_settings[0], color(BUILT_IN));
    let host = Host {
        css: "afterchat-rating { --afterchat-accent: #123456; }",
        ..Host::default()
    };
    let found = button_colors(&stack, &visitor, host).await;
    assert_eq!(found, [color("#123456"), AccentColor::WHITE]);
}

#[tokio::test]
async fn an_invalid_accent_colour_is_ignored() {
    let (stack, visitor) = asked_with(&settings(json!({ "accent_color": "#ffcc00" }))).await;
    for accent in [
        "red",
        "#fff",
        "#3b2fcf; } * { display: none",
        "#3b2fcf;} *{background:url(https://evil.example)}",
        "url(https://evil.example)",
    ] {
        let script = unvalidated(&json!({ "brand": { "accent_color": accent } }));
        let host = Host {
            script: &script,
            ..Host::default()
        };
        let found = button_colors(&stack, &visitor, host).await;
        assert_eq!(found, [color(BUILT_IN), AccentColor::WHITE], "{accent}");
    }
}

#[tokio::test]
async fn the_rating_page_shows_the_brand() {
    let (stack, links) = mail_links().await;
    let brand = json!({ "name": "Acme & Söhne", "accent_color": "#ffcc00" });
    store_settings(&stack, &settings(brand)).await;
    let browser = link_page(&links[3], Window::PHONE).await;
    browser.expect_text("Acme & Söhne").await;
    browser.control(SEND).await;
    let [background, text] = colors(&browser, "afterchat-rating-link", ".confirm").await;
    assert_eq!(background, color("#ffcc00").readable_on(color(SURFACES[0])));
    assert!(background.contrast(text) >= 4.5);
    browser.expect_accessible("brand").await;
    browser.screenshot("mail-page-brand").await;
}

const LOGO: &str = "const logo = document.querySelector('afterchat-rating-link').shadowRoot.querySelector('.logo');";

#[tokio::test]
async fn a_logo_that_cannot_be_loaded_is_replaced_by_the_name() {
    let (stack, links) = mail_links().await;
    let stored = "https://127.0.0.1:1/logo.png";
    let brand = json!({ "name": "Acme", "logo_url": stored });
    store_settings(&stack, &settings(brand)).await;
    for logo in [
        stored,
        "http://127.0.0.1:1/logo.png",
        "javascript:window.attacked=1",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "logo.png",
    ] {
        let script = if logo == stored {
            String::new()
        } else {
            unvalidated(&json!({ "brand": { "name": "Acme", "logo_url": logo } }))
        };
        let browser = Browser::open_with(&links[3], Window::PHONE, &script).await;
        browser.control(SEND).await;
        let shown = "return [...everything()].some((it) => it.matches('.brand-name') && it.checkVisibility());";
        browser.until(shown).await;
        let script = format!(
            "{LOGO} return logo && [logo.alt, logo.referrerPolicy, logo.checkVisibility()];"
        );
        let found = browser.run(&script, vec![]).await;
        let expected = if logo == stored {
            json!(["Acme", "no-referrer", false])
        } else {
            Value::Null
        };
        assert_eq!(found, expected, "{logo}");
        let attacked = browser.run("return window.attacked ?? null;", vec![]).await;
        assert_eq!(attacked, Value::Null, "{logo}");
    }
    assert_eq!(rating(&stack).await, Value::Null);
}

#[tokio::test]
async fn a_logo_of_any_size_leaves_the_page_whole() {
    let (stack, links) = mail_links().await;
    let brand = json!({ "name": "Acme", "logo_url": "https://127.0.0.1:1/logo.png" });
    store_settings(&stack, &settings(brand)).await;
    let browser = link_page(&links[3], Window::PHONE).await;
    browser.control(SEND).await;
    // The policy of the page allows no image that the test can provide.
    let bypass = json!({ "enabled": true });
    browser.devtools("Page.setBypassCSP", bypass).await;
    reload(&browser).await;
    browser.control(SEND).await;
    browser.until(&format!("{LOGO} return logo.hidden;")).await;
    for (width, height) in [(4_000, 40), (40, 4_000), (3_000, 3_000), (1, 1)] {
        let script = format!(
            "{LOGO}
            const canvas = document.createElement('canvas');
            Object.assign(canvas, {{ width: {width}, height: {height} }});
            const pen = canvas.getContext('2d');
            pen.fillStyle = '#3b2fcf';
            pen.fillRect(0, 0, {width}, {height});
            logo.hidden = false;
            return new Promise((resolve) => {{
                logo.addEventListener('load', () => resolve('loaded'), {{ once: true }});
                logo.addEventListener('error', () => resolve('failed'), {{ once: true }});
                logo.src = canvas.toDataURL();
            }});"
        );
        assert_eq!(browser.run(&script, vec![]).await, "loaded");
        let script = format!(
            "{LOGO} const {{ width, height }} = logo.getBoundingClientRect();
            return [width <= 328, height, beyondThePage()];"
        );
        let found = browser.run(&script, vec![]).await;
        assert_eq!(found, json!([true, 56, []]), "{width} x {height}");
        browser
            .screenshot(&format!("mail-page-logo-{width}x{height}"))
            .await;
    }
}

#[tokio::test]
async fn the_rating_page_shows_built_in_texts_if_the_api_fails_or_is_slow() {
    let (stack, links) = mail_links().await;
    let mut own = settings(json!({ "name": "Acme" }));
    own["texts"] = json!({ "en": { "question": "Own question?" } });
    store_settings(&stack, &own).await;
    let agent = stack.agent("reader").await;
    let events = agent.events("c1", "rating_requested").await;
    let request = events[0]["rating_request_id"].as_str().unwrap();
    for effect in ["drop", "fail", "hold"] {
        let fault = format!(
            "window.faults.push({{ method: 'GET', path: '/{request}', does: '{effect}' }});"
        );
        let script = format!("{}\n{fault}", include_str!("faults.js"));
        let started = Instant::now();
        let browser = Browser::open_with(&links[3], Window::PHONE, &script).await;
        browser.expect_text("How was your conversation?").await;
        browser.control(SEND).await;
        if effect != "hold" {
            continue;
        }
        assert!(started.elapsed() >= Duration::from_secs(2));
        browser.click("1 of 5, Very dissatisfied").await;
        browser.run("window.held.shift()();", vec![]).await;
        browser.expect_text("Own question?").await;
        browser.expect_text("Acme").await;
        browser.click(SEND).await;
        browser.expect_text("Took too long").await;
        assert_eq!(rating(&stack).await["score"], 1);
    }
}
