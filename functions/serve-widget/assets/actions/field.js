import { element, say } from "../common/dom.js";

/** A form's field with its name, and what is wrong with what stands in it. */
export class Field {
  #label;
  #problem;

  constructor(id, control) {
    control.id = id;
    control.className = "field";
    control.setAttribute("aria-describedby", `${id}-problem`);
    this.control = control;
    this.#label = element("label", { for: id });
    this.#problem = element("p", { class: "wrong", id: `${id}-problem`, role: "alert" });
    this.node = element("div", { class: "labelled" }, this.#label, control, this.#problem);
  }

  set name(text) {
    say(this.#label, text);
  }

  get value() {
    return this.control.value.trim();
  }

  set value(text) {
    this.control.value = text;
  }

  set problem(text) {
    say(this.#problem, text);
    if (text) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
  }
}
