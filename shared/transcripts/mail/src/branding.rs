//! How an organisation presents itself in a mail.

use domain::ConversationId;
use settings::{AccentColor, LogoUrl, Settings};
use texts::{VisitorLanguage, fill_isolated};

use crate::language::MailLanguage;
use crate::sanitize::{beginning, clean_line};
use crate::subject::SubjectTemplate;

const BRAND_LENGTH: usize = 100;

/// The brand and the subject of a deployment, for organisations whose settings do not contain them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultBranding {
    brand: String,
    subject: SubjectTemplate,
}

/// How an organisation presents itself in a mail of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branding {
    brand: String,
    subject: SubjectTemplate,
    /// The text above the conversation.
    pub(crate) intro: Option<String>,
    /// The image above the title.
    pub(crate) logo: Option<Logo>,
    /// The colours of links and agents' messages.
    pub(crate) accent: Option<Accent>,
    /// The question above the faces.
    pub(crate) question: String,
    /// The labels of the faces, from the lowest score to the highest.
    pub(crate) faces: [String; 5],
}

/// The image of a brand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Logo {
    /// The address of the image.
    pub(crate) url: LogoUrl,
    /// The text that is shown instead of the image.
    pub(crate) text: String,
}

/// The accent colour of a brand, changed as little as it needs to be readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accent {
    /// On a white page.
    pub(crate) on_light: AccentColor,
    /// On a dark page.
    pub(crate) on_dark: AccentColor,
}

impl DefaultBranding {
    /// Creates the default branding. Line breaks in the name become spaces, control characters are
    /// removed, and a name of more than 100 characters is truncated.
    ///
    /// ```
    /// use domain::ConversationId;
    /// use settings::Settings;
    /// use texts::VisitorLanguage;
    /// use transcript_mail::{DefaultBranding, MailLanguage, SubjectTemplate};
    ///
    /// let subject = SubjectTemplate::parse("{brand}: {conversation}, {date}")?;
    /// let defaults = DefaultBranding::new("Acme", subject);
    /// let branding = defaults.with(&Settings::default(), VisitorLanguage::English);
    /// let id = ConversationId::parse("chat-42")?;
    /// let english = MailLanguage::choose([], VisitorLanguage::English)?;
    /// assert_eq!(branding.subject(&id, "6 June 2026", &english), "Acme: chat-42, 6 June 2026");
    /// assert_eq!(branding.title(&english), "Your conversation with Acme");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(brand: &str, subject: SubjectTemplate) -> Self {
        Self {
            brand: one_line_name(brand),
            subject,
        }
    }

    /// Returns the name of an organisation with `settings`, on one line. It may be empty.
    pub fn brand(&self, settings: &Settings) -> String {
        let own = settings.brand.name.as_ref();
        own.map_or_else(|| self.brand.clone(), |name| one_line_name(name.as_str()))
    }

    /// Returns the branding of an organisation with `settings` for a mail in `language`.
    ///
    /// The subject of the deployment is used only in the default language of the settings. If the
    /// brand is blank, a subject that contains `{brand}` becomes the title without a brand. Its other
    /// placeholders are appended.
    pub fn with(&self, settings: &Settings, language: VisitorLanguage) -> Branding {
        let brand = self.brand(settings);
        let texts = settings.texts.get(&language);
        let own_subject = texts.and_then(|texts| texts.mail_subject.as_ref());
        let subject = match own_subject.map(|text| SubjectTemplate::parse(text.as_str())) {
            Some(Ok(subject)) => subject,
            _ if language == settings.default_language() => self.subject.clone(),
            _ => SubjectTemplate::default(),
        };
        let subject = if brand.is_empty() {
            subject.without_brand(language.mail_texts().title_without_brand)
        } else {
            subject
        };
        let intro = texts.and_then(|texts| texts.mail_intro.as_ref());
        let prompt = settings.prompt(language);
        Branding {
            intro: intro
                .map(|text| fill_isolated(&clean_line(text.as_str()), &[("brand", &brand)])),
            logo: settings.brand.logo_url.clone().map(|url| Logo {
                url,
                text: brand.clone(),
            }),
            accent: settings.brand.accent_color.map(Accent::new),
            question: prompt.question(None),
            faces: prompt.faces(),
            brand,
            subject,
        }
    }
}

fn one_line_name(brand: &str) -> String {
    beginning(&clean_line(brand), BRAND_LENGTH).into_owned()
}

impl Accent {
    fn new(color: AccentColor) -> Self {
        Self {
            on_light: color.readable_on(AccentColor::WHITE),
            on_dark: color.readable_on(AccentColor::DARK_PAGE),
        }
    }
}

impl Branding {
    /// Returns the subject of the mail of `conversation`, which began on `date`: one line. If it
    /// would be longer, it has 500 characters and an ellipsis.
    pub fn subject(
        &self,
        conversation: &ConversationId,
        date: &str,
        language: &MailLanguage,
    ) -> String {
        if self.subject.is_blank() {
            self.title(language)
        } else {
            self.subject.fill(&self.brand, conversation, date)
        }
    }

