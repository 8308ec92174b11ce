import { Controller } from "@hotwired/stimulus";

// A native <dialog> as modal or drawer. Content that htmx puts inside opens it; "dialog:close" (also as an
// HX-Trigger of the server) closes it.
export default class extends Controller {
  connect() {
    this.onSwap = (event) => {
      const target = event.detail?.ctx?.target;
      if (target && this.element.contains(target) && target.childElementCount && !this.element.open)
        this.element.showModal();
    };
    this.onClose = () => this.element.open && this.element.close();
    document.addEventListener("htmx:after:swap", this.onSwap);
    window.addEventListener("dialog:close", this.onClose);
    if (this.element.hasAttribute("data-open") && !this.element.open) this.element.showModal();
  }

  disconnect() {
    document.removeEventListener("htmx:after:swap", this.onSwap);
    window.removeEventListener("dialog:close", this.onClose);
  }

  close(event) {
    event?.preventDefault();
    this.element.close();
  }

  // A press that begins and ends on the backdrop closes; dragging a selection out of a field does not.
  press(event) {
    this.isPressedOutside = event.target === this.element;
  }

  release(event) {
    if (this.isPressedOutside && event.target === this.element) this.element.close();
  }
}
