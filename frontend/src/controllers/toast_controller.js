import { Controller } from "@hotwired/stimulus";

const SHOWN_MS = 6000;

// The toast list of the shell. Errors stay until dismissed, the rest goes by itself.
export default class extends Controller {
  static targets = ["template", "item"];

  connect() {
    this.onToast = (event) => this.show(event.detail ?? {});
    window.addEventListener("toast", this.onToast);
  }

  disconnect() {
    window.removeEventListener("toast", this.onToast);
  }

  itemTargetConnected(item) {
    if (!item.classList.contains("bad")) setTimeout(() => item.remove(), SHOWN_MS);
  }

  show({ text, kind = "info" }) {
    const template = this.templateTargets.find((each) => each.dataset.kind === kind) ?? this.templateTargets[0];
    const item = template.content.firstElementChild.cloneNode(true);
    item.querySelector(".grow").textContent = text;
    this.element.append(item);
  }

  dismiss(event) {
    event.target.closest(".hr-toast").remove();
  }
}
