import { Controller } from "@hotwired/stimulus";

// Sends the frames of face-capture to the page itself and shows what came of it.
export default class extends Controller {
  static targets = ["result"];
  static values = { url: String, token: String, failed: String };

  async send({ detail }) {
    const body = new FormData();
    body.set("nonce", detail.nonce);
    detail.frames.forEach((frame, number) => body.append("frames", frame, `${number}.jpg`));
    try {
      const answer = await fetch(this.urlValue, { method: "POST", body, headers: { "X-CSRFToken": this.tokenValue } });
      if (answer.ok) this.resultTarget.innerHTML = await answer.text();
      else this.refuse({ detail: { text: this.failedValue } });
    } catch {
      this.refuse({ detail: { text: this.failedValue } });
    }
    this.dispatch("finished");
  }

  refuse({ detail }) {
    const box = document.createElement("div");
    box.className = "hr-alert warn";
    box.setAttribute("role", "alert");
    box.textContent = detail.text;
    this.resultTarget.replaceChildren(box);
  }
}
