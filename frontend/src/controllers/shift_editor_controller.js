import { Controller } from "@hotwired/stimulus";

const SVG = "http://www.w3.org/2000/svg";
const DAY = 1440;

// The form of a shift: shows the fields of its kind, and draws the day as it is typed.
export default class extends Controller {
  static targets = ["part", "bars", "total"];
  static values = { total: String };

  connect() {
    this.draw();
  }

  draw() {
    const kind = this.field("kind");
    for (const part of this.partTargets) part.hidden = !part.dataset.kinds.split(" ").includes(kind);
    const { bars, minutes } = this[kind === "flexible" ? "flexible" : kind === "free" ? "free" : "fixed"]();
    const drawn = bars.map(([start, end, look]) => bar(start, end, look));
    this.barsTargets[0].replaceChildren(...drawn);
    const hours = String(Math.round((minutes / 60) * 100) / 100);
    this.totalTarget.textContent = minutes ? this.totalValue.replace("{hours}", hours) : "";
  }

  fixed() {
    let last = -1;
    const times = [];
    for (let number = 1; number <= 4; number += 1) {
      for (const edge of ["start", "end"]) {
        let time = this.minutes(`${edge}${number}`);
        if (time === null) continue;
        while (time <= last) time += DAY;
        times.push(time);
        last = time;
      }
    }
    const bars = [];
    for (let at = 0; at + 1 < times.length; at += 2) bars.push([times[at], times[at + 1], "work"]);
    return { bars, minutes: bars.reduce((sum, [start, end]) => sum + end - start, 0) };
  }

  flexible() {
    const [earliest, latest] = [this.minutes("earliest"), this.minutes("latest")];
    const required = Number(this.field("required_hours") || 0) * 60;
    if (earliest === null || latest === null || !required) return { bars: [], minutes: 0 };
    const pause = spans(this.field("breaks")).reduce((sum, [start, end]) => sum + end - start, 0);
    const core = spans(this.field("core")).map(([start, end]) => [start, end, "work"]);
    return { bars: [[earliest, latest + required + pause, "free"], ...core], minutes: required };
  }

  free() {
    const start = this.minutes("day_start") ?? 0;
    return { bars: [[start, start + DAY, "free"]], minutes: 0 };
  }

  field(name) {
    return this.element.elements[name]?.value ?? "";
  }

  minutes(name) {
    const found = this.field(name).match(/^(\d{1,2}):(\d{2})/);
    return found ? Number(found[1]) * 60 + Number(found[2]) : null;
  }
}

function spans(text) {
  return [...text.matchAll(/(\d{1,2})[:：](\d{2})\s*[-–—~至]\s*(\d{1,2})[:：](\d{2})/g)].map((each) => {
    const [start, end] = [Number(each[1]) * 60 + Number(each[2]), Number(each[3]) * 60 + Number(each[4])];
    return [start, end > start ? end : end + DAY];
  });
}

function bar(start, end, look) {
  const found = document.createElementNS(SVG, "rect");
  const shape = { class: look, x: start, y: 20, width: Math.max(0, Math.min(end, 2 * DAY) - start), height: 80, rx: 12 };
  for (const [name, value] of Object.entries(shape)) found.setAttribute(name, value);
  return found;
}
