// Generated from shared/texts/src/languages/it.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "Invia valutazione",
  broken: "Questo link è incompleto. Lo apra di nuovo dall’e-mail.",
  expired: "Questo link è scaduto.",
  superseded: "Esiste una richiesta di valutazione più recente, quindi questo link non è più valido.",
};
