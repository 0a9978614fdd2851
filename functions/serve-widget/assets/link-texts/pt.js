// Generated from shared/texts/src/languages/pt.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "Enviar avaliação",
  broken: "Este link está incompleto. Abra-o novamente a partir do e-mail.",
  expired: "Este link expirou.",
  superseded: "Existe um pedido de avaliação mais recente, por isso este link já não é válido.",
};
