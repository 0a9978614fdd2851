/** Fills the places in a text: `{agent}` stands for `values.agent`. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
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
