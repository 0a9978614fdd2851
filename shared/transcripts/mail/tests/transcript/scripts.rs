//! Text in any script does not affect the direction of other text.

use insta::assert_snapshot;

use crate::conversation::{
    agent, file, mail, message, message_with, shown, visitor, with_visible_isolates,
};

#[test]
fn right_to_left_text_is_isolated() {
    let mail = mail(
        &[
            message(
                "2026-06-06T09:05:00Z",
                visitor("ענת"),
                "שלום! 👋🏽\nOrder 66 (שלי)",
            ),
            message("2026-06-06T09:06:00Z", agent("Zoë"), "مرحبا 👩‍👩‍👧 — hello"),
            message_with(
                "2026-06-06T09:07:00Z",
                visitor("ענת"),
                "",
                vec![file(
                    "קבלה.pdf",
                    "https://files.example.com/1",
                    Some(12_000),
                )],
            ),
        ],
        "Asia/Jerusalem",
    );
    assert_snapshot!(with_visible_isolates(&mail.text), @"
    Your conversation with Acme

    3 messages on 6 June 2026. Times are in the time zone Asia/Jerusalem.


    --- Saturday, 6 June 2026 ---

    12:05 ⟦ ענת ⟧
       ⟦ שלום! 👋🏽 ⟧
       ⟦ Order 66 (שלי) ⟧

    12:06  Zoë
       ⟦ مرحبا 👩‍👩‍👧 — hello ⟧

    12:07 ⟦ ענת ⟧
      Attached:⟦ קבלה.pdf ⟧ (12 kB)
      https://files.example.com/1
    ");
    assert_snapshot!(shown(&mail.html), @r#"
    3 messages on 6 June 2026. Times are in the time zone Asia/Jerusalem.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message visitor">
    <p class="by"><b dir="rtl">ענת</b> 12:05</p>
    <p class="text" dir="rtl">שלום! 👋🏽</p>
    <p class="text" dir="ltr">Order 66 (שלי)</p>
    </div>
    <div class="message agent">
    <p class="by"><b>Zoë</b> 12:06</p>
    <p class="text" dir="rtl">مرحبا 👩‍👩‍👧 — hello</p>
    </div>
    <div class="message visitor">
    <p class="by"><b dir="rtl">ענת</b> 12:07</p>
    <p class="file">Attached: <a href="https://files.example.com/1" rel="noopener noreferrer nofollow" dir="rtl">קבלה.pdf</a> (12 kB)</p>
    </div>
    </div>
    "#);
}

#[test]
fn open_direction_controls_are_removed() {
    let mail = mail(
        &[
            message_with(
                "2026-06-06T09:05:00Z",
                visitor("Ana\u{202E}"),
                "\u{202E}open\n\u{2067}\u{202B}open too",
                vec![file(
                    "invoice\u{202E}fdp.exe",
                    "https://files.example.com/1",
                    None,
                )],
            ),
            message("2026-06-06T09:06:00Z", agent("Zoë"), "Unchanged."),
        ],
        "UTC",
    );
    assert_snapshot!(with_visible_isolates(&mail.text), @"
    Your conversation with Acme

    2 messages on 6 June 2026. Times are in the time zone UTC.


    --- Saturday, 6 June 2026 ---

    09:05  Ana
        open
        open too
      Attached: invoicefdp.exe
      https://files.example.com/1

    09:06  Zoë
        Unchanged.
    ");
    assert_snapshot!(shown(&mail.html), @r#"
    2 messages on 6 June 2026. Times are in the time zone UTC.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 09:05</p>
    <p class="text">open<br>open too</p>
    <p class="file">Attached: <a href="https://files.example.com/1" rel="noopener noreferrer nofollow">invoicefdp.exe</a></p>
    </div>
    <div class="message agent">
    <p class="by"><b>Zoë</b> 09:06</p>
    <p class="text">Unchanged.</p>
    </div>
    </div>
    "#);
}

#[test]
fn a_very_long_word_is_complete_and_can_be_wrapped() {
    let word = "Donaudampfschifffahrt".repeat(500);
    let mail = mail(
        &[message("2026-06-06T09:05:00Z", visitor("Ana"), &word)],
        "UTC",
    );
    assert!(mail.text.contains(&word));
    assert!(mail.html.contains(&word));
    assert!(mail.html.contains("overflow-wrap:anywhere"));
}
