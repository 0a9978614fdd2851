// Generated from shared/texts/src/languages/ja.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "評価を送信",
  broken: "このリンクは不完全です。メールからもう一度開いてください。",
  expired: "このリンクの有効期限が切れています。",
  superseded: "新しい評価のお願いがあるため、このリンクは無効になりました。",
};
