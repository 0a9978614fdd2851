//! From a request body to settings. Every error names the path of the setting.

use domain::{
    EmailAddress, InvalidValue, ReasonId, ReasonScores, Score, SenderAddress, SenderName,
};
use errors::{Refusal, RefusalCode};
use lambda::http::{Fields, check_from_header, flag, text, whole_number};
use serde_json::Value;
use settings::{
    AccentColor, AskingSettings, Brand, LogoUrl, MAXIMUM_BYTES, MAXIMUM_REASONS, Reason,
    SettingText, Settings, TEXT_RULES, TextRule, TranscriptSettings, VisitorTexts,
};
use texts::VisitorLanguage;

use crate::decode_rule::decode_rule;

/// Reads the settings in `body`.
///
/// # Errors
/// 400 if the body is not JSON, 413 if it has more than 64 kB, 422 if a setting breaks its rule.
pub(crate) fn decode_settings(body: &[u8]) -> Result<Settings, Refusal> {
    if body.len() > MAXIMUM_BYTES {
        return Err(Refusal::new(
            RefusalCode::BodyTooLarge,
            "The settings must have at most 64 kB.",
        ));
    }
    let mut fields = Fields::of_body(body)?;
    let settings = Settings {
        default_language: fields.optional("default_language", text(supported_language))?,
        brand: fields
            .optional_object("brand")?
            .map(decode_brand)
            .transpose()?
            .unwrap_or_default(),
        texts: match fields.optional_object("texts")? {
            Some(texts) => decode_by_language(texts, |texts, code| {
                decode_texts(texts.required_object(code)?)
            })?,
            None => Default::default(),
        },
        reasons: fields
            .optional_objects("reasons", 0..=MAXIMUM_REASONS)?
            .unwrap_or_default()
            .into_iter()
            .map(decode_reason)
            .collect::<Result<_, _>>()?,
        asking: fields
            .optional_object("asking")?
            .map(decode_asking)
            .transpose()?
            .unwrap_or_default(),
        transcripts: fields
            .optional_object("transcripts")?
            .map(decode_transcripts)
            .transpose()?
            .unwrap_or_default(),
    };
    fields.finish()?;
    settings
        .check()
        .map_err(|invalid| Refusal::invalid_field(&invalid.path, &invalid.rule))?;
    Ok(settings)
}

fn decode_brand(mut brand: Fields) -> Result<Brand, Refusal> {
    let decoded = Brand {
        name: brand.optional("name", setting_text(Brand::NAME))?,
        reply_to: brand.optional("reply_to", text(EmailAddress::parse))?,
        logo_url: brand.optional("logo_url", text(LogoUrl::parse))?,
        accent_color: brand.optional("accent_color", text(AccentColor::parse))?,
    };
    brand.finish()?;
    Ok(decoded)
}

fn decode_texts(mut texts: Fields) -> Result<VisitorTexts, Refusal> {
    let decoded = VisitorTexts {
        question: texts.optional("question", setting_text(TEXT_RULES.question))?,
        question_about: texts
            .optional("question_about", setting_text(TEXT_RULES.question_about))?,
        thanks: texts.optional("thanks", setting_text(TEXT_RULES.thanks))?,
        faces: texts.optional("faces", five_faces)?,
        comment: texts.optional("comment", setting_text(TEXT_RULES.comment))?,
        mail_subject: texts.optional("mail_subject", setting_text(TEXT_RULES.mail_subject))?,
        mail_intro: texts.optional("mail_intro", setting_text(TEXT_RULES.mail_intro))?,
    };
    texts.finish()?;
    Ok(decoded)
}

fn decode_reason(mut reason: Fields) -> Result<Reason, Refusal> {
    let labels = reason.required_object("labels")?;
    let decoded = Reason {
        id: reason.required("id", text(ReasonId::parse))?,
        scores: reason.required("scores", scores)?,
        labels: decode_by_language(labels, |labels, code| {
            labels.required(code, setting_text(Reason::LABEL))
        })?,
    };
    reason.finish()?;
    Ok(decoded)
}

