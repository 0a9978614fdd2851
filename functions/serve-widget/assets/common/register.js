/** Makes an element known, once: a page may load this module from two addresses. */
export function register(name, definition) {
  if (!customElements.get(name)) customElements.define(name, definition);
}
