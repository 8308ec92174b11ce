import { Controller } from "@hotwired/stimulus";
import { askToConfirm } from "../lib/confirm.js";

// <form data-controller="confirm" data-action="submit->confirm#ask" data-confirm-title-value="…">
// A button with data-confirm-title, -label or -danger of its own is asked about in these words.
export default class extends Controller {
  static values = { title: String, text: String, label: String, danger: Boolean };

  async ask(event) {
    if (this.isConfirmed) {
      this.isConfirmed = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    const own = submitter?.dataset ?? {};
    const yes = await askToConfirm({
      title: own.confirmTitle || this.titleValue,
      text: this.textValue,
      label: own.confirmLabel || this.labelValue,
      danger: this.dangerValue || own.confirmDanger === "true",
    });
    if (!yes) return;
    this.isConfirmed = true;
    this.element.requestSubmit(submitter);
  }
}
