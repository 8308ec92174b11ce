import { Controller } from "@hotwired/stimulus";
import { ChallengeRefused, closeCamera, grab, grabMany, hasCamera, lightIn, openCamera, runChallenge } from "../lib/face.js";

const LIGHT_MS = 1000;

// A camera for faces; see templates/faces/_capture.html for the markup. It is used in two ways:
//
// - Enrolment: data-face-capture-target="file" inputs (photo_1, photo_2, photo_3). shoot() fills the next empty one,
//   so that the plain form is sent. Without a camera, or without JavaScript, the inputs take photos themselves.
// - Challenge: challengeUrl is set. start() runs it and dispatches face-capture:captured.
//
// Other controllers on the page use it by its events, or call the methods through an outlet:
//   face-capture:ready        the camera runs
//   face-capture:unavailable  {reason}: there is no camera, or it is not allowed
//   face-capture:captured     {frames: [Blob], nonce}: JPEGs of 640 x 480, to be sent as "frames" with the nonce
//   face-capture:refused      {text}: the server gave no challenge
//   capture({count, interval})  returns a promise of frames without any challenge
//   reset()                     ends "checking…" when the frames have been dealt with
//   challenge()                 returns a promise of {frames, nonce}
export default class extends Controller {
  static targets = ["video", "stage", "hint", "fallback", "file", "thumb", "shoot", "start", "submit", "texts"];
  static values = { challengeUrl: String, token: String, purpose: { type: String, default: "punch" }, browserId: String };

  async connect() {
    if (this.hasFallbackTarget) this.fallbackTarget.hidden = hasCamera();
    if (!hasCamera()) {
      this.unavailable("none");
      return;
    }
    try {
      await openCamera(this.videoTarget);
    } catch (error) {
      this.unavailable(error.name);
      return;
    }
    this.stageTarget.hidden = false;
    this.say("ready");
    this.light = setInterval(() => this.lookAtLight(), LIGHT_MS);
    this.dispatch("ready");
    this.showButtons();
  }

  disconnect() {
    clearInterval(this.light);
    if (this.hasVideoTarget) closeCamera(this.videoTarget);
  }

  text(name) {
    return this.textsTarget.dataset[name] ?? "";
  }

  say(name) {
    this.step = name;
    this.stageTarget.dataset.step = name;
    this.hintTarget.textContent = this.text(name);
  }

  // What was captured has been dealt with: guide again.
  reset() {
    this.say("ready");
  }

  unavailable(reason) {
    this.stageTarget.hidden = true;
    if (this.hasFallbackTarget) this.fallbackTarget.hidden = false;
    this.dispatch("unavailable", { detail: { reason } });
  }

  lookAtLight() {
    if (!["ready", "dark", "bright"].includes(this.step) || !this.videoTarget.videoWidth) return;
    const found = lightIn(this.videoTarget) || "ready";
    if (found !== this.step) this.say(found);
  }

  // --- Enrolment ---------------------------------------------------------------------------------------------

  get empty() {
    return this.fileTargets.findIndex((each) => !each.files.length);
  }

  async shoot() {
    const number = this.empty;
    if (number < 0) return;
    const frame = await grab(this.videoTarget);
    const files = new DataTransfer();
    files.items.add(new File([frame], `photo_${number + 1}.jpg`, { type: "image/jpeg" }));
    this.fileTargets[number].files = files.files;
    this.chosen();
  }

  chosen() {
    this.fileTargets.forEach((input, number) => {
      const thumb = this.thumbTargets[number];
      if (!thumb) return;
      if (thumb.src) URL.revokeObjectURL(thumb.src);
      const [file] = input.files;
      thumb.hidden = !file;
      if (file) thumb.src = URL.createObjectURL(file);
    });
    this.showButtons();
  }

  again({ params }) {
    this.fileTargets[params.number - 1].value = "";
    this.chosen();
  }

  showButtons() {
    if (!this.fileTargets.length) return;
    const isFull = this.empty < 0;
    if (this.hasShootTarget) this.shootTarget.hidden = isFull;
    if (this.hasSubmitTarget) this.submitTarget.disabled = !isFull;
    const next = ["ready", "second", "third"][this.empty] ?? "full";
    if (this.step && this.videoTarget.srcObject) this.say(next === "ready" ? "ready" : next);
  }

  // --- Challenge ---------------------------------------------------------------------------------------------

  capture({ count = 1, interval } = {}) {
    return grabMany(this.videoTarget, count, interval);
  }

  challenge() {
    return runChallenge({
      video: this.videoTarget,
      url: this.challengeUrlValue,
      token: this.tokenValue,
      purpose: this.purposeValue,
      browserId: this.browserIdValue,
      say: (step) => this.say(step),
    });
  }

  async start() {
    if (this.isBusy) return;
    this.setBusy(true);
    try {
      this.dispatch("captured", { detail: await this.challenge() });
    } catch (error) {
      this.say("ready");
      this.dispatch("refused", { detail: { text: error instanceof ChallengeRefused ? error.message : this.text("failed") } });
    } finally {
      this.setBusy(false);
    }
  }

  setBusy(on) {
    this.isBusy = on;
    if (!this.hasStartTarget) return;
    this.startTarget.disabled = on;
    this.startTarget.classList.toggle("is-busy", on);
  }
}
