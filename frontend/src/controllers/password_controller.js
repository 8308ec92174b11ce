import { Controller } from "@hotwired/stimulus";

// Shows or hides what is typed into a password field.
export default class extends Controller {
  static targets = ["button", "show", "hide"];

  toggle() {
    const input = this.element.querySelector("input");
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    this.buttonTarget.setAttribute("aria-pressed", String(isShown));
    this.showTarget.hidden = isShown;
    this.hideTarget.hidden = !isShown;
  }
}
