// Generated from shared/texts/src/languages/ar.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "إرسال التقييم",
  broken: "هذا الرابط غير مكتمل. يُرجى فتحه مرة أخرى من الرسالة الإلكترونية.",
  expired: "انتهت صلاحية هذا الرابط.",
  superseded: "يوجد طلب تقييم أحدث، ولذلك لم يعد هذا الرابط صالحًا.",
};