    /// Returns the title above the conversation in a mail in `language`.
    pub fn title(&self, language: &MailLanguage) -> String {
        let texts = language.texts();
        if self.brand.is_empty() {
            texts.title_without_brand.to_owned()
        } else {
            fill_isolated(texts.title, &[("brand", &self.brand)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> MailLanguage {
        MailLanguage::choose([], VisitorLanguage::English).unwrap()
    }

    fn template(text: &str) -> SubjectTemplate {
        SubjectTemplate::parse(text).unwrap()
    }

    fn branding(brand: &str, subject: &str) -> Branding {
        let defaults = DefaultBranding::new(brand, template(subject));
        defaults.with(&Settings::default(), VisitorLanguage::English)
    }

    fn subject(brand: &str, subject: &str) -> String {
        let id = ConversationId::parse("chat-42").unwrap();
        branding(brand, subject).subject(&id, "6 June 2026", &english())
    }

    #[test]
    fn a_blank_subject_is_the_usual_one() {
        for blank in ["", " \n ", "\0"] {
            assert_eq!(subject("Acme", blank), "Your conversation with Acme");
        }
    }

    #[test]
    fn each_placeholder_is_replaced_wherever_it_is() {
        for (text, filled) in [
            ("{brand}: our chat", "Acme: our chat"),
            ("Chat {conversation}", "Chat chat-42"),
            ("{date}", "6 June 2026"),
            (
                "{brand}{conversation}{date} {brand}",
                "Acmechat-426 June 2026 Acme",
            ),
            ("Our chat", "Our chat"),
        ] {
            assert_eq!(subject("Acme", text), filled);
        }
    }

    #[test]
    fn a_blank_brand_is_omitted() {
        for text in ["", "Your chat with {brand}"] {
            assert_eq!(subject(" ", text), "Your conversation");
            assert_eq!(branding(" ", text).title(&english()), "Your conversation");
        }
        assert_eq!(
            subject("", "{brand}, {date}: {conversation}"),
            "Your conversation – 6 June 2026 – chat-42"
        );
        assert_eq!(subject("", "Your chat"), "Your chat");
    }

    #[test]
    fn a_brand_that_looks_like_a_placeholder_is_left_alone() {
        assert_eq!(
            subject("{brand} {date}", ""),
            "Your conversation with {brand} {date}"
        );
    }

    #[test]
    fn neither_brand_nor_subject_can_begin_a_new_header() {
        assert_eq!(
            subject(
                "Acme\r\nBcc: a@example.com",
                "Hello\r\n {brand}\0\u{2028}Bcc: b@example.com"
            ),
            "Hello Acme Bcc: a@example.com Bcc: b@example.com"
        );
    }

    #[test]
    fn the_longest_subject_contains_the_id_and_the_date() {
        let id = ConversationId::parse(&"i".repeat(128)).unwrap();
        let text = format!("{}{{brand}}{{conversation}}{{date}}", "ü".repeat(173));
        let long = branding(&"é".repeat(500), &text);
        let subject = long.subject(&id, "30 September 2026", &english());
        assert!(subject.ends_with(&format!("é…{id}30 September 2026")));
        assert!(long.title(&english()).ends_with("é…"));
        let repeated = branding("Acme", &"{conversation}".repeat(14));
        assert_eq!(repeated.subject(&id, "", &english()).chars().count(), 501);
    }

    fn settings() -> Settings {
        Settings::from_stored(
            r##"{
                "default_language": "pl",
                "brand": { "name": "Sklep", "accent_color": "#ffee00" },
                "texts": {
                    "pl": { "mail_intro": "Witamy w {brand}!", "question": "Jak było?" },
                    "de": { "mail_subject": "{brand}: {date}" }
                }
            }"##,
        )
    }

    fn subject_in(language: VisitorLanguage) -> String {
        let defaults = DefaultBranding::new("Acme", template("Chat with {brand}"));
        let id = ConversationId::parse("chat-42").unwrap();
        let mail_language = MailLanguage::choose([], language).unwrap();
        let branding = defaults.with(&settings(), language);
        branding.subject(&id, "6 June 2026", &mail_language)
    }

    #[test]
    fn the_subject_of_the_deployment_is_used_in_the_default_language_only() {
        assert_eq!(subject_in(VisitorLanguage::Polish), "Chat with Sklep");
        assert_eq!(subject_in(VisitorLanguage::German), "Sklep: 6 June 2026");
        assert_eq!(
            subject_in(VisitorLanguage::English),
            "Your conversation with Sklep"
        );
    }

    #[test]
    fn the_settings_replace_the_brand_and_add_an_introduction() {
        let defaults = DefaultBranding::new("Acme", SubjectTemplate::default());
        let polish = defaults.with(&settings(), VisitorLanguage::Polish);
        assert_eq!(polish.intro.as_deref(), Some("Witamy w Sklep!"));
        assert_eq!(polish.question, "Jak było?");
        let german = defaults.with(&settings(), VisitorLanguage::German);
        assert_eq!(german.intro, None);
    }

    #[test]
    fn the_accent_colour_is_readable_in_light_and_dark_mails() {
        let defaults = DefaultBranding::new("Acme", SubjectTemplate::default());
        let accent = defaults
            .with(&settings(), VisitorLanguage::Polish)
            .accent
            .unwrap();
        assert_ne!(accent.on_light.to_string(), "#ffee00");
        assert_eq!(accent.on_dark.to_string(), "#ffee00");
    }
}
