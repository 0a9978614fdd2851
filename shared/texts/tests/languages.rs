//! Every language has the placeholders and the plural forms that it needs.

use std::collections::BTreeSet;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use texts::{MailTexts, Plural, PluralForm, Texts, VisitorLanguage, WidgetTexts};

const FORMS: [(PluralForm, PluralCategory); 6] = [
    (PluralForm::Zero, PluralCategory::Zero),
    (PluralForm::One, PluralCategory::One),
    (PluralForm::Two, PluralCategory::Two),
    (PluralForm::Few, PluralCategory::Few),
    (PluralForm::Many, PluralCategory::Many),
    (PluralForm::Other, PluralCategory::Other),
];

/// The forms in which a language may write the number as a word.
const NUMBER_AS_WORD: [PluralForm; 3] = [PluralForm::Zero, PluralForm::One, PluralForm::Two];

fn placeholders(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect()
}

fn plurals(mail: &MailTexts) -> [&Plural; 4] {
    [
        &mail.messages_on,
        &mail.messages_between,
        &mail.bytes,
        &mail.latest_messages,
    ]
}

fn plain(mail: &MailTexts) -> [&'static str; 13] {
    [
        mail.title,
        mail.title_without_brand,
        mail.times_in_zone,
        mail.times_in_utc,
        mail.visitor,
        mail.agent,
        mail.bot,
        mail.system,
        mail.attached,
        mail.unnamed_file,
        mail.latest_message,
        mail.beginning_of_latest,
        mail.whole_attached,
    ]
}

fn of_rating(texts: &Texts) -> [&'static str; 37] {
    let Texts {
        prompt,
        widget,
        link,
        ..
    } = texts;
    let WidgetTexts {
        transcript,
        problems,
        ..
    } = widget;
    [
        widget.face,
        widget.saving,
        prompt.thanks,
        widget.changeable,
        widget.reasons,
        widget.reasons_hint,
        widget.reasons_full,
        prompt.comment,
        widget.send_comment,
        widget.comment_saved,
        widget.comment_removed,
        widget.change_comment,
        widget.retry,
        transcript.button,
        transcript.to,
        transcript.no_address,
        transcript.sending,
        transcript.sent,
        transcript.failed,
        problems.unreachable,
        problems.throttled,
        problems.rating_closed,
        problems.invalid_reason,
        problems.rating_request_superseded,
        problems.rating_request_withdrawn,
        problems.rating_request_expired,
        problems.rating_request_not_found,
        problems.invalid_visitor_token,
        problems.transcript_limit_reached,
        problems.email_outcome_unknown,
        problems.nothing_to_send,
        problems.email_refused,
        problems.other,
        link.confirm,
        link.broken,
        link.expired,
        link.superseded,
    ]
}

fn all_texts(language: VisitorLanguage) -> Vec<&'static str> {
    let texts = language.texts();
    let mut all = vec![texts.prompt.question, texts.prompt.question_about];
    all.extend(texts.prompt.faces);
    all.extend(of_rating(&texts));
    all.extend(plain(texts.mail));
    all.extend(texts.mail.byte_units);
    let forms = FORMS.map(|(form, _)| form);
    all.extend(
        plurals(texts.mail)
            .into_iter()
            .flat_map(|plural| forms.map(|form| plural.own(form)))
            .flatten(),
    );
    all
}

#[test]
fn a_text_with_a_number_has_exactly_the_plural_forms_of_its_language() {
    for &language in VisitorLanguage::ALL {
        let locale: Locale = language.as_str().parse().unwrap();
        let rules = PluralRules::try_new_cardinal((&locale).into()).unwrap();
        let expected: Vec<_> = rules.categories().collect();
        for plural in plurals(language.mail_texts()) {
            for (form, category) in FORMS {
                assert_eq!(
                    plural.own(form).is_some(),
                    expected.contains(&category),
                    "{language:?} {plural:?} {form:?}"
                );
            }
        }
    }
}

