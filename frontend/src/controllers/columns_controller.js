import { Controller } from "@hotwired/stimulus";

// The column chooser of a list: at least one column stays on.
export default class extends Controller {
  static targets = ["box"];

  connect() {
    this.guard();
  }

  guard() {
    const on = this.boxTargets.filter((box) => box.checked);
    for (const box of this.boxTargets) box.toggleAttribute("data-last", on.length === 1 && box === on[0]);
  }

  keepOne(event) {
    if (this.boxTargets.some((box) => box.checked)) this.guard();
    else event.target.checked = true;
  }

  all() {
    for (const box of this.boxTargets) box.checked = true;
    this.guard();
  }
}
