//! The modules that are compiled in.

/// A module that is compiled in.
pub(crate) struct File {
    /// The folder and the name under `assets/`.
    pub(crate) path: &'static str,
    pub(crate) source: &'static str,
}

macro_rules! files {
    ($($path:literal)+) => {
        &[$(File {
            path: $path,
            source: include_str!(concat!("../assets/", $path)),
        }),+]
    };
}

/// The modules that all parts use.
pub(crate) const COMMON: &[File] = files! {
    "common/api.js"
    "common/dom.js"
    "common/frame.js"
    "common/keys.js"
    "common/locale.js"
    "common/palette.js"
    "common/problem-box.js"
    "common/register.js"
    "common/texts.js"
    "common/theme.js"
};

/// The faces of the scores, for the parts that show given ratings.
pub(crate) const FACES: &[File] = files! {
    "common/faces.js"
};

/// The mail of a transcript as it would be sent.
pub(crate) const MAIL_PREVIEW: &[File] = files! {
    "common/preview-dialog.js"
    "common/preview-styles.js"
};

/// For the parts that follow a conversation while it changes.
pub(crate) const POLLER: &[File] = files! {
    "common/poller.js"
};

/// For the parts that ask visitors.
pub(crate) const DELAY: &[File] = files! {
    "common/delay.js"
};

/// For the parts with requests that must not take effect twice.
pub(crate) const IDEMPOTENCY: &[File] = files! {
    "common/idempotency-key.js"
};

/// The rating question, in the chat or on a page.
pub(crate) const QUESTION: &[File] = files! {
    "common/accent.js"
    "rating/change.js"
    "rating/face.js"
    "rating/languages.js"
    "rating/reasons.js"
    "rating/request-language.js"
    "rating/styles.js"
    "rating/view.js"
    "texts/en.js"
    "texts/languages.js"
};

pub(crate) const RATING: &[File] = files! {
    "rating/define.js"
    "rating/element.js"
    "rating/transcript-styles.js"
    "rating/transcript.js"
};

pub(crate) const LINK: &[File] = files! {
    "link/brand.js"
    "link/define.js"
    "link/element.js"
    "link/fragment.js"
    "link/styles.js"
    "link/texts.js"
    "link-texts/en.js"
};

/// The languages of the rating question. Each is loaded when it is needed.
pub(crate) const LANGUAGES: &[File] = files! {
    "texts/ar.js"
    "texts/de.js"
    "texts/es.js"
    "texts/fr.js"
    "texts/he.js"
    "texts/hi.js"
    "texts/it.js"
    "texts/ja.js"
    "texts/ko.js"
    "texts/nl.js"
    "texts/pl.js"
    "texts/pt.js"
    "texts/tr.js"
    "texts/uk.js"
    "texts/zh.js"
};

/// The languages of the texts that only the rating page has.
pub(crate) const LINK_LANGUAGES: &[File] = files! {
    "link-texts/ar.js"
    "link-texts/de.js"
    "link-texts/es.js"
    "link-texts/fr.js"
    "link-texts/he.js"
    "link-texts/hi.js"
    "link-texts/it.js"
    "link-texts/ja.js"
    "link-texts/ko.js"
    "link-texts/nl.js"
    "link-texts/pl.js"
    "link-texts/pt.js"
    "link-texts/tr.js"
    "link-texts/uk.js"
    "link-texts/zh.js"
};

/// The reasons of given ratings.
pub(crate) const REASONS: &[File] = files! {
    "common/reason-list.js"
};

/// For the parts with buttons of which one or several are pressed.
pub(crate) const CHOICES: &[File] = files! {
    "common/choice-styles.js"
};

/// The languages and error messages of the sidebar, the report and the settings page.
pub(crate) const AGENT_TEXTS: &[File] = files! {
    "common/element-texts.js"
    "sidebar/problems.js"
};

pub(crate) const AGENT: &[File] = files! {
    "sidebar/define.js"
    "sidebar/conversation-element.js"
    "sidebar/conversation.js"
    "sidebar/countdown.js"
    "sidebar/dates.js"
    "sidebar/languages.js"
    "sidebar/texts.js"
    "actions/ask-rating.js"
    "actions/element.js"
    "actions/field.js"
    "actions/send-transcript.js"
    "actions/styles.js"
    "actions/transcript-form.js"
    "actions/transcript-list.js"
    "thread/element.js"
    "thread/entries.js"
    "thread/event-text.js"
    "thread/rating-summary.js"
    "thread/styles.js"
};

