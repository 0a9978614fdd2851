// Generated from shared/texts/src/language.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules

/** The codes of the languages that have texts. */
export const LANGUAGES = [
  "en",
  "de",
  "es",
  "fr",
  "pt",
  "it",
  "nl",
  "pl",
  "tr",
  "uk",
  "ar",
  "he",
  "ja",
  "ko",
  "zh",
  "hi",
];

/** Those that are written from right to left. */
export const RIGHT_TO_LEFT = ["ar", "he"];
