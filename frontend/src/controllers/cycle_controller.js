import { Controller } from "@hotwired/stimulus";

const MOST = 98;

// The days of a rotation's cycle: one more like the last, or one less.
export default class extends Controller {
  static targets = ["days"];
  static values = { label: String };

  add() {
    const { children } = this.daysTarget;
    if (children.length >= MOST) return;
    const day = children[children.length - 1].cloneNode(true);
    day.querySelector("span").textContent = this.labelValue.replace("{n}", children.length + 1);
    this.daysTarget.append(day);
    day.querySelector("select").focus();
  }

  remove() {
    if (this.daysTarget.children.length > 1) this.daysTarget.lastElementChild.remove();
  }
}
