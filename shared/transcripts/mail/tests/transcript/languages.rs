//! A mail is in the language of its reader: its words, dates, times, plural forms and direction.

use domain::PublicMessage;
use insta::assert_snapshot;
use transcript_mail::TranscriptMail;

use crate::conversation::{
    agent, file, mail_in, message, message_with, shown, visitor, with_visible_isolates,
};
use crate::faces::links;

/// A conversation over two days, with a file, a name without a person and an English message.
fn conversation() -> Vec<PublicMessage> {
    vec![
        message("2026-11-27T22:35:00Z", visitor("Ana"), "Hello!"),
        message_with(
            "2026-11-27T22:36:00Z",
            agent(""),
            "See https://example.com/orders.",
            vec![file(
                "invoice.pdf",
                "https://files.example.com/1",
                Some(1_549),
            )],
        ),
        message("2026-11-28T09:05:00Z", visitor("ענת"), "שלום!"),
    ]
}

fn mail(tag: &str) -> TranscriptMail {
    mail_in(
        tag,
        &conversation(),
        "UTC",
        Some(&links("https://a.example", "o", "c", "r")),
    )
}

fn text(tag: &str) -> String {
    let mail = mail(tag);
    let text = with_visible_isolates(&mail.text).replace('\u{200F}', "⟨RLM⟩");
    format!("{}\n\n{text}", with_visible_isolates(&mail.subject))
}

