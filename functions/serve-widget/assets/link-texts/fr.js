// Generated from shared/texts/src/languages/fr.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "Envoyer la note",
  broken: "Ce lien est incomplet. Veuillez l’ouvrir à nouveau depuis l’e-mail.",
  expired: "Ce lien a expiré.",
  superseded: "Il existe une demande d’évaluation plus récente ; ce lien n’est donc plus valable.",
};