#[test]
fn a_text_has_the_placeholders_of_the_english_one() {
    let english = VisitorLanguage::English.texts();
    for &language in VisitorLanguage::ALL {
        let texts = language.texts();
        assert_eq!(
            placeholders(texts.prompt.question),
            placeholders(english.prompt.question)
        );
        assert_eq!(
            placeholders(texts.prompt.question_about),
            placeholders(english.prompt.question_about)
        );
        for (text, english) in of_rating(&texts).into_iter().zip(of_rating(&english)) {
            assert_eq!(
                placeholders(text),
                placeholders(english),
                "{language:?} {text}"
            );
        }
        for (text, english) in plain(texts.mail).into_iter().zip(plain(english.mail)) {
            assert_eq!(
                placeholders(text),
                placeholders(english),
                "{language:?} {text}"
            );
        }
        for (plural, english) in plurals(texts.mail).into_iter().zip(plurals(english.mail)) {
            let expected = placeholders(english.text(PluralForm::Other));
            for (form, _) in FORMS {
                let Some(text) = plural.own(form) else {
                    continue;
                };
                let mut found = placeholders(text);
                if NUMBER_AS_WORD.contains(&form) && expected.contains("count") {
                    found.insert("count");
                }
                assert_eq!(found, expected, "{language:?} {text}");
            }
        }
    }
}

#[test]
fn no_text_is_empty_padded_or_has_control_characters() {
    for &language in VisitorLanguage::ALL {
        for text in all_texts(language) {
            assert!(
                !text.is_empty() && text.trim() == text,
                "{language:?} {text:?}"
            );
            assert!(!text.chars().any(char::is_control), "{language:?} {text:?}");
        }
    }
}

#[test]
fn a_label_of_a_face_fits_below_its_face() {
    for &language in VisitorLanguage::ALL {
        let faces = language.prompt_texts().unbroken_faces();
        assert_eq!(BTreeSet::from_iter(&faces).len(), 5, "{language:?}");
        for label in &faces {
            assert!(label.chars().count() <= 20, "{language:?} {label}");
        }
    }
}

/// The texts of each place, and how many characters fit there in a widget that is 240 px wide.
fn places(texts: &Texts) -> [(&'static str, Vec<&'static str>, usize); 6] {
    let Texts {
        prompt,
        widget,
        link,
        ..
    } = texts;
    let WidgetTexts {
        transcript,
        problems,
        ..
    } = widget;
    [
        (
            "a heading of at most three lines",
            vec![prompt.question, prompt.question_about, widget.reasons],
            60,
        ),
        (
            "a button of one line",
            vec![
                widget.send_comment,
                widget.change_comment,
                widget.retry,
                link.confirm,
            ],
            24,
        ),
        ("a button of two lines", vec![transcript.button], 40),
        (
            "a label or a short sentence",
            vec![
                widget.saving,
                prompt.thanks,
                widget.changeable,
                widget.reasons_hint,
                prompt.comment,
                widget.comment_saved,
                widget.comment_removed,
                transcript.to,
                transcript.no_address,
                transcript.sending,
                transcript.sent,
            ],
            50,
        ),
        (
            "an error message",
            vec![
                problems.unreachable,
                problems.throttled,
                problems.rating_closed,
                problems.invalid_reason,
                problems.rating_request_superseded,
                problems.rating_request_withdrawn,
                problems.rating_request_expired,
                problems.rating_request_not_found,
                problems.invalid_visitor_token,
                problems.transcript_limit_reached,
                problems.email_outcome_unknown,
                problems.nothing_to_send,
                problems.email_refused,
                problems.other,
                transcript.failed,
                link.broken,
                link.expired,
                link.superseded,
            ],
            125,
        ),
        ("an explanation", vec![widget.reasons_full], 100),
    ]
}

#[test]
fn no_text_is_longer_than_its_place_allows() {
    for &language in VisitorLanguage::ALL {
        for (place, texts, maximum) in places(&language.texts()) {
            for text in texts {
                let length = text.chars().count();
                assert!(
                    length <= maximum,
                    "{language:?}, {place}: {length} characters: {text}"
                );
            }
        }
    }
}