#[test]
fn a_mail_in_polish() {
    assert_snapshot!(text("pl"), @"
    Twoja rozmowa z Acme

    Twoja rozmowa z Acme

    3 wiadomości od 27 listopada 2026 do 28 listopada 2026. Godziny podano w strefie czasowej UTC.


    --- piątek, 27 listopada 2026 ---

    22:35  Ana
        Hello!

    22:36  Konsultant
        See https://example.com/orders.
      Załącznik: invoice.pdf (1,5 kB)
      https://files.example.com/1


    --- sobota, 28 listopada 2026 ---

    09:05 ⟦ ענת ⟧
       ⟦ שלום! ⟧


    --- Jak oceniasz rozmowę? ---

    Bardzo źle:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1

    Źle:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/2

    Neutralnie:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/3

    Dobrze:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4

    Bardzo dobrze:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/5
    ");
}

#[test]
fn a_mail_in_german() {
    assert_snapshot!(text("de"), @"
    Ihr Gespräch mit Acme

    Ihr Gespräch mit Acme

    3 Nachrichten vom 27. November 2026 bis zum 28. November 2026. Die Uhrzeiten gelten für die Zeitzone UTC.


    --- Freitag, 27. November 2026 ---

    22:35  Ana
        Hello!

    22:36  Kundenservice
        See https://example.com/orders.
      Anhang: invoice.pdf (1,5 kB)
      https://files.example.com/1


    --- Samstag, 28. November 2026 ---

    09:05 ⟦ ענת ⟧
       ⟦ שלום! ⟧


    --- Wie war das Gespräch? ---

    Sehr unzufrieden:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1

    Unzufrieden:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/2

    Neutral:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/3

    Zufrieden:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4

    Sehr zufrieden:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/5
    ");
}

#[test]
fn a_mail_in_arabic() {
    assert_snapshot!(text("ar"), @"
    محادثتك مع ⟦Acme⟧

    محادثتك مع ⟦Acme⟧

    3 رسائل من 27 نوفمبر 2026 إلى 28 نوفمبر 2026. الأوقات بحسب المنطقة الزمنية ⟦UTC⟧.


    --- الجمعة، 27 نوفمبر 2026 ---

    ⟨RLM⟩10:35 م ⟦ Ana ⟧
       ⟦ Hello! ⟧

    ⟨RLM⟩10:36 م ⟦ الموظف ⟧
       ⟦ See https://example.com/orders. ⟧
      مرفق:⟦ invoice.pdf ⟧ (1.5 ك.ب)
      https://files.example.com/1


    --- السبت، 28 نوفمبر 2026 ---

    ⟨RLM⟩9:05 ص ⟦ ענת ⟧
       ⟦ שלום! ⟧


    --- كيف كانت محادثتك؟ ---

    غير راضٍ جدًا:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1

    غير راضٍ:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/2

    محايد:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/3

    راضٍ:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4

    راضٍ جدًا:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/5
    ");
}

#[test]
fn a_mail_in_hebrew() {
    assert_snapshot!(text("he"), @"
    השיחה שלך עם ⟦Acme⟧

    השיחה שלך עם ⟦Acme⟧

    3 הודעות מתאריך 27 בנובמבר 2026 עד 28 בנובמבר 2026. השעות לפי אזור הזמן ⟦UTC⟧.


    --- יום שישי, 27 בנובמבר 2026 ---

    ⟨RLM⟩22:35 ⟦ Ana ⟧
       ⟦ Hello! ⟧

    ⟨RLM⟩22:36 ⟦ נציג ⟧
       ⟦ See https://example.com/orders. ⟧
      קובץ מצורף:⟦ invoice.pdf ⟧ (1.5 kB)
      https://files.example.com/1


    --- יום שבת, 28 בנובמבר 2026 ---

    ⟨RLM⟩9:05 ⟦ ענת ⟧
       ⟦ שלום! ⟧


    --- איך הייתה השיחה? ---

    מאוד לא מרוצה:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1

    לא מרוצה:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/2

    ניטרלי:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/3

    מרוצה:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4

    מרוצה מאוד:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/5
    ");
}

#[test]
fn a_mail_in_japanese() {
    assert_snapshot!(text("ja"), @"
    Acmeとのチャット

    Acmeとのチャット

    2026年11月27日から2026年11月28日までのメッセージ3件。 時刻のタイムゾーンはUTCです。


    --- 2026年11月27日金曜日 ---

    22:35  Ana
        Hello!

    22:36  担当者
        See https://example.com/orders.
      添付： invoice.pdf (1.5 kB)
      https://files.example.com/1


    --- 2026年11月28日土曜日 ---

    9:05 ⟦ ענת ⟧
       ⟦ שלום! ⟧


    --- 今回のチャットはいかがでしたか？ ---

    とても不満:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1

    不満:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/2

    ふつう:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/3

    満足:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4

    とても満足:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/5
    ");
}

#[test]
fn a_mail_in_hindi() {
    assert_snapshot!(text("hi"), @"
    Acme के साथ आपकी बातचीत

    Acme के साथ आपकी बातचीत

    27 नवंबर, 2026 से 28 नवंबर, 2026 तक 3 संदेश। समय UTC समय क्षेत्र में हैं।


    --- शुक्रवार, 27 नवंबर, 2026 ---

    10:35 pm  Ana
        Hello!

    10:36 pm  एजेंट
        See https://example.com/orders.
      संलग्न: invoice.pdf (1.5 kB)
      https://files.example.com/1


    --- शनिवार, 28 नवंबर, 2026 ---

    9:05 am ⟦ ענת ⟧
       ⟦ שלום! ⟧


    --- आपकी बातचीत कैसी रही? ---

    बहुत असंतुष्ट:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1

    असंतुष्ट:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/2

    सामान्य:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/3

    संतुष्ट:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4

    बहुत संतुष्ट:
    https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/5
    ");
}

#[test]
fn a_page_in_polish_reads_from_left_to_right() {
    assert_snapshot!(shown(&mail("pl").html), @r#"
    3 wiadomości od 27 listopada 2026 do 28 listopada 2026. Godziny podano w strefie czasowej UTC.</p>
    <h2>piątek, 27 listopada 2026</h2>
    <div class="message visitor">
    <p class="by"><b>Ana</b> 22:35</p>
    <p class="text">Hello!</p>
    </div>
    <div class="message agent">
    <p class="by"><b>Konsultant</b> 22:36</p>
    <p class="text">See <a href="https://example.com/orders" rel="noopener noreferrer nofollow">https://example.com/orders</a>.</p>
    <p class="file">Załącznik: <a href="https://files.example.com/1" rel="noopener noreferrer nofollow">invoice.pdf</a> (1,5 kB)</p>
    </div>
    <h2>sobota, 28 listopada 2026</h2>
    <div class="message visitor">
    <p class="by"><b dir="rtl">ענת</b> 09:05</p>
    <p class="text" dir="rtl">שלום!</p>
    </div>

    <h2>Jak oceniasz rozmowę?</h2>
    <table class="faces" role="presentation" cellpadding="0" cellspacing="0" width="100%"><tr>
    <td align="center" valign="top" width="20%"><a class="face" href="https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1"><span aria-hidden="true" style="font-size:32px">😑</span><br>Bardzo źle</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/2"><span aria-hidden="true" style="font-size:32px">😟</span><br>Źle</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/3"><span aria-hidden="true" style="font-size:32px">😐</span><br>Neutralnie</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4"><span aria-hidden="true" style="font-size:32px">😊</span><br>Dobrze</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/5"><span aria-hidden="true" style="font-size:32px">😍</span><br>Bardzo dobrze</a></td>
    </tr></table>
    </div>
    "#);
}

#[test]
fn a_page_in_arabic_reads_from_right_to_left() {
    let html = mail("ar").html;
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(html.contains(
        ".message { margin: 0 0 14px; padding-right: 12px; border-right: 3px solid #afb8c1; }"
    ));
    assert!(html.contains("lang=\"ar\" dir=\"rtl\" style=\"text-align:right;"));
    assert_snapshot!(with_visible_isolates(shown(&html)), @r#"
    3 رسائل من 27 نوفمبر 2026 إلى 28 نوفمبر 2026. الأوقات بحسب المنطقة الزمنية ⟦UTC⟧.</p>
    <h2>الجمعة، 27 نوفمبر 2026</h2>
    <div class="message visitor">
    <p class="by"><b dir="ltr">Ana</b> 10:35 م</p>
    <p class="text" dir="ltr">Hello!</p>
    </div>
    <div class="message agent">
    <p class="by"><b>الموظف</b> 10:36 م</p>
    <p class="text" dir="ltr">See <a href="https://example.com/orders" rel="noopener noreferrer nofollow" dir="ltr">https://example.com/orders</a>.</p>
    <p class="file">مرفق: <a href="https://files.example.com/1" rel="noopener noreferrer nofollow" dir="ltr">invoice.pdf</a> (1.5 ك.ب)</p>
    </div>
    <h2>السبت، 28 نوفمبر 2026</h2>
    <div class="message visitor">
    <p class="by"><b>ענת</b> 9:05 ص</p>
    <p class="text">שלום!</p>
    </div>

    <h2>كيف كانت محادثتك؟</h2>
    <table class="faces" role="presentation" cellpadding="0" cellspacing="0" width="100%"><tr>
    <td align="center" valign="top" width="20%"><a class="face" href="https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/1"><span aria-hidden="true" style="font-size:32px">😑</span><br>غير راضٍ جدًا</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/2"><span aria-hidden="true" style="font-size:32px">😟</span><br>غير راضٍ</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/3"><span aria-hidden="true" style="font-size:32px">😐</span><br>محايد</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4"><span aria-hidden="true" style="font-size:32px">😊</span><br>راضٍ</a></td>
    <td align="center" valign="top" width="20%"><a class="face" href="https://a.example/rate#bw.Yw.cg.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/5"><span aria-hidden="true" style="font-size:32px">😍</span><br>راضٍ جدًا</a></td>
    </tr></table>
    </div>
    "#);
}

#[test]
fn english_has_american_dates_and_times_in_american_regions_only() {
    for (tag, date, time) in [
        ("en", "Friday, 27 November 2026", "22:35"),
        ("en-GB", "Friday, 27 November 2026", "22:35"),
        ("en-US", "Friday, November 27, 2026", "10:35\u{202F}PM"),
        ("en-Latn-US", "Friday, November 27, 2026", "10:35\u{202F}PM"),
        (
            "en-US-u-hc-h23",
            "Friday, November 27, 2026",
            "10:35\u{202F}PM",
        ),
    ] {
        let text = mail(tag).text;
        assert!(
            text.contains(&format!("--- {date} ---\n\n{time}  Ana")),
            "{tag}: {text}"
        );
    }
}

#[test]
fn an_unknown_language_is_english() {
    assert_eq!(mail("fi"), mail("en"));
}
