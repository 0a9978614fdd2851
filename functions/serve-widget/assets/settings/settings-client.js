/** @import { SettingsDocument, SettingsResponse } from "../../types/api" */
/** @import { Api } from "../common/api.js" */

const PATH = "/v1/settings";

/** Reads and replaces the settings. */
export class SettingsClient {
  #api;

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** @returns {Promise<SettingsResponse>} */
  read() {
    return this.#api.get(PATH);
  }

  /**
   * Replaces the settings if they still have this version.
   *
   * @param {SettingsDocument} settings
   * @param {string} version
   * @returns {Promise<SettingsResponse>}
   */
  replace(settings, version) {
    return this.#api.put(PATH, settings, { "If-Match": `"${version}"` });
  }
}
