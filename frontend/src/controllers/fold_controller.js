import { Controller } from "@hotwired/stimulus";

// Folds a branch of a tree: <li data-controller="fold"><button aria-expanded="true" data-fold-target="toggle"
// data-action="fold#toggle">…<ul data-fold-target="branch">. Without JavaScript every branch is open.
export default class extends Controller {
  static targets = ["toggle", "branch"];

  toggle() {
    this.branchTarget.hidden = !this.branchTarget.hidden;
    this.toggleTarget.setAttribute("aria-expanded", String(!this.branchTarget.hidden));
  }
}
