import { Controller } from "@hotwired/stimulus";
import htmx from "htmx.org/dist/htmx.esm.js";

// Refreshes its own part of the page until the server says done; rests while the page is hidden.
// <section id="run" data-controller="poll" data-poll-url-value="…" data-poll-done-value="false">
export default class extends Controller {
  static values = { url: String, every: { type: Number, default: 1500 }, done: Boolean };

  connect() {
    this.plan();
  }

  disconnect() {
    clearTimeout(this.timer);
  }

  doneValueChanged() {
    if (this.doneValue) clearTimeout(this.timer);
  }

  plan() {
    clearTimeout(this.timer);
    if (!this.doneValue) this.timer = setTimeout(() => this.refresh(), this.everyValue);
  }

  async refresh() {
    if (!document.hidden) {
      try {
        await htmx.ajax("GET", this.urlValue, { source: this.element, target: this.element, swap: "outerMorph" });
      } catch {
        this.everyValue = Math.min(this.everyValue * 2, 30_000); // a server that is away is not hammered
      }
    }
    if (this.element.isConnected) this.plan();
  }
}
