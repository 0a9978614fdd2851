import { createElement, setText } from "../common/dom.js";
import { firstLanguage } from "../common/locale.js";
import { ProblemBox } from "../common/problem-box.js";
import { AskingSection } from "./asking-section.js";
import { BrandSection } from "./brand-section.js";
import { ConflictSection } from "./conflict-section.js";
import { MailPreviewSection } from "./mail-preview-section.js";
import { PreviewSection } from "./preview-section.js";
import { ReasonsSection } from "./reasons-section.js";
import { TextsSection } from "./texts-section.js";
import { TranscriptsSection } from "./transcripts-section.js";

/** @import { RatingTexts, SettingsTexts } from "../../types/afterchat" */
/** @import { SettingsDocument, TranscriptPreview } from "../../types/api" */
/** @import { Conflict } from "./conflict-section.js" */
/** @import { Side } from "./difference.js" */
/** @import { Path } from "./document.js" */
/**
 * @typedef {object} Editing what the sections report
 * @property {(path: Path, value: unknown, ...affected: string[]) => void} change a setting has another value, which
 *   decides whether those at the `affected` paths are valid; `undefined` removes the setting
 * @property {(path: Path) => void} commit somebody left a setting after a change
 * @property {(language: string) => void} editLanguage
 * @property {(text: string) => void} announce has screen readers read the text aloud
 */
/**
 * @typedef {object} PageState
 * @property {SettingsDocument} document the settings with the changes
 * @property {Map<string, string>} problems messages by path
 * @property {string} edited the language whose texts are edited
 * @property {{ texts: RatingTexts, isOwn: boolean }} builtIn the built-in texts; `isOwn` if they are of that language
 * @property {boolean} isLoaded
 * @property {boolean} isLoading
 * @property {boolean} isSaving
 * @property {boolean} hasChanges
 * @property {boolean} canRestore
 * @property {string} status
 * @property {{ message: string, canRetry: boolean } | null} problem
 * @property {{ message: string, canRemove: boolean } | null} unknown members of a newer version
 * @property {Conflict | null} conflict
 */
/**
 * @typedef {object} PageHandlers
 * @property {() => void} onSave
 * @property {() => void} onRetry
 * @property {() => void} onDiscard
 * @property {() => void} onRemoveUnknown
 * @property {(choices: Map<string, Side>) => void} onResolve
 * @property {() => void} onBack
 * @property {(conversation: string) => Promise<TranscriptPreview>} readMail reads the mail of a conversation's transcript
 */

/** The content of the settings page. */
export class SettingsView {
  #title = createElement("h2");
  #loading = createElement("p", { class: "quiet", role: "status" });
  #unknownText = createElement("p");
  #removeUnknown;
  #unknown;
  #sections;
  #preview = new PreviewSection();
  #mailPreview;
  #conflict;
  #form;
  #loadProblem;
  // Beside the button, which is visible wherever the page is scrolled to.
  #saveProblem;
  #status = createElement("p", { class: "state", role: "status" });
  #save = createElement("button", { class: "button main" });
  #discard;
  #bar;
  #announcement = createElement("p", { class: "unseen", role: "status" });

  /**
   * @param {Editing} editing
   * @param {PageHandlers} handlers
   */
  constructor(editing, handlers) {
    this.#removeUnknown = createElement("button", { type: "button", class: "button", click: handlers.onRemoveUnknown });
    this.#unknown = createElement("div", { class: "note", hidden: true }, this.#unknownText, this.#removeUnknown);
    const [brand, texts, reasons] = [new BrandSection(editing), new TextsSection(editing), new ReasonsSection(editing)];
    const [asking, transcripts] = [new AskingSection(editing), new TranscriptsSection(editing)];
    this.#sections = [brand, texts, reasons, asking, transcripts];
    this.#mailPreview = new MailPreviewSection(handlers.readMail);
    this.#conflict = new ConflictSection(handlers);
    this.#loadProblem = new ProblemBox(handlers.onRetry);
    this.#saveProblem = new ProblemBox(handlers.onRetry);
    this.#discard = createElement("button", { type: "button", class: "button", click: handlers.onDiscard });
    const buttons = createElement("div", { class: "choices" }, this.#discard, this.#save);
    this.#bar = createElement("div", { class: "bar" }, this.#saveProblem.node, this.#status, buttons);
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      handlers.onSave();
    };
    // The preview contains a form of its own, in its shadow tree.
    this.#form = createElement(
      "form",
      { class: "form", novalidate: true, submit },
      createElement(
        "div",
        { class: "columns" },
        brand.node,
        texts.node,
        this.#preview.node,
        reasons.node,
        asking.node,
        transcripts.node,
        this.#mailPreview.node,
      ),
      this.#bar,
    );
    this.node = createElement(
      "div",
      { class: "settings" },
      this.#title,
      this.#loading,
      this.#unknown,
      this.#conflict.node,
      this.#loadProblem.node,
      this.#form,
      this.#mailPreview.form,
      this.#announcement,
    );
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  render(state, texts) {
    this.node.lang = firstLanguage(texts.language);
    this.node.setAttribute("aria-busy", String(state.isLoading || state.isSaving));
    setText(this.#title, texts.title);
    setText(this.#loading, state.isLoading && !state.isLoaded ? texts.loading : "");
    this.#renderProblem(state, texts);
    this.#renderUnknown(state, texts);
    this.#form.hidden = !state.isLoaded || state.conflict !== null;
    if (!this.#form.hidden) {
      for (const section of this.#sections) section.render(state, texts);
      this.#preview.render(state, texts);
      this.#mailPreview.render(state, texts);
    }
    this.#renderBar(state, texts);
    this.#conflict.render(state.conflict, texts);
  }

  /** @param {string} text */
  announce(text) {
    setText(this.#announcement, text);
  }

  /**
   * Moves to the control of a setting.
   *
   * @param {string[]} path
   * @returns {boolean} `false` if the setting has no control
   */
  focus(path) {
    const control = this.#sections.map((section) => section.controlAt(path)).find((found) => found);
    if (!control) return false;
    control.focus({ preventScroll: true });
    control.scrollIntoView({ block: "center" });
    return true;
  }

  closeDialogs() {
    this.#mailPreview.closeDialog();
  }

  focusSave() {
    this.#save.focus();
  }

  /** Moves to the note about members of a newer version. */
  focusNote() {
    if (!this.#removeUnknown.hidden) this.#removeUnknown.focus();
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  #renderProblem({ problem, isLoaded }, texts) {
    const [shown, hidden] = isLoaded ? [this.#saveProblem, this.#loadProblem] : [this.#loadProblem, this.#saveProblem];
    shown.render(problem?.message ?? null, texts.retry, { canRetry: problem?.canRetry ?? false });
    hidden.render(null, texts.retry);
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  #renderUnknown({ unknown }, texts) {
    this.#unknown.hidden = unknown === null;
    setText(this.#unknownText, unknown?.message ?? "");
    setText(this.#removeUnknown, texts.unknown.remove);
    this.#removeUnknown.hidden = !unknown?.canRemove;
  }

  /**
   * @param {PageState} state
   * @param {SettingsTexts} texts
   */
  #renderBar({ status, hasChanges, isSaving, canRestore }, texts) {
    this.#bar.classList.toggle("is-unsaved", hasChanges);
    setText(this.#status, status);
    setText(this.#save, texts.save);
    this.#save.setAttribute("aria-disabled", String(!hasChanges || isSaving));
    setText(this.#discard, canRestore ? texts.restore : texts.discard);
    this.#discard.hidden = !hasChanges && !canRestore;
  }
}
