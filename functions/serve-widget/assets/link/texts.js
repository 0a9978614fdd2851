import { primaryLanguage } from "../common/locale.js";
import { lookUp } from "../common/texts.js";

/** @typedef {{ confirm: string, broken: string, expired: string, superseded: string }} LinkTexts */

/**
 * The texts that this page has in addition to those of the question, by language.
 *
 * @satisfies {Record<string, LinkTexts>}
 */
const TEXTS = {
  ar: {
    confirm: "إرسال التقييم",
    broken: "هذا الرابط غير مكتمل. يُرجى فتحه مرة أخرى من الرسالة الإلكترونية.",
    expired: "انتهت صلاحية هذا الرابط.",
    superseded: "يوجد طلب تقييم أحدث، ولذلك لم يعد هذا الرابط صالحًا.",
  },
  de: {
    confirm: "Bewertung senden",
    broken: "Dieser Link ist unvollständig. Bitte öffnen Sie ihn noch einmal aus der E-Mail.",
    expired: "Dieser Link ist abgelaufen.",
    superseded: "Es gibt eine neuere Bewertungsanfrage, deshalb gilt dieser Link nicht mehr.",
  },
  en: {
    confirm: "Send rating",
    broken: "This link is incomplete. Please open it again from the e-mail.",
    expired: "This link has expired.",
    superseded: "There is a newer rating request, so this link is no longer valid.",
  },
  es: {
    confirm: "Enviar valoración",
    broken: "Este enlace está incompleto. Ábralo de nuevo desde el correo electrónico.",
    expired: "Este enlace ha caducado.",
    superseded: "Hay una solicitud de valoración más reciente, por lo que este enlace ya no es válido.",
  },
  fr: {
    confirm: "Envoyer la note",
    broken: "Ce lien est incomplet. Veuillez l’ouvrir à nouveau depuis l’e-mail.",
    expired: "Ce lien a expiré.",
    superseded: "Il existe une demande d’évaluation plus récente ; ce lien n’est donc plus valable.",
  },
  pt: {
    confirm: "Enviar avaliação",
    broken: "Este link está incompleto. Abra-o novamente a partir do e-mail.",
    expired: "Este link expirou.",
    superseded: "Existe um pedido de avaliação mais recente, por isso este link já não é válido.",
  },
};

/**
 * The texts for a language tag. English if there are none.
 *
 * @param {string} tag
 * @returns {LinkTexts}
 */
export function linkTexts(tag) {
  return lookUp(TEXTS, primaryLanguage(tag)) ?? TEXTS.en;
}