pub(crate) const SATISFACTION: &[File] = files! {
    "report/define.js"
    "report/adaptive-styles.js"
    "report/bars.js"
    "report/breakdown-columns.js"
    "report/breakdown.js"
    "report/chart-parts.js"
    "report/chart-styles.js"
    "report/chart.js"
    "report/csat-chart.js"
    "report/days.js"
    "report/dialog-styles.js"
    "report/distribution.js"
    "report/element.js"
    "report/filters.js"
    "report/formatter.js"
    "report/gauge.js"
    "report/headlines.js"
    "report/languages.js"
    "report/line.js"
    "report/rating-item.js"
    "report/ratings-dialog.js"
    "report/reasons.js"
    "report/report-client.js"
    "report/response-rate-chart.js"
    "report/save-file.js"
    "report/scores-chart.js"
    "report/selection.js"
    "report/styles.js"
    "report/table-styles.js"
    "report/table.js"
    "report/texts.js"
    "report/view.js"
    "report/ways-of-asking.js"
};

/// The settings page.
pub(crate) const SETTINGS_PAGE: &[File] = files! {
    "settings/define.js"
    "settings/asking-section.js"
    "settings/brand-section.js"
    "settings/checks.js"
    "settings/compact.js"
    "settings/conflict-section.js"
    "settings/conflict-styles.js"
    "settings/describe.js"
    "settings/difference.js"
    "settings/document.js"
    "settings/draft.js"
    "settings/element.js"
    "settings/hidden-characters.js"
    "settings/language-names.js"
    "settings/languages.js"
    "settings/list-field.js"
    "settings/mail-preview-section.js"
    "settings/mail-sender.js"
    "settings/mail-subjects.js"
    "settings/messages.js"
    "settings/number-field.js"
    "settings/page.js"
    "settings/preview-section.js"
    "settings/preview.js"
    "settings/reason-card.js"
    "settings/reason-id.js"
    "settings/reasons-section.js"
    "settings/resolve-rule.js"
    "settings/resolve-rule-checks.js"
    "settings/resolve-rule-form.js"
    "settings/resolve-rule-sentence.js"
    "settings/rule-styles.js"
    "settings/rules.js"
    "settings/setting-check.js"
    "settings/setting-field.js"
    "settings/settings-client.js"
    "settings/styles.js"
    "settings/texts-section.js"
    "settings/texts.js"
    "settings/transcripts-section.js"
    "settings/unknown-members.js"
    "settings/view.js"
};

/// Languages that the sidebar loads when they are needed.
pub(crate) const SIDEBAR_LANGUAGES: &[File] = files! {
    "sidebar/texts-ar.js"
    "sidebar/texts-de.js"
    "sidebar/texts-es.js"
    "sidebar/texts-fr.js"
    "sidebar/texts-pt.js"
};

/// Languages that the report loads when they are needed.
pub(crate) const REPORT_LANGUAGES: &[File] = files! {
    "report/texts-ar.js"
    "report/texts-de.js"
    "report/texts-es.js"
    "report/texts-fr.js"
    "report/texts-pt.js"
};

/// Languages that the settings page loads when they are needed.
pub(crate) const SETTINGS_LANGUAGES: &[File] = files! {
    "settings/texts-ar.js"
    "settings/texts-de.js"
    "settings/texts-es.js"
    "settings/texts-fr.js"
    "settings/texts-pt.js"
};

/// All modules.
pub(crate) fn all() -> impl Iterator<Item = &'static File> {
    [
        COMMON,
        FACES,
        DELAY,
        POLLER,
        IDEMPOTENCY,
        QUESTION,
        RATING,
        LINK,
        LANGUAGES,
        LINK_LANGUAGES,
        REASONS,
        CHOICES,
        MAIL_PREVIEW,
        AGENT_TEXTS,
        AGENT,
        SATISFACTION,
        SETTINGS_PAGE,
        SIDEBAR_LANGUAGES,
        REPORT_LANGUAGES,
        SETTINGS_LANGUAGES,
    ]
    .into_iter()
    .flatten()
}
