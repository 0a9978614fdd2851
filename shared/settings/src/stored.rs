use domain::{
    EmailAddress, InvalidValue, ReasonId, ReasonScores, Score, SenderAddress, SenderName,
};
use serde_json::{Map, Value};
use texts::VisitorLanguage;

use crate::asking::AskingSettings;
use crate::brand::{Brand, LogoUrl};
use crate::color::AccentColor;
use crate::document::Settings;
use crate::reasons::Reason;
use crate::rule::Rule;
use crate::setting_text::{SettingText, TextRule};
use crate::transcripts::TranscriptSettings;
use crate::visitor_texts::{TEXT_RULES, VisitorTexts};

impl Settings {
    /// Reads a stored document. Members that are unknown or that break a rule of this version are
    /// ignored.
    ///
    /// ```
    /// use settings::Settings;
    ///
    /// let newer = r#"{ "default_language": "pl", "brand": { "slogan": "…" }, "texts": { "sv": {} } }"#;
    /// let settings = Settings::from_stored(newer);
    /// assert_eq!(settings.default_language().as_str(), "pl");
    /// assert!(settings.texts.is_empty());
    /// ```
    pub fn from_stored(document: &str) -> Self {
        let document: Value = serde_json::from_str(document).unwrap_or_default();
        Self {
            default_language: read(&document, "default_language", |text| {
                VisitorLanguage::of_code(text).ok_or(())
            }),
            brand: read_brand(document.get("brand").unwrap_or(&Value::Null)),
            texts: members(document.get("texts"))
                .filter_map(|(code, texts)| {
                    Some((VisitorLanguage::of_code(code)?, read_texts(texts)))
                })
                .collect(),
            reasons: document
                .get("reasons")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(read_reason)
                .collect(),
            asking: read_asking(document.get("asking").unwrap_or(&Value::Null)),
            transcripts: read_transcripts(document.get("transcripts").unwrap_or(&Value::Null)),
        }
    }
}

fn read<T, E>(object: &Value, name: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
    parse(object.get(name)?.as_str()?).ok()
}

fn read_text(object: &Value, name: &str, rule: TextRule) -> Option<SettingText> {
    read(object, name, |text| SettingText::parse(text, rule))
}

