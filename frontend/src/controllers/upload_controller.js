import { Controller } from "@hotwired/stimulus";
import { toast, toastText } from "../lib/toast.js";

const UNITS = ["B", "kB", "MB", "GB"];

export function sizeText(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit && value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

// A file field that takes drops, says what it got and shows the progress of the upload. Without JavaScript the
// plain form works. Values: maxBytes (0: no limit).
export default class extends Controller {
  static targets = ["input", "zone", "name", "bar", "progress", "submit", "error"];
  static values = { maxBytes: Number, tooBig: String };

  over(event) {
    event.preventDefault();
    this.zoneTarget.classList.add("is-over");
  }

  out() {
    this.zoneTarget.classList.remove("is-over");
  }

  drop(event) {
    event.preventDefault();
    this.out();
    if (!event.dataTransfer.files.length) return;
    this.inputTarget.files = event.dataTransfer.files;
    this.chosen();
  }

  chosen() {
    const [file] = this.inputTarget.files;
    const isTooBig = Boolean(file && this.maxBytesValue && file.size > this.maxBytesValue);
    this.nameTarget.textContent = file ? `${file.name} · ${sizeText(file.size)}` : "";
    if (this.hasErrorTarget) {
      this.errorTarget.hidden = !isTooBig;
      this.errorTarget.textContent = isTooBig ? this.tooBigValue : "";
    }
    if (this.hasSubmitTarget) this.submitTarget.disabled = !file || isTooBig;
  }

  send(event) {
    if (!this.inputTarget.files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const form = this.element.matches("form") ? this.element : this.element.querySelector("form");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.onprogress = ({ loaded, total }) => this.show(total ? loaded / total : 0);
    request.onload = () => this.done(request, form);
    request.onerror = () => this.failed(toastText("network"));
    this.submitTarget.classList.add("is-busy");
    this.progressTarget.hidden = false;
    this.show(0);
    request.send(new FormData(form));
  }

  show(share) {
    this.barTarget.setAttribute("width", `${(share * 100).toFixed(1)}`);
  }

  done(request, form) {
    const next = request.getResponseHeader("HX-Redirect");
    if (next) location.assign(next);
    else if (request.status < 400 && request.responseURL !== form.action) location.assign(request.responseURL);
    else if (request.status < 500 && request.responseText) this.replace(request.responseText);
    else this.failed(toastText("server").replace("{number}", String(request.status)));
  }

  // A refused file comes back as the same part of the page with its errors.
  replace(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const part = page.getElementById(this.element.id) ?? page.body.firstElementChild;
    if (part) this.element.replaceWith(part);
  }

  failed(text) {
    this.submitTarget.classList.remove("is-busy");
    this.progressTarget.hidden = true;
    toast(text, "bad");
  }
}
