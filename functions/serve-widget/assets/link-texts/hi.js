// Generated from shared/texts/src/languages/hi.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "रेटिंग भेजें",
  broken: "यह लिंक अधूरा है। कृपया इसे ईमेल से फिर से खोलें।",
  expired: "इस लिंक की अवधि समाप्त हो गई है।",
  superseded: "रेटिंग का एक नया अनुरोध है, इसलिए यह लिंक अब मान्य नहीं है।",
};
