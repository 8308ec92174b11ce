import { Controller } from "@hotwired/stimulus";

const OPTIONS = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 };
const DECIMALS = 6;

// Fills a form's hidden fields latitude, longitude and accuracy (WGS-84, metres) with where the device is. Without a
// place the form still goes: the server flags it. Values: texts while waiting, when found ({metres}), when not.
export default class extends Controller {
  static targets = ["status"];
  static values = { waiting: String, found: String, failed: String };

  connect() {
    this.locate();
  }

  locate() {
    if (!navigator.geolocation) return this.say(this.failedValue);
    this.say(this.waitingValue);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.take(coords),
      () => this.say(this.failedValue),
      OPTIONS,
    );
  }

  take({ latitude, longitude, accuracy }) {
    if (!this.element.isConnected) return;
    this.fill("latitude", latitude.toFixed(DECIMALS));
    this.fill("longitude", longitude.toFixed(DECIMALS));
    this.fill("accuracy", String(Math.round(accuracy)));
    this.say(this.foundValue.replace("{metres}", String(Math.round(accuracy))));
  }

  fill(name, value) {
    const field = this.element.elements.namedItem(name);
    if (field) field.value = value;
  }

  say(text) {
    if (this.hasStatusTarget) this.statusTarget.textContent = text;
  }
}
