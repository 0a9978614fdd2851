import { textAt } from "./document.js";
import { isSenderName } from "./rules.js";

/** @import { SettingsDocument } from "../../types/api" */

/**
 * The sender of mails that no agent sends. Its name is that of the settings, else that of the brand, else the domain.
 *
 * @param {SettingsDocument} document
 * @returns {{ from: string, sender_name: string } | null} `null` if the settings have no sender
 */
export function mailSender(document) {
  const from = textAt(document, ["transcripts", "from"]);
  if (!from) return null;
  const domain = from.slice(from.lastIndexOf("@") + 1);
  const names = [textAt(document, ["transcripts", "sender_name"]), textAt(document, ["brand", "name"])];
  return { from, sender_name: names.find((name) => name && isSenderName(name)) ?? domain };
}
