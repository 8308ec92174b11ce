import { Controller } from "@hotwired/stimulus";

const TYPING = "input, textarea, select, [contenteditable]";

// "/" goes to the global search, from anywhere but a field.
export default class extends Controller {
  static targets = ["search", "results"];

  press(event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.searchTarget.focus();
    this.searchTarget.select();
  }

  // Arrow keys walk from the field through the results; Escape clears them.
  walk(event) {
    if (event.key === "Escape") {
      this.clear();
      this.searchTarget.focus();
      return;
    }
    const links = this.hasResultsTarget ? [...this.resultsTarget.querySelectorAll("a[href]")] : [];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !links.length) return;
    event.preventDefault();
    const next = links.indexOf(document.activeElement) + step;
    (links[next] ?? this.searchTarget).focus();
  }

  leave(event) {
    if (!event.currentTarget.contains(event.relatedTarget)) this.clear();
  }

  clear() {
    if (this.hasResultsTarget) this.resultsTarget.replaceChildren();
  }
}
