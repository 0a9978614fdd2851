import { ApiError, errorCode } from "../common/api.js";
import { ENGLISH as ENGLISH_VISITORS, loadBuiltIn } from "../rating/languages.js";
import { LANGUAGES } from "../texts/languages.js";
import { Checks } from "./checks.js";
import { compact } from "./compact.js";
import { differences, merge } from "./difference.js";
import { defaultLanguageOf, isEqual, pathText, setValue, valueAt } from "./document.js";
import { Draft } from "./draft.js";
import { mailSender } from "./mail-sender.js";
import { requestProblem, unknownNote } from "./messages.js";
import { ENGLISH } from "./texts.js";
import { unknownPaths } from "./unknown-members.js";
import { SettingsView } from "./view.js";

/** @import { SettingsResponse, TranscriptPreview } from "../../types/api" */
/** @import { Conflict } from "./conflict-section.js" */
/** @import { Side } from "./difference.js" */
/** @import { Path } from "./document.js" */
/** @import { SettingsClient } from "./settings-client.js" */
/** @typedef {"saved" | "unsaved" | "saving" | "justSaved" | "discarded"} StatusName */

/** Reads, edits and saves the settings. Changes stay until they are saved or discarded. */
export class SettingsPage {
  #handlers;
  #texts = ENGLISH;
  #draft = new Draft();
  /** @type {SettingsClient | null} */
  #client = null;
  #isLoaded = false;
  #isLoading = false;
  #isSaving = false;
  /**
   * What has just happened.
   *
   * @type {StatusName | null}
   */
  #event = null;
  /** @type {unknown} */
  #error = null;
  #checks = new Checks();
  /** Whether a setting shows what the API refused. */
  #isRefusalShown = false;
  /** @type {(Conflict & { response: SettingsResponse }) | null} */
  #conflict = null;
  #edited = "en";
  #builtIn = { texts: ENGLISH_VISITORS.texts, isOwn: true };
  /** Incremented by each change that makes the response of a running request obsolete. */
  #generation = 0;

  #view = new SettingsView(
    {
      change: (path, value, ...affected) => this.#change(path, value, affected),
      commit: (path) => this.#onCommit(pathText(path)),
      editLanguage: (language) => this.#editLanguage(language),
      announce: (text) => this.#view.announce(text),
    },
    {
      onSave: () => this.#save(),
      onRetry: () => (this.#isLoaded ? this.#save() : this.load()),
      onDiscard: () => this.#discardOrRestore(),
      onRemoveUnknown: () => this.#removeUnknown(),
      onResolve: (choices) => this.#resolve(choices),
      onBack: () => this.#closeConflict(),
      readMail: (conversation) => this.#readMail(conversation),
    },
  );

