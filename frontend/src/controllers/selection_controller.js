import { Controller } from "@hotwired/stimulus";

// Boxes of a list with one for all of them: <form data-controller="selection"> with targets all, box and submit.
export default class extends Controller {
  static targets = ["all", "box", "submit"];

  connect() {
    this.count();
  }

  toggle() {
    for (const box of this.boxTargets) box.checked = this.allTarget.checked;
    this.count();
  }

  count() {
    const chosen = this.boxTargets.filter((box) => box.checked).length;
    if (this.hasAllTarget) {
      this.allTarget.checked = chosen > 0 && chosen === this.boxTargets.length;
      this.allTarget.indeterminate = chosen > 0 && chosen < this.boxTargets.length;
    }
    if (this.hasSubmitTarget) this.submitTarget.disabled = chosen === 0;
  }
}