fn decode_asking(mut asking: Fields) -> Result<AskingSettings, Refusal> {
    for name in [
        "on_resolve",
        "mail_if_unanswered_after_hours",
        "expires_after_days",
    ] {
        asking.take_null(name);
    }
    let decoded = AskingSettings {
        on_resolve: decode_rule(&mut asking, 15)?,
        mail_if_unanswered_after_hours: asking
            .optional("mail_if_unanswered_after_hours", |value| {
                whole_number(value).and_then(AskingSettings::parse_mail_hours)
            })?,
        expires_after_days: asking.optional("expires_after_days", |value| {
            whole_number(value).and_then(AskingSettings::parse_expiry_days)
        })?,
    };
    asking.finish()?;
    Ok(decoded)
}

fn decode_transcripts(mut transcripts: Fields) -> Result<TranscriptSettings, Refusal> {
    for name in ["from", "sender_name", "on_resolve"] {
        transcripts.take_null(name);
    }
    let decoded = TranscriptSettings {
        from: transcripts.optional("from", text(SenderAddress::parse))?,
        sender_name: transcripts.optional("sender_name", text(SenderName::parse))?,
        on_resolve: decode_rule(&mut transcripts, 60)?,
        visitor_may_request: transcripts
            .optional("visitor_may_request", flag)?
            .unwrap_or(false),
        redact_card_numbers: transcripts
            .optional("redact_card_numbers", flag)?
            .unwrap_or(false),
    };
    transcripts.finish()?;
    if let (Some(from), Some(name)) = (&decoded.from, &decoded.sender_name) {
        check_from_header("transcripts.sender_name", name, from)
            .map_err(|refusal| refusal.with_code(RefusalCode::InvalidRequest))?;
    }
    Ok(decoded)
}

/// Reads an object whose names are languages.
fn decode_by_language<T, C: FromIterator<(VisitorLanguage, T)>>(
    mut object: Fields,
    mut decode: impl FnMut(&mut Fields, &str) -> Result<T, Refusal>,
) -> Result<C, Refusal> {
    let names = object.names();
    names
        .iter()
        .map(|name| {
            let language =
                supported_language(name).map_err(|rule| object.invalid(name, rule.to_string()))?;
            Ok((language, decode(&mut object, name)?))
        })
        .collect()
}

fn supported_language(code: &str) -> Result<VisitorLanguage, InvalidValue> {
    VisitorLanguage::of_code(code).ok_or_else(|| {
        let codes: Vec<_> = VisitorLanguage::ALL.iter().map(|it| it.as_str()).collect();
        InvalidValue::new(format!("must be one of the languages {}", codes.join(", ")))
    })
}

fn setting_text(rule: TextRule) -> impl FnOnce(&Value) -> Result<SettingText, InvalidValue> {
    text(move |text| SettingText::parse(text, rule))
}

fn five_faces(value: &Value) -> Result<[SettingText; 5], InvalidValue> {
    VisitorTexts::parse_faces(value).ok_or_else(|| {
        InvalidValue::new(format!(
            "must be 5 labels, each of 1 to {} characters on one line, without {{ or }}",
            TEXT_RULES.face.maximum
        ))
    })
}

