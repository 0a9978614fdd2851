// Generated from shared/texts/src/languages/uk.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "Надіслати оцінку",
  broken: "Це посилання неповне. Відкрийте його ще раз із листа.",
  expired: "Термін дії цього посилання закінчився.",
  superseded: "Є новіший запит на оцінку, тому це посилання вже недійсне.",
};
