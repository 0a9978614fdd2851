use icu_locale_core::Locale;
use icu_provider_blob::BlobDataProvider;
use texts::VisitorLanguage;

/// The CLDR data of [`DATA_LOCALES`], in the format of `icu_provider_blob`.
pub static BLOB: &[u8] = include_bytes!("cldr.postcard");

/// The locales whose data is contained in [`BLOB`].
pub const DATA_LOCALES: [&str; 17] = [
    "ar",
    "de",
    AMERICAN,
    INTERNATIONAL_ENGLISH,
    "es",
    "fr",
    "he",
    "hi",
    "it",
    "ja",
    "ko",
    "nl",
    "pl",
    "pt",
    "tr",
    "uk",
    "zh",
];

const AMERICAN: &str = "en";
const INTERNATIONAL_ENGLISH: &str = "en-GB";

/// The regions in which English dates and times are written as in the United States. In CLDR, the
/// locales of all other regions inherit from international English (`en-001`).
const AMERICAN_REGIONS: [&str; 11] = [
    "AS", "BI", "CA", "GU", "MH", "MP", "PH", "PR", "UM", "US", "VI",
];

/// The data of a language is missing from the blob or cannot be read. Tests show that it is not.
#[derive(Debug, thiserror::Error)]
#[error("the CLDR data of a language cannot be read")]
pub struct MissingData;

pub(crate) fn provider() -> Result<BlobDataProvider, MissingData> {
    BlobDataProvider::try_new_from_static_blob(BLOB).map_err(|_| MissingData)
}

/// Returns the locale whose data formats `language`. Only English differs by region, the second or
/// third subtag of `tag`. English without a region is international English.
pub(crate) fn data_locale(language: VisitorLanguage, tag: &str) -> Result<Locale, MissingData> {
    // A subtag of one character begins an extension, which contains no region.
    let subtags = tag.split('-').skip(1).take(2);
    let mut subtags = subtags.take_while(|subtag| subtag.len() > 1);
    let is_american = subtags.any(|subtag| {
        AMERICAN_REGIONS
            .iter()
            .any(|region| subtag.eq_ignore_ascii_case(region))
    });
    let name = match (language, is_american) {
        (VisitorLanguage::English, true) => AMERICAN,
        (VisitorLanguage::English, false) => INTERNATIONAL_ENGLISH,
        _ => language.as_str(),
    };
    name.parse().map_err(|_| MissingData)
}
