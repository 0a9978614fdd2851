// Generated from shared/texts/src/languages/pl.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "Wyślij ocenę",
  broken: "Ten link jest niekompletny. Otwórz go ponownie z wiadomości e-mail.",
  expired: "Ten link wygasł.",
  superseded: "Jest nowsza prośba o ocenę, dlatego ten link nie jest już ważny.",
};
