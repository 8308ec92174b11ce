import { Controller } from "@hotwired/stimulus";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };

// "2", "1.5", "1:30", "90m" -> minutes; NaN for what is no time. The server judges by the same rules.
export function minutesOf(text) {
  const typed = text.trim().toLowerCase().replaceAll("：", ":").replaceAll(",", ".");
  if (!typed) return 0;
  const clock = typed.match(/^(\d{1,2}):([0-5]\d)$/);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const hours = typed.match(/^(\d{0,2}(?:\.\d{1,2})?)(?:h|小时)?$/);
  if (hours && hours[1] && hours[1] !== ".") return Math.round(Number(hours[1]) * 60);
  const minutes = typed.match(/^(\d{1,4})(?:m|min|分|分钟)$/);
  return minutes ? Number(minutes[1]) : NaN;
}

// 90 -> "1.5", 80 -> "1:20", 0 -> "".
export function hoursOf(minutes) {
  if (!minutes) return "";
  if (minutes % 3) return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  return String(Math.round((minutes * 100) / 60) / 100);
}

// A table of inputs like a spreadsheet: arrows and Enter move, sums follow while typing. Targets: cell (with
// data-column), line, column, total.
export default class extends Controller {
  static targets = ["cell", "line", "column", "total"];

  move(event) {
    const step = STEPS[event.key] ?? this.sideways(event);
    if (!step || event.isComposing) return;
    event.preventDefault();
    const next = this.neighbour(event.target, event.shiftKey && event.key === "Enter" ? [-1, 0] : step);
    next?.focus();
    next?.select();
  }

  // Left and right leave a cell only from the edge of its text.
  sideways({ key, target }) {
    if (key === "ArrowLeft" && target.selectionEnd === 0) return [0, -1];
    if (key === "ArrowRight" && target.selectionStart === target.value.length) return [0, 1];
    return null;
  }

  neighbour(cell, [down, right]) {
    const width = this.columnTargets.length;
    const at = this.cellTargets.indexOf(cell);
    const row = Math.floor(at / width) + down;
    const column = (at % width) + right;
    if (at < 0 || row < 0 || column < 0 || column >= width) return null;
    return this.cellTargets[row * width + column];
  }

  sum() {
    const width = this.columnTargets.length;
    const lines = this.lineTargets.map(() => 0);
    const columns = this.columnTargets.map(() => 0);
    this.cellTargets.forEach((cell, at) => {
      const minutes = minutesOf(cell.value);
      cell.setAttribute("aria-invalid", String(Number.isNaN(minutes)));
      lines[Math.floor(at / width)] += minutes || 0;
      columns[at % width] += minutes || 0;
    });
    this.lineTargets.forEach((target, at) => (target.textContent = hoursOf(lines[at])));
    this.columnTargets.forEach((target, at) => (target.textContent = hoursOf(columns[at])));
    if (this.hasTotalTarget) this.totalTarget.textContent = hoursOf(lines.reduce((one, other) => one + other, 0));
  }
}
