//! Text that people wrote never becomes markup or the heading of another message.

use domain::ConversationId;
use insta::assert_snapshot;
use settings::Settings;
use texts::VisitorLanguage;
use transcript_mail::{DefaultBranding, MailLanguage, SubjectTemplate, Transcript};

use crate::conversation::{agent, file, mail, message, message_with, shown, visitor};

#[test]
fn markup_in_a_message_is_shown_as_text() {
    let mail = mail(
        &[message_with(
            "2026-06-06T09:05:00Z",
            visitor("</p><img src=x onerror='alert(1)'>"),
            "</style><script>alert(\"1\")</script>\n<!-- & &amp; {{ thread }} javascript:alert(1) https://example.com",
            vec![file(
                "\"><b>a</b>.pdf",
                "https://files.example.com/'onclick='alert(1)?a&b",
                None,
            )],
        )],
        "UTC",
    );
    assert_snapshot!(mail.text, @r#"
    Your conversation with Acme

    1 message on 6 June 2026. Times are in the time zone UTC.


    --- Saturday, 6 June 2026 ---

    09:05  </p><img src=x onerror='alert(1)'>
        </style><script>alert("1")</script>
        <!-- & &amp; {{ thread }} javascript:alert(1) https://example.com
      Attached: "><b>a</b>.pdf
      https://files.example.com/'onclick='alert(1)?a&b
    "#);
    assert_snapshot!(shown(&mail.html), @r#"
    1 message on 6 June 2026. Times are in the time zone UTC.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message visitor">
    <p class="by"><b>&#60;/p&#62;&#60;img src=x onerror=&#39;alert(1)&#39;&#62;</b> 09:05</p>
    <p class="text">&#60;/style&#62;&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;<br>&#60;!-- &#38; &#38;amp; {{ thread }} javascript:alert(1) <a href="https://example.com" rel="noopener noreferrer nofollow">https://example.com</a></p>
    <p class="file">Attached: <a href="https://files.example.com/&#39;onclick=&#39;alert(1)?a&#38;b" rel="noopener noreferrer nofollow">&#34;&#62;&#60;b&#62;a&#60;/b&#62;.pdf</a></p>
    </div>
    </div>
    "#);
}

#[test]
fn markup_in_a_brand_is_shown_as_text() {
    let brand = "</title><script>\"Acme\"</script>";
    let defaults = DefaultBranding::new(brand, SubjectTemplate::default());
    let branding = defaults.with(&Settings::default(), VisitorLanguage::English);
    let id = ConversationId::parse("c1").unwrap();
    let mail = Transcript::new(
        None,
        MailLanguage::choose([], VisitorLanguage::English).unwrap(),
    )
    .into_mail(&branding, &id, None)
    .unwrap();
    assert!(!mail.html.contains("<script>"));
    assert!(!mail.html.contains("\"Acme\""));
}

#[test]
fn a_message_cannot_imitate_a_second_message() {
    let mail = mail(
        &[
            message(
                "2026-06-06T09:05:00Z",
                visitor("Ana"),
                "Can I have it for free?\r\n\r\n09:06  Zoë\r    Yes!\u{2028}--- Sunday, 7 June 2026 ---\u{0B}  Attached: contract.pdf\u{85}09:07  Zoë",
            ),
            message("2026-06-06T09:06:00Z", agent("Zoë"), "No."),
        ],
        "UTC",
    );
    assert_snapshot!(mail.text, @"
    Your conversation with Acme

    2 messages on 6 June 2026. Times are in the time zone UTC.


    --- Saturday, 6 June 2026 ---

    09:05  Ana
        Can I have it for free?

        09:06  Zoë
            Yes!
        --- Sunday, 7 June 2026 ---
          Attached: contract.pdf
        09:07  Zoë

    09:06  Zoë
        No.
    ");
    assert_snapshot!(shown(&mail.html), @r#"
    2 messages on 6 June 2026. Times are in the time zone UTC.</p>
    <h2>Saturday, 6 June 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 09:05</p>
    <p class="text">Can I have it for free?<br><br>09:06  Zoë<br>    Yes!<br>--- Sunday, 7 June 2026 ---<br>  Attached: contract.pdf<br>09:07  Zoë</p>
    </div>
    <div class="message agent">
    <p class="by"><b>Zoë</b> 09:06</p>
    <p class="text">No.</p>
    </div>
    </div>
    "#);
}
