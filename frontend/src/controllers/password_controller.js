import { Controller } from "@hotwired/stimulus";

// Shows or hides what is typed into a password field.
export default class extends Controller {
  static targets = ["input", "button", "show", "hide"];

  toggle() {
    const isShown = this.inputTarget.type === "password";
    this.inputTarget.type = isShown ? "text" : "password";
    this.buttonTarget.setAttribute("aria-pressed", String(isShown));
    this.showTarget.hidden = isShown;
    this.hideTarget.hidden = !isShown;
  }
}
