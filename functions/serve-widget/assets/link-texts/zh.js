// Generated from shared/texts/src/languages/zh.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "发送评价",
  broken: "此链接不完整。请从邮件中重新打开。",
  expired: "此链接已过期。",
  superseded: "有更新的评价请求，因此此链接已失效。",
};
