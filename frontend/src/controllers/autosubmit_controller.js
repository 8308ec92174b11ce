import { Controller } from "@hotwired/stimulus";

const TYPING_MS = 300;

// A filter form that sends itself: choices at once, typed text after a pause. Input methods compose first.
export default class extends Controller {
  disconnect() {
    clearTimeout(this.timer);
  }

  now() {
    clearTimeout(this.timer);
    this.element.requestSubmit();
  }

  later(event) {
    if (event.isComposing) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.element.requestSubmit(), TYPING_MS);
  }
}
