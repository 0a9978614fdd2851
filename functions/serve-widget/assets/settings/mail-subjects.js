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
