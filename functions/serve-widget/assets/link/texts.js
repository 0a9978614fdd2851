import { primaryLanguage } from "../common/locale.js";
import { lookUp } from "../common/texts.js";

/** What this page says beside the texts of the question itself, by language. */
const TEXTS = {
  ar: {
    confirm: "إرسال التقييم",
    broken: "هذا الرابط غير مكتمل. يُرجى فتحه مرة أخرى من بريدك الإلكتروني.",
    expired: "انتهت صلاحية هذا الرابط.",
    superseded: "طُلب تقييمك مرة أخرى منذ ذلك الحين، ولم يعد هذا الرابط صالحًا.",
  },
  de: {
    confirm: "Bewertung senden",
    broken: "Dieser Link ist unvollständig. Bitte öffnen Sie ihn noch einmal aus Ihrer E-Mail.",
    expired: "Dieser Link ist abgelaufen.",
    superseded: "Sie wurden inzwischen erneut gefragt; dieser Link gilt nicht mehr.",
  },
  en: {
    confirm: "Send rating",
    broken: "This link is incomplete. Please open it from your e-mail once more.",
    expired: "This link has expired.",
    superseded: "You have been asked again since, and this link no longer counts.",
  },
  es: {
    confirm: "Enviar valoración",
    broken: "Este enlace está incompleto. Ábralo de nuevo desde su correo electrónico.",
    expired: "Este enlace ha caducado.",
    superseded: "Se le ha preguntado de nuevo desde entonces y este enlace ya no es válido.",
  },
  fr: {
    confirm: "Envoyer la note",
    broken: "Ce lien est incomplet. Veuillez l’ouvrir à nouveau depuis votre e-mail.",
    expired: "Ce lien a expiré.",
    superseded: "On vous a de nouveau posé la question depuis, et ce lien n’est plus valable.",
  },
  pt: {
    confirm: "Enviar avaliação",
    broken: "Este link está incompleto. Abra-o novamente a partir do seu e-mail.",
    expired: "Este link expirou.",
    superseded: "Já lhe perguntámos de novo entretanto e este link deixou de contar.",
  },
};

/** The texts of the language with this tag, otherwise English. */
export function linkTexts(tag) {
  return lookUp(TEXTS, primaryLanguage(tag)) ?? TEXTS.en;
}
