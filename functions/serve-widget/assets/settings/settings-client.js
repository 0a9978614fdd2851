/** @import { SettingsDocument, SettingsResponse, TranscriptPreview } from "../../types/api" */
/** @import { Api } from "../common/api.js" */

const PATH = "/v1/settings";

/** Reads and replaces the settings, and reads mails that they affect. */
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

  /**
   * Reads the mail of a transcript without sending it.
   *
   * @param {string} conversation its id
   * @param {{ from: string, sender_name: string }} sender
   * @returns {Promise<TranscriptPreview>}
   */
  previewTranscript(conversation, sender) {
    return this.#api.post(`/v1/conversations/${encodeURIComponent(conversation)}/transcripts/preview`, sender);
  }
}