  /** @param {{ onSaved(version: string): void, onError(error: unknown): void, onRender(): void }} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  get node() {
    return this.#view.node;
  }

  get hasChanges() {
    return this.#draft.hasChanges;
  }

  set texts(/** @type {typeof ENGLISH} */ texts) {
    this.#texts = texts;
    this.#render();
  }

  /**
   * Uses another API or token. Unsaved changes stay, because a new token often follows an expired one.
   *
   * @param {SettingsClient | null} client
   */
  start(client) {
    this.#generation += 1;
    this.#client = client;
    this.#isSaving = false;
    if (this.hasChanges) return this.#render();
    this.#isLoaded = false;
    this.#isLoading = false;
    this.#error = null;
    return client ? this.load() : this.#render();
  }

  closeDialogs() {
    this.#view.closeDialogs();
  }

  /** Reads the settings. Unsaved changes stay. */
  async load() {
    const client = this.#client;
    if (!client || this.hasChanges || this.#isSaving) return;
    const generation = this.#generation;
    this.#isLoading = true;
    this.#error = null;
    this.#render();
    try {
      const response = await client.read();
      // Somebody may have begun to edit while an earlier version was shown.
      if (generation !== this.#generation || this.hasChanges) return;
      this.#draft.load(response);
      if (!this.#isLoaded) await this.#editLanguage(defaultLanguageOf(response.settings));
      this.#isLoaded = true;
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#error = error;
      this.#handlers.onError(error);
    } finally {
      if (generation === this.#generation) {
        this.#isLoading = false;
        this.#render();
      }
    }
  }

  /**
   * @param {Path} path
   * @param {unknown} value
   * @param {string[]} affected paths
   */
  #change(path, value, affected) {
    if (isEqual(valueAt(this.#draft.document, path), value)) return;
    setValue(this.#draft.document, path, value);
    this.#checks.onChange([pathText(path), ...affected]);
    this.#error = null;
    this.#event = null;
    this.#render();
  }

  /** @param {string} path */
  #onCommit(path) {
    this.#checks.onLeave(path);
    this.#render();
  }

  /** @param {string} language */
  async #editLanguage(language) {
    this.#edited = LANGUAGES.includes(language) ? language : "en";
    const { code, texts } = await loadBuiltIn(this.#edited);
    this.#builtIn = { texts, isOwn: code === this.#edited };
    this.#render();
  }

  async #save() {
    const client = this.#client;
    if (!client || this.#isSaving || !this.hasChanges) return;
    const generation = this.#generation;
    const sent = compact(this.#draft.document);
    this.#isSaving = true;
    this.#checks.onSave();
    this.#isRefusalShown = false;
    this.#error = null;
    this.#render();
    try {
      const response = await client.replace(sent, this.#draft.version);
      if (generation !== this.#generation) return;
      this.#draft.onSaved(response, sent);
      this.#onSaved();
    } catch (error) {
      if (generation !== this.#generation) return;
      await this.#onSaveError(client, error);
    } finally {
      if (generation === this.#generation) this.#isSaving = false;
      this.#render();
      this.#showRefused();
    }
  }

  #onSaved() {
    this.#checks.clear();
    this.#event = this.hasChanges ? null : "justSaved";
    this.#handlers.onSaved(this.#draft.version);
  }

  /**
   * @param {SettingsClient} client
   * @param {unknown} error
   */
  async #onSaveError(client, error) {
    this.#handlers.onError(error);
    if (errorCode(error) === "settings_changed") return this.#compare(client);
    this.#error = error;
    const { field, detail } = error instanceof ApiError ? error.problem : {};
    if (field) this.#checks.refused = { path: field, message: detail ?? "" };
  }

  /**
   * Reads the version that somebody else saved, and shows how it differs.
   *
   * @param {SettingsClient} client
   */
  async #compare(client) {
    try {
      const response = await client.read();
      const mine = this.#draft.document;
      const found = differences(this.#draft.stored, mine, response.settings);
      if (found.length > 0) this.#conflict = { differences: found, document: compact(mine), response };
      else {
        this.#draft.load(response);
        this.#onSaved();
      }
    } catch (error) {
      this.#error = error;
      this.#handlers.onError(error);
    }
  }

  /** @param {Map<string, Side>} choices */
  #resolve(choices) {
    if (!this.#conflict) return;
    const { response, document } = this.#conflict;
    const merged = merge(document, response.settings, (key) => choices.get(key) ?? "mine");
    this.#draft.rebase(response, merged);
    this.#closeConflict();
    if (this.hasChanges) this.#save();
  }

  #closeConflict() {
    this.#conflict = null;
    this.#renderAndFocusSave();
  }

  /**
   * Reads the mail of a transcript. The API uses the stored settings.
   *
   * @param {string} conversation
   * @returns {Promise<TranscriptPreview>}
   */
  async #readMail(conversation) {
    const sender = mailSender(this.#draft.stored);
    if (!sender) throw new ApiError("sender_missing");
    if (!this.#client) throw new ApiError("unauthorized");
    try {
      return await this.#client.previewTranscript(conversation, sender);
    } catch (error) {
      this.#handlers.onError(error);
      throw error;
    }
  }

  #discardOrRestore() {
    const restores = this.#draft.canRestore;
    if (restores) this.#draft.restore();
    else this.#draft.discard();
    this.#event = restores ? null : "discarded";
    this.#error = null;
    this.#checks.clear();
    this.#render();
  }

  #removeUnknown() {
    for (const path of unknownPaths(this.#draft.document)) setValue(this.#draft.document, path, undefined);
    this.#checks.clear();
    this.#error = null;
    this.#renderAndFocusSave();
  }

  #renderAndFocusSave() {
    this.#render();
    this.#view.focusSave();
  }

  /** Moves to the setting that the API refused. */
  async #showRefused() {
    const path = this.#checks.refused?.path.split(/[.[\]]+/).filter(Boolean);
    if (!path) return;
    const [group, second, third, language] = path;
    const wanted = group === "texts" ? second : group === "reasons" && third === "labels" ? language : undefined;
    if (wanted && LANGUAGES.includes(wanted)) await this.#editLanguage(wanted);
    this.#isRefusalShown = this.#view.focus(path);
    if (!this.#isRefusalShown) this.#view.focusNote();
    this.#render();
  }

  #render() {
    const { document } = this.#draft;
    const texts = this.#texts;
    const unknown = unknownPaths(document).map(pathText);
    const isUnknownRefused = this.#checks.isRefused(unknown);
    const isShownElsewhere = this.#isRefusalShown || isUnknownRefused;
    this.#view.render(
      {
        document,
        problems: this.#checks.problems(document, texts),
        edited: this.#edited,
        builtIn: this.#builtIn,
        isLoaded: this.#isLoaded,
        isLoading: this.#isLoading,
        isSaving: this.#isSaving,
        hasChanges: this.hasChanges,
        canRestore: this.#draft.canRestore,
        status: texts.states[this.#status()],
        problem: requestProblem(this.#error, { hasChanges: this.hasChanges, isShownElsewhere }, texts),
        unknown: unknownNote(unknown, isUnknownRefused, texts),
        conflict: this.#conflict,
      },
      texts,
    );
    this.#handlers.onRender();
  }

  /** @returns {StatusName} */
  #status() {
    if (this.#isSaving) return "saving";
    if (this.hasChanges) return "unsaved";
    return this.#event ?? "saved";
  }
}
