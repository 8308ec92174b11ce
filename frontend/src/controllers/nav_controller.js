import { Controller } from "@hotwired/stimulus";

// The sidebar as a drawer on narrow windows.
export default class extends Controller {
  static targets = ["side", "burger"];

  toggle() {
    if (this.element.classList.contains("nav-open")) this.close();
    else this.open();
  }

  open() {
    this.element.classList.add("nav-open");
    this.burgerTarget.setAttribute("aria-expanded", "true");
    this.sideTarget.querySelector("a")?.focus();
  }

  close() {
    if (!this.element.classList.contains("nav-open")) return;
    this.element.classList.remove("nav-open");
    this.burgerTarget.setAttribute("aria-expanded", "false");
    this.burgerTarget.focus();
  }
}
