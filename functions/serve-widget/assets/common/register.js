/**
 * Defines a custom element unless it is defined already: a page may load this module from two URLs.
 *
 * @param {string} name
 * @param {CustomElementConstructor} definition
 */
export function register(name, definition) {
  if (!customElements.get(name)) customElements.define(name, definition);
}
