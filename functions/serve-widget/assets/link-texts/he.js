// Generated from shared/texts/src/languages/he.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "שליחת הדירוג",
  broken: "הקישור אינו שלם. יש לפתוח אותו שוב מהאימייל.",
  expired: "תוקף הקישור פג.",
  superseded: "יש בקשת דירוג חדשה יותר, ולכן הקישור הזה כבר אינו תקף.",
};
