import { Controller } from "@hotwired/stimulus";
import { locate } from "../lib/locate.js";

// Fills a form with the place of this device and sends it.
export default class extends Controller {
  static targets = ["form", "latitude", "longitude", "datum", "accuracy", "error"];

  async find({ currentTarget }) {
    currentTarget.classList.add("is-busy");
    const place = await locate();
    currentTarget.classList.remove("is-busy");
    this.errorTarget.hidden = Boolean(place);
    if (!place) {
      this.errorTarget.textContent = this.errorTarget.dataset.text;
      return;
    }
    this.latitudeTarget.value = place.lat.toFixed(6);
    this.longitudeTarget.value = place.lon.toFixed(6);
    this.datumTarget.value = place.datum;
    this.accuracyTarget.value = Math.round(place.accuracy);
    this.formTarget.requestSubmit();
  }
}
