//! The brand and the texts of the settings in a mail.

use domain::PublicMessage;
use settings::Settings;
use transcript_mail::TranscriptMail;

use crate::conversation::{mail_with_settings, message, visitor};
use crate::faces::links;

fn messages() -> Vec<PublicMessage> {
    vec![message("2026-06-06T09:05:00Z", visitor("Ana"), "Hello")]
}

fn mail(settings: &str, tag: &str) -> TranscriptMail {
    let settings = Settings::from_stored(settings);
    mail_with_settings(
        &settings,
        tag,
        &messages(),
        Some(&links("https://a.example", "o", "c", "r")),
    )
}

#[test]
fn a_mail_has_the_brands_name_logo_and_colour() {
    let mail = mail(
        r##"{ "brand": {
            "name": "Bike & Co",
            "logo_url": "https://cdn.example.com/logo.png?a=1&b=2",
            "accent_color": "#0a7a3c"
        } }"##,
        "en",
    );
    assert_eq!(mail.subject, "Your conversation with Bike & Co");
    let logo = "<img class=\"logo\" src=\"https://cdn.example.com/logo.png?a=1&#38;b=2\" alt=\"Bike &#38; Co\"";
    assert!(mail.html.contains(logo), "{}", mail.html);
    assert!(mail.html.contains("a { color: #0a7a3c; }"));
    assert!(mail.text.starts_with("Your conversation with Bike & Co\n"));
}

#[test]
fn a_pale_colour_is_made_readable() {
    let mail = mail(r##"{ "brand": { "accent_color": "#ffff00" } }"##, "en");
    let (light, dark) = mail.html.split_once("prefers-color-scheme: dark").unwrap();
    assert!(!light.contains("#ffff00"));
    assert!(dark.contains("a { color: #ffff00; }"));
}

#[test]
fn the_texts_of_the_language_replace_the_built_in_ones() {
    let settings = r#"{
        "default_language": "pl",
        "brand": { "name": "Sklep" },
        "texts": {
            "pl": {
                "mail_subject": "{brand} – {date}",
                "mail_intro": "Dziękujemy za rozmowę z {brand}.",
                "question": "Jak poszło?",
                "faces": ["Fatalnie", "Słabo", "Tak sobie", "Dobrze", "Super"]
            }
        }
    }"#;
    let polish = mail(settings, "pl");
    assert_eq!(polish.subject, "Sklep – 6 czerwca 2026");
    for part in [&polish.text, &polish.html] {
        for text in [
            "Dziękujemy za rozmowę z Sklep.",
            "Jak poszło?",
            "Fatalnie",
            "Super",
        ] {
            assert!(part.contains(text), "{text}: {part}");
        }
    }
    let german = mail(settings, "de");
    assert_eq!(german.subject, "Ihr Gespräch mit Sklep");
    assert!(!german.text.contains("Dziękujemy"));
}

#[test]
fn an_introduction_in_arabic_reads_from_right_to_left() {
    let settings = r#"{ "texts": {
        "ar": { "mail_intro": "شكرًا لتواصلكم مع {brand}" },
        "en": { "mail_intro": "شكرًا" }
    } }"#;
    let arabic = mail(settings, "ar");
    assert!(
        arabic
            .html
            .contains("<p class=\"intro\" dir=\"rtl\">شكرًا لتواصلكم مع \u{2068}Acme\u{2069}</p>")
    );
    let english = mail(settings, "en");
    assert!(
        english
            .html
            .contains("<p class=\"intro\" dir=\"rtl\">شكرًا</p>")
    );
}

#[test]
fn markup_in_any_text_of_the_settings_is_shown_as_text() {
    let markup = "</title></style><script>x</script>\\\" onerror=1";
    let short = "<script>x</script>";
    let settings = format!(
        r#"{{
            "brand": {{ "name": "{markup}", "logo_url": "https://e.example/<script>\"x" }},
            "texts": {{ "en": {{
                "mail_intro": "{markup}", "mail_subject": "{markup}", "question": "{markup}",
                "faces": ["1{short}", "2{short}", "3{short}", "4{short}", "5{short}"]
            }} }}
        }}"#
    );
    let mail = mail(&settings, "en");
    assert!(!mail.html.contains("<script"), "{}", mail.html);
    assert!(!mail.html.contains("\" onerror"), "{}", mail.html);
    assert!(mail.html.contains("&#60;script"));
    assert!(mail.text.contains(short));
}
