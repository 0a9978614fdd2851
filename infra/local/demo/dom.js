/**
 * The element with this id.
 *
 * @param {string} id
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`there is no element #${id}`);
  return node;
}

/**
 * The element with this id, if it is of this class.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function typedById(id, type) {
  const node = byId(id);
  if (!(node instanceof type)) throw new Error(`#${id} is not a ${type.name}`);
  return node;
}

/**
 * The first element with this name.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 */
export function byName(name) {
  const node = document.querySelector(name);
  if (!node) throw new Error(`there is no <${name}>`);
  return node;
}

/**
 * Creates an element.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} className
 * @param {string} text
 */
export function createElement(name, className = "", text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

/**
 * Wraps an action, so that an error is shown on the page.
 *
 * @param {() => Promise<unknown>} action
 */
export function showingErrors(action) {
  return async () => {
    const failure = byId("failure");
    try {
      await action();
      failure.hidden = true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // A message of any direction must not reorder the sentence around it.
      failure.replaceChildren("The request failed: ", createElement("bdi", "", message));
      failure.hidden = false;
    }
  };
}
