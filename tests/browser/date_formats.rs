//! Dates, times, numbers and plural forms are those of a second source: the browser's `Intl`.
//!
//! Both follow CLDR, in different versions. [`accept`] lists the differences.

use jiff::ToSpan;
use jiff::civil::date;
use locale::Formats;
use serde_json::{Value, json};
use texts::{PluralForm, VisitorLanguage};

use crate::browser::{Browser, Window};

/// A language as a mail chooses it, and the locale whose formats those are.
fn languages() -> Vec<(VisitorLanguage, &'static str, &'static str)> {
    let own = VisitorLanguage::ALL
        .iter()
        .map(|language| (*language, language.as_str(), language.as_str()));
    own.filter(|(language, ..)| *language != VisitorLanguage::English)
        .chain([
            (VisitorLanguage::English, "en", "en-GB"),
            (VisitorLanguage::English, "en-US", "en-US"),
        ])
        .collect()
}

/// Returns `text` without the known differences. The data of the functions is CLDR 49, which is newer
/// than that of most browsers.
fn accept(language: &str, text: &str) -> String {
    let text = text.replace(['\u{202F}', '\u{A0}'], " ");
    match language {
        // Since CLDR 49 a comma is before the year.
        "hi" => text.replace(',', ""),
        // Since CLDR 49 an hour has two digits.
        "es" if text.len() == "0:00".len() => format!("0{text}"),
        _ => text,
    }
}

#[tokio::test]
async fn every_date_of_a_year_is_written_as_the_browser_writes_it() {
    let browser = Browser::open("about:blank", Window::LAPTOP).await;
    let mut differences = Vec::new();
    for (language, tag, locale) in languages() {
        let script = r#"
            const [locale] = arguments;
            const zone = { timeZone: "UTC" };
            const day = { year: "numeric", month: "long", day: "numeric", ...zone };
            const dates = new Intl.DateTimeFormat(locale, day);
            const weekdays = new Intl.DateTimeFormat(locale, { weekday: "long", ...day });
            const texts = [];
            for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 86_400_000) {
                texts.push([dates.format(at), weekdays.format(at)]);
            }
            return texts;"#;
        let expected = browser.run(script, vec![json!(locale)]).await;
        let formats = Formats::new(language, tag).unwrap();
        let first = date(2026, 1, 1);
        for (days, expected) in (0..).zip(expected.as_array().unwrap()) {
            let day = first + days.days();
            let [month, number] = [day.month(), day.day()].map(i8::unsigned_abs);
            let ours = [
                formats.date(2026, month, number),
                formats.date_with_weekday(2026, month, number),
            ];
            for (ours, theirs) in ours.iter().zip(expected.as_array().unwrap()) {
                let (ours, theirs) = (accept(tag, ours), accept(tag, theirs.as_str().unwrap()));
                if ours != theirs {
                    differences.push(format!("{tag}: {ours} | {theirs}"));
                }
            }
        }
    }
    differences.dedup_by_key(|it| it.chars().take(3).collect::<String>());
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn every_time_of_a_day_is_written_as_the_browser_writes_it() {
    let browser = Browser::open("about:blank", Window::LAPTOP).await;
    let mut differences = Vec::new();
    for (language, tag, locale) in languages() {
        let script = r#"
            const [locale] = arguments;
            const times = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "numeric", timeZone: "UTC" });
            return Array.from({ length: 1_440 }, (_, minute) => times.format(minute * 60_000));"#;
        let expected = browser.run(script, vec![json!(locale)]).await;
        let formats = Formats::new(language, tag).unwrap();
        for (minute, theirs) in (0..).zip(expected.as_array().unwrap()) {
            let ours = formats.time((minute / 60) as u8, (minute % 60) as u8);
            let (ours, theirs) = (accept(tag, &ours), accept(tag, theirs.as_str().unwrap()));
            if ours != theirs {
                differences.push(format!("{tag}: {ours} | {theirs}"));
            }
        }
    }
    differences.dedup_by_key(|it| it.chars().take(3).collect::<String>());
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn numbers_and_plural_forms_are_those_of_the_browser() {
    let browser = Browser::open("about:blank", Window::LAPTOP).await;
    let numbers: Vec<u64> = (0..=1_200)
        .chain([1_000_000, 2_000_000, 1_234_567])
        .collect();
    for (language, tag, locale) in languages() {
        let script = r#"
            const [locale, numbers] = arguments;
            const rules = new Intl.PluralRules(locale);
            const format = new Intl.NumberFormat(locale);
            return numbers.map((number) => [rules.select(number), format.format(number)]);"#;
        let expected = browser
            .run(script, vec![json!(locale), json!(numbers)])
            .await;
        let formats = Formats::new(language, tag).unwrap();
        for (number, expected) in numbers.iter().zip(expected.as_array().unwrap()) {
            assert_eq!(
                name(formats.plural_form(*number)),
                expected[0],
                "{tag} {number}"
            );
            let theirs = accept(tag, expected[1].as_str().unwrap());
            assert_eq!(accept(tag, &formats.number(*number)), theirs, "{tag}");
        }
    }
}

fn name(form: PluralForm) -> Value {
    json!(format!("{form:?}").to_lowercase())
}
