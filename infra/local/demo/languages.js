import { byId, createElement, showingErrors, typedById } from "./dom.js";
import { CONVERSATION, CONVERSATIONS } from "./platform.js";

/** The languages in which there are texts for visitors. */
const LANGUAGES = ["en", "de", "es", "fr", "pt", "it", "nl", "pl", "tr", "uk", "ar", "he", "ja", "ko", "zh", "hi"];

/**
 * Shows the choice of the visitor's language.
 *
 * @param {string | undefined} current
 * @param {(language: string) => Promise<void>} onChoose
 */
export function showLanguages(current, onChoose) {
  const select = typedById("language", HTMLSelectElement);
  for (const code of LANGUAGES) {
    const option = new Option(`${nameOf(code, "en")} (${nameOf(code, code)})`, code);
    select.append(option);
  }
  select.value = current ?? "en";
  select.addEventListener(
    "change",
    showingErrors(() => onChoose(select.value)),
  );
}

/** Shows links to the demo's conversations. */
export function showConversations() {
  const links = Object.entries(CONVERSATIONS).map(([id, { name, language }]) => {
    const link = createElement("a", "", name);
    link.href = `/?conversation=${id}`;
    link.lang = language;
    link.dir = "auto";
    if (id === CONVERSATION) link.setAttribute("aria-current", "page");
    return link;
  });
  byId("conversations").append(...links);
}

/**
 * @param {string} code
 * @param {string} language
 */
function nameOf(code, language) {
  return new Intl.DisplayNames(language, { type: "language" }).of(code) ?? code;
}
