/** The languages in which there are texts for visitors. */
export const VISITOR_LANGUAGES = [
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

const RIGHT_TO_LEFT = ["ar", "he"];

/**
 * The direction in which a visitor's language is written.
 *
 * @param {string} language
 */
export function languageDirection(language) {
  return RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
}

/**
 * The subject of mails in each language, if the settings have none.
 *
 * @type {Record<string, string>}
 */
export const MAIL_SUBJECTS = {
  en: "Your conversation with {brand}",
  de: "Ihr Gespräch mit {brand}",
  es: "Su conversación con {brand}",
  fr: "Votre conversation avec {brand}",
  pt: "A sua conversa com {brand}",
  it: "La sua conversazione con {brand}",
  nl: "Uw gesprek met {brand}",
  pl: "Twoja rozmowa z {brand}",
  tr: "{brand} ile görüşmeniz",
  uk: "Ваша розмова з {brand}",
  ar: "محادثتك مع {brand}",
  he: "השיחה שלך עם {brand}",
  ja: "{brand}とのチャット",
  ko: "{brand} 상담 내용",
  zh: "您与{brand}的对话",
  hi: "{brand} के साथ आपकी बातचीत",
};
