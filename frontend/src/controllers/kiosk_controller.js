import { Controller } from "@hotwired/stimulus";
import { makeId } from "../lib/punch.js";

const BEAT_MS = 30_000;
const SHOWN_MS = 4_000;
const WIDTH = 640;
const HEIGHT = 480;

// The tablet at the door: a face or a number with its PIN, then the answer in large letters. It keeps nothing.
export default class extends Controller {
  static targets = [
    "clock", "notice", "video", "facePanel", "faceButton", "number", "pin", "texts", "result", "resultName", "resultText",
    "denyButton",
  ];
  static values = {
    pinUrl: String, faceUrl: String, denyUrl: String, beatUrl: String, usesFace: Boolean, token: String, now: String,
    zone: String,
  };

  connect() {
    this.drift = Date.parse(this.nowValue) - Date.now();
    this.ticking = setInterval(() => this.tick(), 1000);
    this.beating = setInterval(() => this.beat(), BEAT_MS);
    this.tick();
    this.beat();
    if (this.usesFaceValue) this.openCamera();
  }

  disconnect() {
    clearInterval(this.ticking);
    clearInterval(this.beating);
    clearTimeout(this.closing);
    this.stream?.getTracks().forEach((each) => each.stop());
  }

  text(name) {
    return this.textsTarget.dataset[name] ?? "";
  }

  tick() {
    const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: this.zoneValue };
    this.clockTarget.textContent = new Intl.DateTimeFormat("zh-CN", options).format(Date.now() + this.drift);
  }

  async openCamera() {
    try {
      const wanted = { facingMode: "user", width: { ideal: WIDTH }, height: { ideal: HEIGHT } };
      this.stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      this.videoTarget.srcObject = this.stream;
      await this.videoTarget.play();
    } catch {
      this.facePanelTarget.hidden = true;
      this.notice(this.text("noCamera"));
    }
  }

  notice(text) {
    this.noticeTarget.textContent = text;
    this.noticeTarget.hidden = !text;
  }

  gone() {
    this.notice(this.text("offline"));
  }

  async beat() {
    const found = await this.post(this.beatUrlValue, {});
    if (found?.now) {
      this.drift = Date.parse(found.now) - Date.now();
      if (this.noticeTarget.textContent === this.text("offline")) this.notice("");
    }
  }

  async post(url, values) {
    const body = new FormData();
    for (const [name, value] of Object.entries(values)) body.set(name, value);
    try {
      const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": this.tokenValue } });
      if (answer.status === 401) {
        location.reload();
        return null;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      return await answer.json();
    } catch {
      this.gone();
      return null;
    }
  }

  key({ params }) {
    this.pinTarget.value = `${this.pinTarget.value}${params.key}`.slice(0, 8);
  }

  erase() {
    this.pinTarget.value = this.pinTarget.value.slice(0, -1);
  }

  async pin(event) {
    event.preventDefault();
    if (this.isBusy) return;
    this.isBusy = true;
    const values = { number: this.numberTarget.value.trim(), pin: this.pinTarget.value, client_id: makeId() };
    const found = await this.post(this.pinUrlValue, values);
    this.isBusy = false;
    this.pinTarget.value = "";
    if (!found) return;
    if (found.state !== "refused") this.numberTarget.value = "";
    this.show(found);
  }

  async face() {
    if (this.isBusy || !this.stream) return;
    this.isBusy = true;
    this.faceButtonTarget.classList.add("is-busy");
    const found = await this.post(this.faceUrlValue, { frame: await this.frame(), client_id: makeId() });
    this.faceButtonTarget.classList.remove("is-busy");
    this.isBusy = false;
    if (found) this.show(found);
  }

  frame() {
    const canvas = document.createElement("canvas");
    const { videoWidth, videoHeight } = this.videoTarget;
    const scale = Math.min(1, WIDTH / videoWidth);
    canvas.width = Math.round(videoWidth * scale);
    canvas.height = Math.round(videoHeight * scale);
    canvas.getContext("2d").drawImage(this.videoTarget, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  }

  // The name goes away by itself: the next one is waiting, and it is nobody else's business.
  show({ state, name = "", clock = "", message, id = "", is_again: isAgain = false }) {
    clearTimeout(this.closing);
    this.resultTarget.className = `hr-kiosk-result ${{ counted: "ok", pending: "warn", denied: "ok" }[state] ?? "bad"}`;
    this.resultNameTarget.textContent = [name, clock].filter(Boolean).join(" ");
    this.resultTextTarget.textContent = message;
    this.denyButtonTarget.hidden = !id || isAgain;
    this.punchId = id;
    if (!this.resultTarget.open) this.resultTarget.showModal();
    this.closing = setTimeout(() => this.close(), SHOWN_MS);
  }

  close() {
    clearTimeout(this.closing);
    this.resultTarget.close();
  }

  async deny() {
    const found = await this.post(this.denyUrlValue, { client_id: this.punchId });
    if (found) this.show(found);
  }
}
