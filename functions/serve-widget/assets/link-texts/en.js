// Generated from shared/texts/src/languages/en.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "Send rating",
  broken: "This link is incomplete. Please open it again from the e-mail.",
  expired: "This link has expired.",
  superseded: "There is a newer rating request, so this link is no longer valid.",
};
