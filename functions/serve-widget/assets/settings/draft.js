import { compact } from "./compact.js";
import { isEqual } from "./document.js";

/** @import { SettingsDocument, SettingsResponse } from "../../types/api" */

/** The settings as they are stored, and with the changes of this page. */
export class Draft {
  /** @type {SettingsDocument} */
  #stored = {};
  /** @type {SettingsDocument | null} */
  #discarded = null;

  /** The version that the changes were made from. */
  version = "";
  /**
   * The settings with the changes.
   *
   * @type {SettingsDocument}
   */
  document = {};

  /** The settings that the changes were made from. */
  get stored() {
    return this.#stored;
  }

  get hasChanges() {
    return !isEqual(compact(this.document), compact(this.#stored));
  }

  get canRestore() {
    return this.#discarded !== null && !this.hasChanges;
  }

  /**
   * Replaces the settings and the changes.
   *
   * @param {SettingsResponse} response
   */
  load(response) {
    this.rebase(response, response.settings);
    this.#discarded = null;
  }

  /**
   * Replaces the stored settings. Keeps changes that were made after `sent`.
   *
   * @param {SettingsResponse} response
   * @param {SettingsDocument} sent
   */
  onSaved(response, sent) {
    const isUnchanged = isEqual(compact(this.document), sent);
    this.rebase(response, isUnchanged ? response.settings : this.document);
    this.#discarded = null;
  }

  /**
   * Replaces the stored settings and the settings with the changes.
   *
   * @param {SettingsResponse} response
   * @param {SettingsDocument} document
   */
  rebase({ settings, version }, document) {
    this.#stored = settings;
    this.version = version;
    this.document = document === this.document ? document : structuredClone(document);
  }

  discard() {
    this.#discarded = this.document;
    this.document = structuredClone(this.#stored);
  }

  restore() {
    if (this.#discarded) this.document = this.#discarded;
    this.#discarded = null;
  }
}
