import { Controller } from "@hotwired/stimulus";
import htmx from "htmx.org/dist/htmx.esm.js";
import { fixAge, locate } from "../lib/locate.js";
import { formOf, localIso, makeId, shrink } from "../lib/punch.js";
import * as queue from "../lib/punch_queue.js";
import { scanDoor } from "../lib/scan.js";
import { toast } from "../lib/toast.js";

const TONES = { counted: "ok", pending: "warn", queued: "warn", blocked: "bad", refused: "bad", rejected: "bad" };
const FRESH_MS = 30_000;

// The place where somebody punches. A tap makes one punch with an id of its own, sent until the server has it;
// without network it is kept on the phone and sent later. The server decides everything.
export default class extends Controller {
  static targets = [
    "place", "placeTitle", "placeText", "way", "panel", "button", "label", "clock", "result", "texts", "kept", "keptList",
    "install", "installText", "installButton", "video", "scan", "doorText", "face", "faceTemplate", "faceSlot",
    "photo", "photoName",
  ];
  static values = {
    takeUrl: String, whereUrl: String, tokenUrl: String, todayUrl: String, owner: String, now: String, zone: String,
    door: String, offline: Boolean,
  };

  async connect() {
    this.drift = this.offlineValue ? 0 : Date.parse(this.nowValue) - Date.now();
    this.ticking = setInterval(() => this.tick(), 1000);
    this.tick();
    this.register();
    this.offerInstall();
    if (this.offlineValue) this.ownerValue = await queue.owner();
    else await queue.setOwner(this.ownerValue);
    this.door = this.doorValue;
    if (this.door) this.arriveByDoor();
    this.choose();
    await this.showKept();
    if (navigator.onLine) await this.flush();
    else this.gone();
  }

  disconnect() {
    clearInterval(this.ticking);
    this.stopScan?.();
    removeEventListener("beforeinstallprompt", this.onInstallable);
  }

  // --- Clock, place, ways ------------------------------------------------------------------------------------

  tick() {
    const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
    if (this.zoneValue) options.timeZone = this.zoneValue;
    this.clockTarget.textContent = new Intl.DateTimeFormat("zh-CN", options).format(Date.now() + this.drift);
  }

  get way() {
    return this.wayTargets.find((each) => each.checked)?.value ?? "gps";
  }

  choose() {
    for (const panel of this.panelTargets) panel.hidden = panel.dataset.way !== this.way;
    if (this.hasScanTarget) this.scanTarget.hidden = !("BarcodeDetector" in window);
    if (this.way !== "qr") this.stopScan?.();
    if (this.hasFaceSlotTarget) this.showCamera(this.way === "face");
    const needsPlace = this.way === "gps" || this.way === "face";
    this.placeTarget.hidden = !needsPlace;
    if (needsPlace && !this.fix) this.locate();
  }

  // The camera runs only while the face is the chosen way.
  showCamera(on) {
    if (!on) this.faceSlotTarget.replaceChildren();
    else if (!this.hasFaceTarget) this.faceSlotTarget.append(this.faceTemplateTarget.content.cloneNode(true));
  }

  noFace() {
    this.show({ state: "refused", message: this.text("faceFailed") });
  }

  async faceAnswer() {
    const capture = this.application.getControllerForElementAndIdentifier(this.faceTarget, "face-capture");
    try {
      return await capture.challenge();
    } catch (error) {
      this.show({ state: "refused", message: error.message || this.text("faceFailed") });
      return null;
    } finally {
      capture.reset();
    }
  }

  arriveByDoor() {
    const door = this.wayTargets.find((each) => each.value === "qr");
    if (!door) return;
    door.checked = true;
    if (this.hasDoorTextTarget) this.doorTextTarget.textContent = this.text("scanned");
    history.replaceState(null, "", location.pathname);
  }

  text(name) {
    return this.textsTarget.dataset[name] ?? "";
  }

  showPlace(tone, title, text) {
    this.placeTarget.dataset.tone = tone;
    this.placeTitleTarget.textContent = title;
    this.placeTextTarget.textContent = text;
  }

