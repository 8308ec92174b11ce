import { Controller } from "@hotwired/stimulus";

const ITEMS = "a[href], button:not([disabled]), input:not([disabled])";

// A button that discloses a panel. Arrow keys move, Escape closes and returns the focus, Tab leaves.
export default class extends Controller {
  static targets = ["toggle", "panel"];

  connect() {
    this.onOutside = (event) => this.element.contains(event.target) || this.close();
  }

  disconnect() {
    document.removeEventListener("pointerdown", this.onOutside);
  }

  get isOpen() {
    return !this.panelTarget.hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open() {
    this.panelTarget.hidden = false;
    this.toggleTarget.setAttribute("aria-expanded", "true");
    this.keepInView();
    document.addEventListener("pointerdown", this.onOutside);
  }

  close() {
    this.panelTarget.hidden = true;
    this.toggleTarget.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", this.onOutside);
  }

  // A panel that would leave the window hangs from its other edge.
  keepInView() {
    const { left, right } = this.panelTarget.getBoundingClientRect();
    if (right > window.innerWidth - 8) this.panelTarget.classList.add("end");
    else if (left < 8) this.panelTarget.classList.remove("end");
  }

  key(event) {
    if (event.key === "Escape" && this.isOpen) {
      event.stopPropagation();
      this.close();
      this.toggleTarget.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.isOpen) this.open();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    }
  }

  move(step) {
    const items = [...this.panelTarget.querySelectorAll(ITEMS)].filter((item) => item.offsetParent !== null);
    if (!items.length) return;
    const at = items.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length;
    items[next].focus();
  }

  left(event) {
    if (event.relatedTarget && !this.element.contains(event.relatedTarget)) this.close();
  }
}
