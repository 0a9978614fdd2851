use domain::{InvalidValue, Language};
use errors::Refusal;
use lambda::http::HttpRequest;
use lambda_http::http::header::ACCEPT_LANGUAGE;
use settings::Settings;
use texts::VisitorLanguage;

/// The maximum number of languages of `Accept-Language` that are considered.
const MAXIMUM_ACCEPTED: usize = 20;

/// The languages that a request for the question names.
#[derive(Debug)]
pub(crate) struct RequestedLanguages {
    /// The query parameter `language`, if there are texts in it.
    explicit: Option<VisitorLanguage>,
    /// The first language of `Accept-Language` in which there are texts.
    accepted: Option<VisitorLanguage>,
}

impl RequestedLanguages {
    /// Reads the languages.
    ///
    /// # Errors
    /// 422 if the query parameter `language` is not a language tag.
    pub(crate) fn decode(request: &HttpRequest) -> Result<Self, Refusal> {
        let explicit = request.query_parameter("language", |tag| {
            Language::parse(tag).map_err(|_| InvalidValue::new("must be a BCP 47 language tag"))
        })?;
        let accepted = request.header(&ACCEPT_LANGUAGE).unwrap_or_default();
        Ok(Self {
            explicit: explicit.and_then(|tag| VisitorLanguage::of_tag(tag.as_str())),
            accepted: choose_accepted(accepted),
        })
    }

    /// Chooses the language of the question. The page's explicit choice comes first, then the
    /// visitor's recorded language `recorded`, then the default language of the settings, and then
    /// the languages that the browser accepts.
    pub(crate) fn choose(
        &self,
        recorded: Option<&Language>,
        settings: &Settings,
    ) -> VisitorLanguage {
        self.explicit
            .or_else(|| VisitorLanguage::of_tag(recorded?.as_str()))
            .or(settings.default_language)
            .or(self.accepted)
            .unwrap_or(VisitorLanguage::English)
    }
}

/// Chooses the language with the greatest weight in which there are texts.
fn choose_accepted(header: &str) -> Option<VisitorLanguage> {
    let mut ranges: Vec<_> = header
        .split(',')
        .take(MAXIMUM_ACCEPTED)
        .filter_map(|range| {
            let (tag, parameter) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = parameter
                .trim()
                .strip_prefix(['q', 'Q'])?
                .strip_prefix('=')?;
            let weight: f32 = weight.parse().ok()?;
            let language = VisitorLanguage::of_tag(tag.trim())?;
            (weight > 0.0).then_some((weight, language))
        })
        .collect();
    // The sort is stable: of two languages with the same weight, the first one stays first.
    ranges.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    ranges.first().map(|(_, language)| *language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accepted_language_is_the_first_of_the_greatest_weight_that_has_texts() {
        for (header, expected) in [
            ("", None),
            ("*", None),
            ("fi, sv;q=0.9", None),
            ("pl", Some(VisitorLanguage::Polish)),
            ("fi, en;q=0.5, de-AT;q=0.8", Some(VisitorLanguage::German)),
            ("fr, de", Some(VisitorLanguage::French)),
            ("de;q=0, fr;q=0.1", Some(VisitorLanguage::French)),
            ("de;q=x", None),
            ("de; q=0.4, pl ; Q=0.5", Some(VisitorLanguage::Polish)),
        ] {
            assert_eq!(choose_accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn the_default_language_of_the_settings_comes_before_the_browsers() {
        let requested = |explicit| RequestedLanguages {
            explicit,
            accepted: Some(VisitorLanguage::French),
        };
        let polish = Settings {
            default_language: Some(VisitorLanguage::Polish),
            ..Settings::default()
        };
        let [german, finnish] = ["de-AT", "fi"].map(|tag| Language::parse(tag).unwrap());
        let none = requested(None);
        assert_eq!(none.choose(Some(&german), &polish), VisitorLanguage::German);
        assert_eq!(
            none.choose(Some(&finnish), &polish),
            VisitorLanguage::Polish
        );
        let defaults = Settings::default();
        assert_eq!(none.choose(None, &defaults), VisitorLanguage::French);
        let explicit = requested(Some(VisitorLanguage::Hindi));
        assert_eq!(
            explicit.choose(Some(&german), &polish),
            VisitorLanguage::Hindi
        );
    }
}
