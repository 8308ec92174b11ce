import { Controller } from "@hotwired/stimulus";
import { toast, toastText } from "../lib/toast.js";

// <button data-controller="clipboard" data-action="clipboard#copy" data-clipboard-text-value="…">
export default class extends Controller {
  static values = { text: String };

  async copy() {
    try {
      await navigator.clipboard.writeText(this.textValue);
    } catch {
      this.copyByField(); // plain http: the clipboard API is absent
    }
    toast(toastText("copied"), "ok");
  }

  copyByField() {
    const field = document.createElement("textarea");
    field.value = this.textValue;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}
