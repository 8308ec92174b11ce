import { Controller } from "@hotwired/stimulus";

// <button data-controller="opener" data-action="opener#open" data-opener-dialog-value="id-of-dialog">
export default class extends Controller {
  static values = { dialog: String };

  open(event) {
    const dialog = document.getElementById(this.dialogValue);
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
  }
}
