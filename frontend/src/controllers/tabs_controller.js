import { Controller } from "@hotwired/stimulus";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

// Tabs within a page (WAI-ARIA pattern): arrows move, the panel follows.
export default class extends Controller {
  static targets = ["tab", "panel"];

  pick(event) {
    this.show(this.tabTargets.indexOf(event.currentTarget));
  }

  key(event) {
    const at = this.tabTargets.indexOf(event.currentTarget);
    const count = this.tabTargets.length;
    let next = { Home: 0, End: count - 1 }[event.key];
    if (STEPS[event.key]) next = (at + STEPS[event.key] + count) % count;
    if (next === undefined) return;
    event.preventDefault();
    this.show(next);
    this.tabTargets[next].focus();
  }

  show(index) {
    this.tabTargets.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    });
    this.panelTargets.forEach((panel, at) => (panel.hidden = at !== index));
  }
}
