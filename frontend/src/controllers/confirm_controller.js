import { Controller } from "@hotwired/stimulus";
import { askToConfirm } from "../lib/confirm.js";

// <form data-controller="confirm" data-action="submit->confirm#ask" data-confirm-title-value="…">
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
    const yes = await askToConfirm({
      title: this.titleValue,
      text: this.textValue,
      label: this.labelValue,
      danger: this.dangerValue,
    });
    if (!yes) return;
    this.isConfirmed = true;
    this.element.requestSubmit(submitter);
  }
}
