/** Characters that are written from right to left, and the marks that change the direction. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

const FIRST_STRONG_ISOLATE = "\u2068";
const POP_DIRECTIONAL_ISOLATE = "\u2069";

/** A member of an object that the object itself has: names from data may be `constructor`. */
export function lookUp(table, name) {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/**
 * Fills the places in a text: `{agent}` stands for `values.agent`. If anything in the result is written
 * from right to left, each value is isolated (U+2068, U+2069), so that it reorders nothing around it.
 */
export function fill(text, values) {
  const filled = substitute(text, values, String);
  return RIGHT_TO_LEFT.test(filled) ? substitute(text, values, isolated) : filled;
}

/** Fills the places in an address: the values are part of it as they are. */
export function fillAddress(template, values) {
  return substitute(template, values, String);
}

/**
 * The parts of a text with places: strings of the text itself, and `{value}` for each place.
 *
 * @returns {(string | {value: string})[]}
 */
export function partsOf(text, values) {
  return text.split(/(\{\w+\})/).filter(Boolean).map((part) => {
    const value = /^\{\w+\}$/.test(part) ? lookUp(values, part.slice(1, -1)) : undefined;
    return value === undefined || value === null ? part : { value: balanced(String(value)) };
  });
}

function substitute(text, values, written) {
  return text.replace(/\{(\w+)\}/g, (place, name) => {
    const value = lookUp(values, name);
    return value === undefined || value === null ? place : written(value);
  });
}

function isolated(value) {
  return FIRST_STRONG_ISOLATE + balanced(String(value)) + POP_DIRECTIONAL_ISOLATE;
}

/** The text with each isolate closed and none closed twice: otherwise it would end the isolate around it. */
function balanced(text) {
  let open = 0;
  const kept = text.replace(/[\u2066-\u2069]/g, (mark) => {
    if (mark !== POP_DIRECTIONAL_ISOLATE) open += 1;
    else if (open === 0) return "";
    else open -= 1;
    return mark;
  });
  return kept + POP_DIRECTIONAL_ISOLATE.repeat(open);
}

/** The direction of a component whose texts are written like this one, whatever the page's direction is. */
export function directionOf(text) {
  return RIGHT_TO_LEFT.test(text) ? "rtl" : "ltr";
}

/** The texts with some of them replaced, at any depth. */
export function replaced(texts, replacements) {
  const result = { ...texts };
  for (const [name, replacement] of Object.entries(replacements ?? {})) {
    const isGroup = replacement?.constructor === Object;
    result[name] = isGroup ? replaced(texts[name] ?? {}, replacement) : replacement;
  }
  return result;
}
