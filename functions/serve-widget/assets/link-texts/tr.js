// Generated from shared/texts/src/languages/tr.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "Değerlendirmeyi gönder",
  broken: "Bu bağlantı eksik. Lütfen e-postadan yeniden açın.",
  expired: "Bu bağlantının süresi doldu.",
  superseded: "Daha yeni bir değerlendirme isteği olduğu için bu bağlantı artık geçerli değil.",
};
