//! The modules with the texts of each language.

use texts::{Direction, LinkTexts, OwnTranscriptTexts, RatingProblems, Texts, VisitorLanguage};

use crate::javascript::Value::{self, Group, List, Text};

/// The folder of the texts of the rating question.
pub(crate) const TEXTS: &str = "texts";

/// The folder of the texts that only the rating page has. Visitors in a chat do not load them.
pub(crate) const LINK_TEXTS: &str = "link-texts";

const COMMAND: &str = "REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules";

/// Returns the path of each module in `assets/`, and its source.
pub(crate) fn all() -> impl Iterator<Item = (String, String)> {
    let of_languages = VisitorLanguage::ALL.iter().flat_map(|language| {
        let code = language.as_str();
        let from = format!("shared/texts/src/languages/{code}.rs");
        let texts = language.texts();
        let rating = "import(\"../../types/afterchat\").RatingTexts";
        let link = "import(\"../link/texts.js\").LinkTexts";
        [
            (TEXTS, rating, rating_texts(&texts)),
            (LINK_TEXTS, link, link_texts(texts.link)),
        ]
        .map(|(folder, kind, value)| {
            let code = format!("{folder}/{code}.js");
            let value = value.code("export default ", 0);
            (
                code,
                format!("{}/** @type {{{kind}}} */\n{value};\n", heading(&from)),
            )
        })
    });
    std::iter::once((format!("{TEXTS}/languages.js"), languages())).chain(of_languages)
}

fn heading(from: &str) -> String {
    format!("// Generated from {from}. Edit that file, then run: {COMMAND}\n")
}

fn languages() -> String {
    let codes = |is_listed: fn(&VisitorLanguage) -> bool| {
        let listed = VisitorLanguage::ALL.iter().copied().filter(is_listed);
        List(listed.map(VisitorLanguage::as_str).collect())
    };
    let all = codes(|_| true).code("export const LANGUAGES = ", 0);
    let right_to_left = codes(|language| language.direction() == Direction::RightToLeft);
    let right_to_left = right_to_left.code("export const RIGHT_TO_LEFT = ", 0);
    format!(
        "{}\n/** The codes of the languages that have texts. */\n{all};\n\n\
         /** Those that are written from right to left. */\n{right_to_left};\n",
        heading("shared/texts/src/language.rs"),
    )
}

fn rating_texts(texts: &Texts) -> Value {
    let Texts { prompt, widget, .. } = texts;
    Group(vec![
        ("question", Text(prompt.question)),
        ("questionAbout", Text(prompt.question_about)),
        ("faces", List(prompt.faces.to_vec())),
        ("face", Text(widget.face)),
        ("saving", Text(widget.saving)),
        ("thanks", Text(prompt.thanks)),
        ("changeable", Text(widget.changeable)),
        ("reasons", Text(widget.reasons)),
        ("reasonsHint", Text(widget.reasons_hint)),
        ("reasonsFull", Text(widget.reasons_full)),
        ("comment", Text(prompt.comment)),
        ("sendComment", Text(widget.send_comment)),
        ("commentSaved", Text(widget.comment_saved)),
        ("commentRemoved", Text(widget.comment_removed)),
        ("changeComment", Text(widget.change_comment)),
        ("retry", Text(widget.retry)),
        ("transcript", transcript(&widget.transcript)),
        ("problems", problems(&widget.problems)),
    ])
}

fn transcript(texts: &OwnTranscriptTexts) -> Value {
    Group(vec![
        ("button", Text(texts.button)),
        ("to", Text(texts.to)),
        ("noAddress", Text(texts.no_address)),
        ("sending", Text(texts.sending)),
        ("sent", Text(texts.sent)),
        ("failed", Text(texts.failed)),
    ])
}

fn problems(texts: &RatingProblems) -> Value {
    Group(vec![
        ("unreachable", Text(texts.unreachable)),
        ("throttled", Text(texts.throttled)),
        ("rating_closed", Text(texts.rating_closed)),
        ("invalid_reason", Text(texts.invalid_reason)),
        (
            "rating_request_superseded",
            Text(texts.rating_request_superseded),
        ),
        (
            "rating_request_withdrawn",
            Text(texts.rating_request_withdrawn),
        ),
        (
            "rating_request_not_found",
            Text(texts.rating_request_not_found),
        ),
        ("invalid_visitor_token", Text(texts.invalid_visitor_token)),
        (
            "transcript_limit_reached",
            Text(texts.transcript_limit_reached),
        ),
        ("email_outcome_unknown", Text(texts.email_outcome_unknown)),
        ("nothing_to_send", Text(texts.nothing_to_send)),
        ("email_refused", Text(texts.email_refused)),
        ("other", Text(texts.other)),
    ])
}

fn link_texts(texts: &LinkTexts) -> Value {
    Group(vec![
        ("confirm", Text(texts.confirm)),
        ("broken", Text(texts.broken)),
        ("expired", Text(texts.expired)),
        ("superseded", Text(texts.superseded)),
    ])
}
