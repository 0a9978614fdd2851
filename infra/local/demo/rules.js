/** @import { SettingsDocument, SettingsResponse } from "../../../functions/serve-widget/types/api" */
/** @import { Platform } from "./platform.js" */

import { showingErrors, typedById } from "./dom.js";
import { callApi, issueToken, MANAGER } from "./platform.js";

const PATH = "/v1/settings";

/**
 * The switch that turns the rules of the settings on and off.
 *
 * @param {Platform} platform
 * @param {() => Promise<unknown>} onChange
 */
export async function addRulesSwitch(platform, onChange) {
  const input = typedById("rules", HTMLInputElement);
  const token = await issueToken(MANAGER);
  const { settings } = await readSettings(token);
  input.checked = settings.asking?.on_resolve?.enabled === true;
  input.disabled = false;
  input.addEventListener(
    "change",
    showingErrors(async () => {
      const isOn = input.checked;
      input.disabled = true;
      let isStored = false;
      try {
        await storeRules(isOn, await platform.verifiedSender(), token);
        isStored = true;
        await onChange();
      } finally {
        if (!isStored) input.checked = !isOn;
        input.disabled = false;
        // A disabled field loses the focus.
        if (document.activeElement === document.body) input.focus();
      }
    }),
  );
}

/**
 * @param {string} token
 * @returns {Promise<SettingsResponse>}
 */
function readSettings(token) {
  return callApi("GET", PATH, undefined, token);
}

/**
 * Stores the rules, unless somebody else changes the settings at the same time.
 *
 * @param {boolean} isOn
 * @param {string | undefined} sender
 * @param {string} token
 */
async function storeRules(isOn, sender, token) {
  const { settings, version } = await readSettings(token);
  await callApi("PUT", PATH, withRules(settings, isOn, sender), token, { "If-Match": `"${version}"` });
}

/**
 * The settings with the rules on or off. Everything else stays, including the conditions of the rules.
 *
 * @param {SettingsDocument} settings
 * @param {boolean} isOn
 * @param {string | undefined} sender
 * @returns {SettingsDocument}
 */
function withRules(settings, isOn, sender) {
  const { asking, transcripts } = settings;
  const from = transcripts?.from ?? sender;
  return {
    ...settings,
    asking: {
      ...asking,
      on_resolve: { ...asking?.on_resolve, enabled: isOn, after_minutes: 15 },
      expires_after_days: isOn ? 7 : null,
    },
    // The rule that sends transcripts requires a sender.
    ...(from && {
      transcripts: {
        ...transcripts,
        from,
        on_resolve: { ...transcripts?.on_resolve, enabled: isOn, after_minutes: 60 },
      },
    }),
  };
}
