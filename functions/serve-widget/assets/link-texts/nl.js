// Generated from shared/texts/src/languages/nl.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "Beoordeling versturen",
  broken: "Deze link is onvolledig. Open hem opnieuw vanuit de e-mail.",
  expired: "Deze link is verlopen.",
  superseded: "Er is een nieuwer beoordelingsverzoek, daarom is deze link niet meer geldig.",
};