  async locate() {
    this.showPlace("idle", this.text("locating"), this.text("locatingText"));
    this.fix = await locate();
    if (!this.fix) {
      this.showPlace("bad", this.text("noPlace"), this.text("noPlaceText"));
      return;
    }
    if (!navigator.onLine || this.offlineValue) {
      this.gone();
      return;
    }
    try {
      const body = new FormData();
      for (const name of ["lat", "lon", "accuracy", "datum"]) body.set(name, this.fix[name]);
      const answer = await this.post(this.whereUrlValue, body);
      const found = await answer.json();
      this.showPlace(found.is_inside ? "ok" : "warn", found.title ?? found.message, found.text ?? "");
    } catch {
      this.gone();
    }
  }

  // --- Punching ----------------------------------------------------------------------------------------------

  async punch() {
    if (this.isBusy) return;
    if (this.way === "qr" && !this.door) {
      this.show({ state: "refused", message: this.text("noDoor") });
      return;
    }
    if (this.way === "face" && !navigator.onLine) {
      this.show({ state: "refused", message: this.text("faceOffline") });
      return;
    }
    this.setBusy(true);
    try {
      const entry = await this.entry();
      if (this.way === "face") {
        const answer = await this.faceAnswer();
        if (!answer) return;
        Object.assign(entry, answer);
      }
      if (!navigator.onLine) await this.keepIt(entry);
      else await this.sendNow(entry);
    } finally {
      this.setBusy(false);
    }
  }

  async entry() {
    const entry = {
      client_id: makeId(),
      owner: this.ownerValue,
      way: this.way,
      device_at: localIso(new Date()),
      door: this.way === "qr" ? this.door : "",
    };
    const needsPlace = this.way !== "wifi" && this.way !== "qr";
    if (needsPlace && (!this.fix || fixAge(this.fix) * 1000 > FRESH_MS)) this.fix = (await locate()) ?? this.fix;
    if (this.fix) {
      for (const name of ["lat", "lon", "accuracy", "datum"]) entry[name] = this.fix[name];
      entry.fix_age = fixAge(this.fix);
    }
    const [photo] = this.hasPhotoTarget && this.way === "gps" ? this.photoTarget.files : [];
    if (photo) entry.photo = await shrink(photo);
    return entry;
  }

  pictured() {
    this.photoNameTarget.textContent = this.photoTarget.files.length ? this.text("pictured") : "";
  }

  async sendNow(entry) {
    let answer;
    try {
      answer = await this.post(this.takeUrlValue, formOf(entry));
    } catch {
      await this.keepIt(entry);
      return;
    }
    if (answer.status >= 500 && entry.frames) {
      this.show({ state: "refused", message: this.text("faceFailed") });
      return;
    }
    if (answer.status === 401 || answer.status === 403) this.show({ state: "refused", message: this.text("signIn") });
    else if (answer.status >= 500) {
      await this.keepIt(entry);
    } else {
      const found = await answer.json();
      this.show(found);
      if (found.state !== "refused") this.forgetProofs();
      if (found.id) this.refreshToday();
    }
  }

  forgetProofs() {
    this.door = "";
    if (!this.hasPhotoTarget) return;
    this.photoTarget.value = "";
    this.pictured();
  }

  async keepIt(entry) {
    if (entry.frames) {
      this.show({ state: "refused", message: this.text("faceOffline") });
      return;
    }
    await queue.keep(entry);
    this.forgetProofs();
    this.show({ state: "queued", message: this.text("kept"), clock: entry.device_at.slice(11, 19) });
    await this.showKept();
  }

  show({ state, message, clock = "", site = "" }) {
    const tone = TONES[state] ?? "bad";
    this.resultTarget.className = `hr-punch-result ${tone}`;
    this.resultTarget.hidden = false;
    const title = document.createElement("strong");
    title.textContent = [this.text(state), clock].filter(Boolean).join(" ");
    const text = document.createElement("span");
    text.textContent = [site, message].filter(Boolean).join(" · ");
    this.resultTarget.replaceChildren(title, text);
    this.resultTarget.focus({ preventScroll: true });
    if (tone === "ok") navigator.vibrate?.(80);
  }

  setBusy(on) {
    this.isBusy = on;
    this.buttonTarget.classList.toggle("is-busy", on);
    this.buttonTarget.disabled = on;
  }

  refreshToday() {
    const today = document.getElementById("punch-today");
    if (today) htmx.ajax("GET", this.todayUrlValue, { source: today, target: today, swap: "outerMorph" });
  }

