// Generated from shared/texts/src/languages/ko.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "평가 보내기",
  broken: "링크가 완전하지 않습니다. 이메일에서 다시 열어 주세요.",
  expired: "링크가 만료되었습니다.",
  superseded: "더 새로운 평가 요청이 있어 이 링크는 더 이상 유효하지 않습니다.",
};
