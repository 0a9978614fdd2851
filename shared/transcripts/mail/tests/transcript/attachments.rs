//! Name, size and link of files.

use insta::assert_snapshot;

use crate::conversation::{file, mail, message_with, shown, visitor};

#[test]
fn only_an_https_file_is_a_link() {
    let mail = mail(
        &[
            message_with(
                "2026-06-06T09:05:00Z",
                visitor("Ana"),
                "Two photos.",
                vec![
                    file(
                        "front.jpg",
                        "https://files.example.com/1?a=1&b=2",
                        Some(2_481_000),
                    ),
                    file("back.jpg", "http://files.example.com/2", Some(999)),
                ],
            ),
            message_with(
                "2026-06-06T09:06:00Z",
                visitor("Ana"),
                "",
                vec![file("receipt.pdf", "https://files.example.com/3", None)],
            ),
        ],
        "UTC",
    );
    assert_snapshot!(mail.text, @"
    Your conversation with Acme

    2 messages on 6 June 2026. Times are in the time zone UTC.


    --- Saturday, 6 June 2026 ---

    09:05  Ana
        Two photos.
      Attached: front.jpg (2.5 MB)
      https://files.example.com/1?a=1&b=2
      Attached: back.jpg (999 bytes)

    09:06  Ana
      Attached: receipt.pdf
      https://files.example.com/3
    ");
    assert_snapshot!(shown(&mail.html), @r#"
    2 messages on 6 June 2026. Times are in the time zone UTC.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 09:05</p>
    <p class="text">Two photos.</p>
    <p class="file">Attached: <a href="https://files.example.com/1?a=1&#38;b=2" rel="noopener noreferrer nofollow">front.jpg</a> (2.5 MB)</p>
    <p class="file">Attached: <span>back.jpg</span> (999 bytes)</p>
    </div>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 09:06</p>
    <p class="file">Attached: <a href="https://files.example.com/3" rel="noopener noreferrer nofollow">receipt.pdf</a></p>
    </div>
    </div>
    "#);
}

#[test]
fn a_file_name_that_looks_like_a_url_is_not_a_link() {
    for name in [
        "https://bank.example/login",
        "https://bank.example@evil.example",
        "www.bank.example",
        "ana@bank.example",
    ] {
        let attached = file(name, "https://evil.example/1", Some(12_000));
        let mail = mail(
            &[message_with(
                "2026-06-06T09:05:00Z",
                visitor("Ana"),
                "",
                vec![attached],
            )],
            "UTC",
        );
        let shown = format!(
            "<p class=\"file\">Attached: <span>{name}</span> (12 kB)<br>\
             <a href=\"https://evil.example/1\" rel=\"noopener noreferrer nofollow\">https://evil.example/1</a></p>"
        );
        assert!(mail.html.contains(&shown), "{}", mail.html);
    }
}
