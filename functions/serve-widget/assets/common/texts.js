/** @import { Replacements } from "../../types/afterchat" */
/** @typedef {Record<string, string | number | null | undefined>} TemplateValues */

/** Characters of right-to-left scripts, and the control characters that change the direction. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08FF\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

const FIRST_STRONG_ISOLATE = "\u2068";
const POP_DIRECTIONAL_ISOLATE = "\u2069";

/**
 * An object's own property. Names from data can be `constructor`.
 *
 * @template T
 * @param {{ [name: string]: T }} table
 * @param {string | undefined} name
 * @returns {T | undefined}
 */
export function lookUp(table, name) {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

/**
 * Fills a template: `{agent}` is replaced by `values.agent`. If the result contains right-to-left text, each value is
 * isolated (U+2068, U+2069), so that it does not reorder the text around it.
 *
 * @param {string} template
 * @param {TemplateValues} values
 */
export function fillTemplate(template, values) {
  const filled = substitute(template, values, String);
  return RIGHT_TO_LEFT.test(filled) ? substitute(template, values, isolate) : filled;
}

/**
 * Fills a template of a URL. The values must be encoded already.
 *
 * @param {string} template
 * @param {TemplateValues} values
 */
export function fillUrl(template, values) {
  return substitute(template, values, String);
}

/**
 * Splits a template into its own text and the values of its placeholders.
 *
 * @param {string} template
 * @param {TemplateValues} values
 * @returns {(string | { value: string })[]}
 */
export function splitTemplate(template, values) {
  return template
    .split(/(\{\w+\})/)
    .filter(Boolean)
    .map((part) => {
      const value = /^\{\w+\}$/.test(part) ? lookUp(values, part.slice(1, -1)) : undefined;
      return value === undefined || value === null ? part : { value: closeIsolates(String(value)) };
    });
}

/**
 * @param {string} template
 * @param {TemplateValues} values
 * @param {(value: string | number) => string} write
 */
function substitute(template, values, write) {
  return template.replace(/\{(\w+)\}/g, (placeholder, name) => {
    const value = lookUp(values, name);
    return value === undefined || value === null ? placeholder : write(value);
  });
}

/** @param {string | number} value */
function isolate(value) {
  return FIRST_STRONG_ISOLATE + closeIsolates(String(value)) + POP_DIRECTIONAL_ISOLATE;
}

/**
 * Closes each isolate in a text, and removes closing marks without an opening one. They would end the isolate around
 * the text.
 *
 * @param {string} text
 */
function closeIsolates(text) {
  let open = 0;
  const balanced = text.replace(/[\u2066-\u2069]/g, (mark) => {
    if (mark !== POP_DIRECTIONAL_ISOLATE) open += 1;
    else if (open === 0) return "";
    else open -= 1;
    return mark;
  });
  return balanced + POP_DIRECTIONAL_ISOLATE.repeat(open);
}

/**
 * The direction of a component that has this text, whatever the page's direction is.
 *
 * @param {string} text
 */
export function textDirection(text) {
  return RIGHT_TO_LEFT.test(text) ? "rtl" : "ltr";
}

/**
 * Copies texts with some of them replaced, at any depth.
 *
 * @template T
 * @param {T} texts
 * @param {Replacements<T> | undefined} replacements
 * @returns {T}
 */
export function replaceTexts(texts, replacements) {
  /** @type {any} */
  const result = { ...texts };
  for (const [name, replacement] of Object.entries(replacements ?? {})) {
    const isGroup = replacement?.constructor === Object;
    result[name] = isGroup ? replaceTexts(result[name] ?? {}, replacement) : replacement;
  }
  return result;
}
