// Generated from shared/texts/src/languages/de.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "Bewertung senden",
  broken: "Dieser Link ist unvollständig. Bitte öffnen Sie ihn noch einmal aus der E-Mail.",
  expired: "Dieser Link ist abgelaufen.",
  superseded: "Es gibt eine neuere Bewertungsanfrage, deshalb gilt dieser Link nicht mehr.",
};
