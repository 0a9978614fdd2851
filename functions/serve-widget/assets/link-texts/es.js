// Generated from shared/texts/src/languages/es.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../link/texts.js").LinkTexts} */
export default {
  confirm: "Enviar valoración",
  broken: "Este enlace está incompleto. Ábralo de nuevo desde el correo electrónico.",
  expired: "Este enlace ha caducado.",
  superseded: "Hay una solicitud de valoración más reciente, por lo que este enlace ya no es válido.",
};