fn members(object: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    object
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

fn read_brand(brand: &Value) -> Brand {
    Brand {
        name: read_text(brand, "name", Brand::NAME),
        reply_to: read(brand, "reply_to", EmailAddress::parse),
        logo_url: read(brand, "logo_url", LogoUrl::parse),
        accent_color: read(brand, "accent_color", AccentColor::parse),
    }
}

fn read_texts(texts: &Value) -> VisitorTexts {
    VisitorTexts {
        question: read_text(texts, "question", TEXT_RULES.question),
        question_about: read_text(texts, "question_about", TEXT_RULES.question_about),
        thanks: read_text(texts, "thanks", TEXT_RULES.thanks),
        faces: texts.get("faces").and_then(VisitorTexts::parse_faces),
        comment: read_text(texts, "comment", TEXT_RULES.comment),
        mail_subject: read_text(texts, "mail_subject", TEXT_RULES.mail_subject),
        mail_intro: read_text(texts, "mail_intro", TEXT_RULES.mail_intro),
    }
}

fn read_reason(reason: &Value) -> Option<Reason> {
    let scores = reason.get("scores")?.as_array()?.iter();
    let scores: Option<Vec<_>> = scores.map(|score| read_score(score).ok()).collect();
    Some(Reason {
        id: read(reason, "id", ReasonId::parse)?,
        scores: ReasonScores::new(scores?).ok()?,
        labels: members(reason.get("labels"))
            .filter_map(|(code, label)| {
                let label = SettingText::parse(label.as_str()?, Reason::LABEL).ok()?;
                Some((VisitorLanguage::of_code(code)?, label))
            })
            .collect(),
    })
}

fn read_asking(asking: &Value) -> AskingSettings {
    let number = |name| asking.get(name).and_then(Value::as_u64);
    AskingSettings {
        on_resolve: Rule::read_stored(asking.get("on_resolve")),
        mail_if_unanswered_after_hours: number("mail_if_unanswered_after_hours")
            .and_then(|hours| AskingSettings::parse_mail_hours(hours).ok()),
        expires_after_days: number("expires_after_days")
            .and_then(|days| AskingSettings::parse_expiry_days(days).ok()),
    }
}

fn read_transcripts(transcripts: &Value) -> TranscriptSettings {
    let flag = |name| transcripts.get(name).and_then(Value::as_bool) == Some(true);
    TranscriptSettings {
        from: read(transcripts, "from", SenderAddress::parse),
        sender_name: read(transcripts, "sender_name", SenderName::parse),
        on_resolve: Rule::read_stored(transcripts.get("on_resolve")),
        visitor_may_request: flag("visitor_may_request"),
        redact_card_numbers: flag("redact_card_numbers"),
    }
}

fn read_score(score: &Value) -> Result<Score, InvalidValue> {
    let score = score.as_u64().unwrap_or_default();
    Score::parse(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_document_is_read_as_it_was_written() {
        let document = r##"{"default_language":"pl","brand":{"name":"Acme","reply_to":"help@acme.example","logo_url":"https://acme.example/l.png","accent_color":"#3b2fcf"},"texts":{"en":{"question":"Well?"},"pl":{"question":"Jak?","question_about":"Jak z {agent}?","thanks":"Dzięki!","faces":["1","2","3","4","5"],"comment":"Coś?","mail_subject":"{brand} {date}","mail_intro":"Hej"}},"reasons":[{"id":"slow","scores":[1,2],"labels":{"en":"Slow","pl":"Wolno"}}],"asking":{"on_resolve":{"enabled":true,"after_minutes":15,"conditions":{"channels":["widget"],"inboxes":["3"],"teams":["t"],"labels_any":["a"],"labels_none":["b"],"minimum_messages":{"visitor":2,"agent":1},"skip_resolved_by":["bot"],"sample_percent":50}},"mail_if_unanswered_after_hours":24,"expires_after_days":30},"transcripts":{"from":"help@acme.example","sender_name":"Acme","on_resolve":{"enabled":false,"after_minutes":0},"visitor_may_request":true,"redact_card_numbers":true}}"##;
        assert_eq!(
            serde_json::to_string(&Settings::from_stored(document)).unwrap(),
            document
        );
    }

    #[test]
    fn what_a_newer_version_wrote_is_ignored_alone() {
        let document = r##"{"default_language":"sv","brand":{"name":"Acme","accent_color":"oklch(1 0 0)"},"texts":{"pl":{"question":"Jak {team}?","thanks":"Dzięki!","faces":["1","2"]}},"reasons":[{"id":"slow","scores":[0],"labels":{}},{"id":"ok","scores":[5],"labels":{"sv":"Bra","en":"Good"}}],"rules":[]}"##;
        let read = serde_json::to_string(&Settings::from_stored(document)).unwrap();
        assert_eq!(
            read,
            r#"{"brand":{"name":"Acme"},"texts":{"pl":{"thanks":"Dzięki!"}},"reasons":[{"id":"ok","scores":[5],"labels":{"en":"Good"}}]}"#
        );
    }

    #[test]
    fn a_rule_with_a_part_that_this_version_does_not_know_is_disabled() {
        for rule in [
            r#"{"enabled":true,"after_minutes":15,"conditions":{"weekdays":[1]}}"#,
            r#"{"enabled":true,"after_minutes":15,"conditions":{"labels_any":[""]}}"#,
            r#"{"enabled":true,"after_minutes":15,"conditions":{"sample_percent":0}}"#,
            r#"{"enabled":true,"after_minutes":15,"only_on":"weekdays"}"#,
            r#"{"enabled":true,"after_minutes":10081}"#,
            r#"{"enabled":true}"#,
        ] {
            let document =
                format!(r#"{{"asking":{{"on_resolve":{rule},"expires_after_days":9}}}}"#);
            let read = Settings::from_stored(&document);
            assert_eq!(read.asking.on_resolve, None, "{rule}");
            assert_eq!(read.asking.expires_after_days, Some(9));
        }
    }

    #[test]
    fn what_is_not_a_document_is_read_as_no_settings() {
        for text in [
            "",
            "[]",
            "null",
            "{",
            "{\"texts\":[1],\"reasons\":{},\"brand\":3}",
        ] {
            assert_eq!(Settings::from_stored(text), Settings::default(), "{text}");
        }
    }
}
