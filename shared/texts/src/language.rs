use crate::direction::Direction;
use crate::languages::{ar, de, en, es, fr, he, hi, it, ja, ko, nl, pl, pt, tr, uk, zh};
use crate::{MailTexts, PromptTexts, Texts, WidgetTexts};

macro_rules! languages {
    ($($(#[$documentation:meta])* $name:ident $module:ident;)+) => {
        /// A language in which there are built-in texts for visitors.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum VisitorLanguage {
            $($(#[$documentation])* $name,)+
        }

        impl VisitorLanguage {
            /// All languages.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Returns the language's code in ISO 639-1.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($module),)+
                }
            }

            /// Returns the texts of the rating question that organisations can replace.
            pub fn prompt_texts(self) -> &'static PromptTexts {
                match self {
                    $(Self::$name => &$module::PROMPT,)+
                }
            }

            /// Returns the other texts of the widget.
            pub fn widget_texts(self) -> &'static WidgetTexts {
                match self {
                    $(Self::$name => &$module::WIDGET,)+
                }
            }

            /// Returns the texts of the email with a transcript.
            pub fn mail_texts(self) -> &'static MailTexts {
                match self {
                    $(Self::$name => &$module::MAIL,)+
                }
            }

            /// Returns all texts. A binary that calls this contains all of them, so functions call
            /// the other methods.
            pub fn texts(self) -> Texts {
                match self {
                    $(Self::$name => Texts {
                        prompt: &$module::PROMPT,
                        widget: &$module::WIDGET,
                        link: &$module::LINK,
                        mail: &$module::MAIL,
                    },)+
                }
            }
        }
    };
}

languages! {
    /// English.
    English en;
    /// German.
    German de;
    /// Spanish.
    Spanish es;
    /// French.
    French fr;
    /// Portuguese.
    Portuguese pt;
    /// Italian.
    Italian it;
    /// Dutch.
    Dutch nl;
    /// Polish.
    Polish pl;
    /// Turkish.
    Turkish tr;
    /// Ukrainian.
    Ukrainian uk;
    /// Arabic.
    Arabic ar;
    /// Hebrew.
    Hebrew he;
    /// Japanese.
    Japanese ja;
    /// Korean.
    Korean ko;
    /// Chinese, in simplified characters.
    Chinese zh;
    /// Hindi.
    Hindi hi;
}

impl VisitorLanguage {
    /// Returns the language of a BCP 47 tag, whatever its script and region are, or `None` if there
    /// are no texts in it.
    ///
    /// ```
    /// use texts::VisitorLanguage;
    ///
    /// assert_eq!(VisitorLanguage::of_tag("pt-BR"), Some(VisitorLanguage::Portuguese));
    /// assert_eq!(VisitorLanguage::of_tag("fi"), None);
    /// ```
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        // Java and old browsers use the former code of Hebrew.
        let primary = if primary.eq_ignore_ascii_case("iw") {
            "he"
        } else {
            primary
        };
        let is_it = |language: &&Self| language.as_str().eq_ignore_ascii_case(primary);
        Self::ALL.iter().find(is_it).copied()
    }

    /// Returns the language whose code is `code`.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|it| it.as_str() == code).copied()
    }

    /// Returns the direction in which the language is written.
    pub fn direction(self) -> Direction {
        match self {
            Self::Arabic | Self::Hebrew => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_the_language_of_its_first_subtag() {
        for (tag, language) in [
            ("en", Some(VisitorLanguage::English)),
            ("EN-us", Some(VisitorLanguage::English)),
            ("zh-Hant-TW", Some(VisitorLanguage::Chinese)),
            ("iw-IL", Some(VisitorLanguage::Hebrew)),
            ("de-DE-u-co-phonebk", Some(VisitorLanguage::German)),
            ("eng", None),
            ("", None),
            ("x-de", None),
        ] {
            assert_eq!(VisitorLanguage::of_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn each_language_has_its_own_code_and_question() {
        let codes: std::collections::BTreeSet<_> =
            VisitorLanguage::ALL.iter().map(|it| it.as_str()).collect();
        let questions: std::collections::BTreeSet<_> = VisitorLanguage::ALL
            .iter()
            .map(|it| it.prompt_texts().question)
            .collect();
        assert_eq!([codes.len(), questions.len()], [16, 16]);
    }
}
