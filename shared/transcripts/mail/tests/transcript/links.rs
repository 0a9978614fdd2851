//! Links in messages, in both parts of a mail.

use insta::assert_snapshot;

use crate::conversation::{agent, file, mail, message, message_with, shown, visitor};

/// The words of `text` that begin like a link, as a mail program finds them between spaces.
fn links_between_spaces(text: &str) -> Vec<&str> {
    text.split_whitespace()
        .filter_map(|word| {
            let start = ["https://", "mailto:", "ana@", "www."]
                .iter()
                .filter_map(|start| word.find(start))
                .min()?;
            Some(&word[start..])
        })
        .collect()
}

#[test]
fn in_the_text_a_link_between_spaces_has_nothing_attached_to_it() {
    let words = ["שלום", "مرحبا", "Hello"];
    for link in [
        "https://example.com/track/123",
        "mailto:ana@example.org",
        "ana@example.org",
        "www.example.com",
    ] {
        for word in words {
            for line in [
                format!("{word} {link}"),
                format!("{link} {word}"),
                format!("{word} {link} {word}"),
                format!("{word}\n{link}\n{word}"),
                format!("{word}: {link}\u{200F}"),
                format!("\u{200F}{link} {word}"),
                format!("{word} \u{2067}{link}\u{2069}"),
            ] {
                let name = line.replace('\n', " ");
                let attached = file(&name, "https://files.example.com/1", Some(1));
                let sent = message_with(
                    "2026-06-06T09:05:00Z",
                    visitor(&name),
                    &line,
                    vec![attached],
                );
                let mail = mail(&[sent], "UTC");
                assert_eq!(
                    links_between_spaces(&mail.text),
                    [link, link, link, "https://files.example.com/1"],
                    "{line:?} in {:?}",
                    mail.text
                );
                let marks = ['\u{2068}', '\u{2069}', '\u{200F}'];
                let text = mail.text.replace("Attached:\u{2068}", "");
                for word in text.split_whitespace() {
                    let is_alone = word.chars().count() == 1;
                    assert!(!word.contains(marks) || is_alone, "{word:?}");
                }
            }
        }
    }
}

#[test]
fn a_link_opens_the_address_that_it_shows() {
    let mail = mail(
        &[
            message(
                "2026-06-06T09:05:00Z",
                visitor("Ana"),
                "See https://example.com/track?a=1&b=2, (https://example.com/a).\nWrite to ana@example.org!",
            ),
            message(
                "2026-06-06T09:06:00Z",
                agent("Zoë"),
                "המעקב כאן: https://example.com/track/123",
            ),
            message(
                "2026-06-06T09:07:00Z",
                visitor("Ana"),
                "https://bank.example@evil.example javascript:alert(1) https://例え.jp/\"onclick=\"",
            ),
        ],
        "UTC",
    );
    assert_snapshot!(shown(&mail.html), @r#"
    3 messages on 6 June 2026. Times are in the time zone UTC.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 09:05</p>
    <p class="text">See <a href="https://example.com/track?a=1&#38;b=2" rel="noopener noreferrer nofollow">https://example.com/track?a=1&#38;b=2</a>, (<a href="https://example.com/a" rel="noopener noreferrer nofollow">https://example.com/a</a>).<br>Write to <a href="mailto:ana@example.org">ana@example.org</a>!</p>
    </div>
    <div class="message agent">
    <p class="by"><b>Zoë</b> 09:06</p>
    <p class="text" dir="rtl">המעקב כאן: <a href="https://example.com/track/123" rel="noopener noreferrer nofollow" dir="ltr">https://example.com/track/123</a></p>
    </div>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 09:07</p>
    <p class="text">https://bank.example@evil.example javascript:alert(1) <a href="https://xn--r8jz45g.jp/" rel="noopener noreferrer nofollow">https://例え.jp/</a>&#34;onclick=&#34;</p>
    </div>
    </div>
    "#);
}

#[test]
fn spaces_and_tabs_are_preserved_in_html_without_css() {
    let code = "if x:\n    return  1\n\ty = 2 \na\tb";
    let mail = mail(
        &[message("2026-06-06T09:05:00Z", visitor("Ana"), code)],
        "UTC",
    );
    let html = mail.html.replace('\u{A0}', "·");
    let shown = "<p class=\"text\">if x:<br>····return· 1<br>········y = 2<br>a······ b</p>";
    assert!(html.contains(shown), "{html}");
    assert!(!html.contains("white-space"));
}