  // --- Network -----------------------------------------------------------------------------------------------

  // A page from the cache carries an old token: a fresh one for each batch, and the proof of whose session it is.
  async token() {
    const answer = await fetch(this.tokenUrlValue, { headers: { Accept: "application/json" }, redirect: "manual" });
    if (!answer.ok) return null;
    return answer.json();
  }

  async post(url, body, token) {
    const known = token ?? (await this.token())?.token;
    if (!known) return new Response("{}", { status: 403 });
    return fetch(url, { method: "POST", body, headers: { "X-CSRFToken": known, Accept: "application/json" } });
  }

  gone() {
    if (!this.placeTarget.hidden || this.offlineValue) this.showPlace("warn", this.text("offline"), this.text("offlineText"));
  }

  async back() {
    if (!this.placeTarget.hidden && !this.offlineValue) this.locate();
    await this.flush();
  }

  async seen() {
    if (document.hidden) return;
    if (navigator.onLine) await this.flush();
  }

  async flush() {
    if (this.isFlushing || !this.ownerValue) return;
    this.isFlushing = true;
    try {
      if (!(await queue.kept(this.ownerValue)).length) return;
      const session = await this.token().catch(() => undefined);
      if (session === undefined) return;
      if (!session || session.owner !== this.ownerValue) {
        toast(this.text("signIn"), "warn");
        return;
      }
      const { sent } = await queue.flush(this.ownerValue, (entry) => this.upload(entry, session.token));
      if (sent) {
        toast(this.text("sent").replace("{count}", String(sent)), "ok");
        this.refreshToday();
      }
    } finally {
      this.isFlushing = false;
      await this.showKept();
    }
  }

  async upload(entry, token) {
    const body = formOf(entry);
    body.set("is_offline", "1");
    body.set("device_now", localIso(new Date()));
    try {
      const answer = await this.post(this.takeUrlValue, body, token);
      const found = await answer.json().catch(() => ({}));
      return { status: answer.status, message: found.message };
    } catch {
      return { status: 0 };
    }
  }

  async showKept() {
    const entries = this.ownerValue ? await queue.kept(this.ownerValue) : [];
    this.keptTarget.hidden = entries.length === 0;
    this.keptListTarget.replaceChildren(...entries.map((entry) => this.keptRow(entry)));
  }

  keptRow(entry) {
    const row = document.createElement("li");
    const time = document.createElement("strong");
    time.className = "time";
    time.textContent = entry.device_at.slice(5, 16).replace("T", " ");
    const text = document.createElement("span");
    text.className = "grow hr-help";
    text.textContent = entry.error;
    row.append(time, text);
    if (entry.error) {
      const button = document.createElement("button");
      button.className = "hr-btn sm";
      button.type = "button";
      button.textContent = this.text("remove");
      button.addEventListener("click", () => queue.remove(entry.client_id).then(() => this.showKept()));
      row.append(button);
    }
    return row;
  }

  // --- Door code ---------------------------------------------------------------------------------------------

  async scan() {
    this.stopScan?.();
    this.videoTarget.hidden = false;
    const scan = scanDoor(this.videoTarget);
    this.stopScan = scan.stop;
    const found = await scan.code;
    this.videoTarget.hidden = true;
    if (found) this.door = found;
    this.doorTextTarget.textContent = this.text(found ? "scanned" : "noCamera");
  }

  // --- Home screen -------------------------------------------------------------------------------------------

  register() {
    if ("serviceWorker" in navigator && !this.offlineValue) navigator.serviceWorker.register("/sw.js").catch(() => {});
  }

  offerInstall() {
    const isInstalled = matchMedia("(display-mode: standalone)").matches || navigator.standalone;
    if (isInstalled || this.offlineValue || !this.hasInstallTarget) return;
    this.onInstallable = (event) => {
      event.preventDefault();
      this.prompt = event;
      this.installTarget.hidden = false;
    };
    addEventListener("beforeinstallprompt", this.onInstallable);
    if (/iPhone|iPad/.test(navigator.userAgent)) {
      this.installTextTarget.textContent = this.text("ios");
      this.installButtonTarget.hidden = true;
      this.installTarget.hidden = false;
    }
  }

  async install() {
    await this.prompt?.prompt();
    this.installTarget.hidden = true;
  }
}
