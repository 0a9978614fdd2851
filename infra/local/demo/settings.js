import { byName, showingErrors, typedById } from "./dom.js";
import { issueToken, MANAGER } from "./platform.js";

const settings = byName("afterchat-settings");

async function start() {
  const language = typedById("page-language", HTMLSelectElement);
  language.addEventListener("change", () => settings.setAttribute("lang", language.value));
  settings.setAttribute("lang", language.value);
  settings.setAttribute("api", location.origin);
  settings.setAttribute("token", await issueToken(MANAGER));
}

await showingErrors(start)();