fn scores(value: &Value) -> Result<ReasonScores, InvalidValue> {
    let scores = value
        .as_array()
        .ok_or_else(|| InvalidValue::new("must be an array"))?;
    let scores: Result<Vec<_>, _> = scores
        .iter()
        .map(|score| whole_number(score).and_then(Score::parse))
        .collect();
    ReasonScores::new(scores?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(document: Value) -> (String, String) {
        let refusal = decode_settings(document.to_string().as_bytes()).unwrap_err();
        let field = refusal.members().iter().find(|(name, _)| *name == "field");
        let field = field
            .and_then(|(_, field)| field.as_str())
            .unwrap_or_default();
        (field.to_owned(), refusal.detail().to_owned())
    }

    #[test]
    fn a_whole_document_is_read_and_written_in_one_form() {
        let document = json!({
            "default_language": "pl",
            "brand": { "name": "Acme", "accent_color": "#3B2FCF" },
            "texts": { "pl": { "question": "Jak było?", "faces": ["1", "2", "3", "4", "5"] } },
            "reasons": [{ "id": "slow", "scores": [3, 1], "labels": { "pl": "Wolno" } }],
        });
        let settings = decode_settings(document.to_string().as_bytes()).unwrap();
        assert_eq!(
            serde_json::to_value(settings).unwrap(),
            json!({
                "default_language": "pl",
                "brand": { "name": "Acme", "accent_color": "#3b2fcf" },
                "texts": { "pl": { "question": "Jak było?", "faces": ["1", "2", "3", "4", "5"] } },
                "reasons": [{ "id": "slow", "scores": [1, 3], "labels": { "pl": "Wolno" } }],
            })
        );
    }

    #[test]
    fn an_error_names_the_path_of_the_setting() {
        let label = json!({ "en": "Slow" });
        for (document, field) in [
            (json!({ "default_language": "sv" }), "default_language"),
            (json!({ "default_language": "EN" }), "default_language"),
            (
                json!({ "brand": { "logo_url": "javascript:alert(1)" } }),
                "brand.logo_url",
            ),
            (
                json!({ "brand": { "accent_color": "red" } }),
                "brand.accent_color",
            ),
            (json!({ "brand": { "reply_to": "a" } }), "brand.reply_to"),
            (json!({ "brand": { "slogan": "x" } }), "brand.slogan"),
            (json!({ "texts": { "xx": {} } }), "texts.xx"),
            (json!({ "texts": { "pl": 1 } }), "texts.pl"),
            (
                json!({ "texts": { "pl": { "question": "a\nb" } } }),
                "texts.pl.question",
            ),
            (
                json!({ "texts": { "pl": { "question_about": "{agnet}" } } }),
                "texts.pl.question_about",
            ),
            (
                json!({ "texts": { "pl": { "faces": ["a"] } } }),
                "texts.pl.faces",
            ),
            (
                json!({ "reasons": [{ "id": "a", "scores": [1], "labels": label, "x": 1 }] }),
                "reasons[0].x",
            ),
            (
                json!({ "reasons": [{ "id": "A", "scores": [1], "labels": label }] }),
                "reasons[0].id",
            ),
            (
                json!({ "reasons": [{ "id": "a", "scores": [6], "labels": label }] }),
                "reasons[0].scores",
            ),
            (
                json!({ "reasons": [{ "id": "a", "scores": [1, 1], "labels": label }] }),
                "reasons[0].scores",
            ),
            (
                json!({ "reasons": [{ "id": "a", "scores": [1], "labels": { "pl": "x" } }] }),
                "reasons[0].labels.en",
            ),
            (json!({ "asking": { "x": 1 } }), "asking.x"),
            (
                json!({ "asking": { "expires_after_days": 366 } }),
                "asking.expires_after_days",
            ),
            (
                json!({ "asking": { "mail_if_unanswered_after_hours": 0 } }),
                "asking.mail_if_unanswered_after_hours",
            ),
            (
                json!({ "asking": { "mail_if_unanswered_after_hours": 1 } }),
                "transcripts.from",
            ),
            (
                json!({ "transcripts": { "on_resolve": { "enabled": true } } }),
                "transcripts.from",
            ),
            (
                json!({ "transcripts": { "from": "Acme <a@b.example>" } }),
                "transcripts.from",
            ),
            (
                json!({ "transcripts": { "sender_name": "a@b" } }),
                "transcripts.sender_name",
            ),
            (
                json!({ "transcripts": { "redact_card_numbers": "yes" } }),
                "transcripts.redact_card_numbers",
            ),
            (
                json!({ "transcripts": { "visitor_may_request": true } }),
                "transcripts.from",
            ),
            (
                json!({ "transcripts": { "bcc": "a@b.example" } }),
                "transcripts.bcc",
            ),
        ] {
            assert_eq!(refusal(document).0, field);
        }
    }

    #[test]
    fn a_document_has_at_most_64_kb() {
        let settings = format!("{{\"brand\":{{}}{}}}", " ".repeat(MAXIMUM_BYTES));
        let refusal = decode_settings(settings.as_bytes()).unwrap_err();
        assert_eq!(refusal.code(), RefusalCode::BodyTooLarge);
    }
}
