//! Whole pages in windows from a phone's to a large screen's, light and dark, with several host pages:
//! nothing is wider than the page, the page does not scroll below its content, and it is accessible.

use serde_json::json;
use tests::{SENDER, Stack, message};

use crate::browser::{Browser, Window};
use crate::mail_page::mail_links;
use crate::page::{Host, Page, elements};

/// The height of the body's margin below the content, rounded up.
const MARGIN: f64 = 9.0;

const SIZES: [(u32, u32); 4] = [(360, 740), (768, 1024), (1280, 720), (1280, 1024)];

impl Browser {
    /// Checks a state in every window, and saves a screenshot of each.
    pub(crate) async fn check_in_every_window(&self, state: &str) {
        for (width, height) in SIZES {
            for is_dark in [false, true] {
                self.set(Window {
                    width,
                    height,
                    is_dark,
                })
                .await;
                let scheme = if is_dark { "dark" } else { "light" };
                let what = format!("{state}-{width}x{height}-{scheme}");
                self.expect_accessible(&what).await;
                self.expect_whole(&what).await;
                let script = "document.querySelector('afterchat-rating')?.scrollIntoView({ block: 'center' });";
                self.run(script, vec![]).await;
                self.screenshot(&what).await;
            }
        }
        self.set(Window::LAPTOP).await;
    }

    /// Fails if the page scrolls sideways or below its content, or if an element is outside its sides.
    async fn expect_whole(&self, what: &str) {
        let script = "const { scrollWidth, clientWidth } = document.documentElement;
            return [scrollWidth - clientWidth, emptyBelow(), beyondThePage()];";
        let found = self.run(script, vec![]).await;
        assert_eq!(found[0], 0, "{what} scrolls sideways");
        let empty = found[1].as_f64().unwrap();
        assert!(
            empty <= MARGIN,
            "{what} scrolls {empty} px below its content"
        );
        assert_eq!(found[2], json!([]), "{what}");
    }
}

/// A page with all elements, each with content.
async fn full_page(stack: &Stack, host: Host<'_>, wrap: fn(&str) -> String) -> Page {
    stack.verified_sender().await;
    let visitor = stack.conversation("c1").await;
    let long = "a_very_long_word_".repeat(20);
    let messages = json!({ "messages": [
        message("m2", "2026-01-05T09:01:00Z", &"Hello again. ".repeat(30)),
        message("m3", "2026-01-05T09:02:00Z", &long),
    ] });
    let platform = stack.platform().await;
    platform
        .post("/v1/conversations/c1/messages", messages)
        .await
        .expect(200);
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    let answer = json!({ "score": 4, "comment": long });
    visitor.rate(&request, answer).await.expect(201);
    let sending = json!({ "from": SENDER, "sender_name": "Acme" });
    agent.send_transcript_as("c1", sending).await.expect(201);
    stack.deliver_stream().await;

    let names = ["actions", "thread", "report", "rating"];
    let elements = elements(stack, &visitor, &agent, &names);
    let page = Page::hosting(stack, host, &wrap(&elements)).await;
    page.browser.expect_text("Thank you for your rating!").await;
    page.browser.expect_text("asked for a rating").await;
    page.browser.expect_text("of 1 rating").await;
    page
}

async fn expect_whole_in(name: &str, host: Host<'_>, wrap: fn(&str) -> String) {
    let stack = Stack::start().await;
    let page = full_page(&stack, host, wrap).await;
    page.browser
        .check_in_every_window(&format!("host-{name}"))
        .await;
    assert_eq!(page.browser.console_messages().await, Vec::<String>::new());
}

fn as_they_are(elements: &str) -> String {
    elements.to_owned()
}

/// A host with these styles.
const fn styled(css: &str) -> Host<'_> {
    Host {
        html: "",
        css,
        script: "",
    }
}

#[tokio::test]
async fn a_page_with_a_small_root_is_whole() {
    let css = "html { font-size: 62.5%; } body { font-size: 1.6rem; }";
    expect_whole_in("small-root", styled(css), as_they_are).await;
}

#[tokio::test]
async fn a_page_with_a_large_root_is_whole() {
    expect_whole_in(
        "large-root",
        styled("html { font-size: 24px; }"),
        as_they_are,
    )
    .await;
}

#[tokio::test]
async fn a_page_with_content_box_sizing_is_whole() {
    let css = "*, *::before, *::after { box-sizing: content-box; }";
    expect_whole_in("content-box", styled(css), as_they_are).await;
}

#[tokio::test]
async fn a_page_that_positions_the_elements_itself_is_whole() {
    let css = "* { position: static !important; } body { min-height: 1px; }";
    expect_whole_in("static", styled(css), as_they_are).await;
}

#[tokio::test]
async fn a_page_that_scrolls_the_elements_in_a_box_is_whole() {
    let css = "* { position: static !important; } .box { height: 20rem; overflow: auto; }";
    let in_a_box =
        |elements: &str| format!(r#"<div class="box" tabindex="0">{elements}</div><p>The end</p>"#);
    expect_whole_in("scrolling", styled(css), in_a_box).await;
}

#[tokio::test]
async fn a_page_of_another_direction_is_whole() {
    let host = Host {
        html: r#"dir="rtl""#,
        ..Host::default()
    };
    expect_whole_in("rtl", host, as_they_are).await;
}

#[tokio::test]
async fn a_page_with_large_text_is_whole() {
    let css = "body { text-transform: uppercase; letter-spacing: 0.3em; white-space: nowrap; line-height: 3; }";
    expect_whole_in("loud", styled(css), as_they_are).await;
}

#[tokio::test]
async fn the_mail_links_page_is_whole() {
    let (stack, links) = mail_links().await;
    let browser = Browser::open(&links[3], Window::LAPTOP).await;
    browser.control("Send rating").await;
    browser.check_in_every_window("mail-page").await;
    browser.click("Send rating").await;
    browser.expect_text("Thank you for your rating!").await;
    browser.check_in_every_window("mail-page-rated").await;
    let mail = format!("{}/dev/outbox/0/html", stack.url());
    let browser = Browser::open(&mail, Window::LAPTOP).await;
    for (width, height) in SIZES {
        browser
            .set(Window {
                width,
                height,
                is_dark: false,
            })
            .await;
        browser
            .expect_whole(&format!("mail-{width}x{height}"))
            .await;
    }
}
