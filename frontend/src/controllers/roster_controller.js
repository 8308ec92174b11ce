import { Controller } from "@hotwired/stimulus";
import htmx from "../lib/htmx.js";

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// The roster board: give cells a shift by clicking, painting, dragging or the keyboard. Every change is sent at once,
// and the server answers with the board as it then is.
export default class extends Controller {
  static targets = ["cell", "brush", "menu"];
  static values = { setUrl: String, moveUrl: String };

  connect() {
    this.onOutside = (event) => this.menuTarget.contains(event.target) || this.closeMenu();
    this.onEscape = (event) => event.key === "Escape" && this.unpick();
    document.addEventListener("keydown", this.onEscape);
  }

  disconnect() {
    document.removeEventListener("pointerdown", this.onOutside);
    document.removeEventListener("keydown", this.onEscape);
  }

  // --- Sending ---

  async send(url, values) {
    const at = this.current?.id;
    this.closeMenu();
    this.element.classList.add("is-busy");
    await htmx.ajax("POST", url, { source: this.element, target: this.element, swap: "outerMorph", values });
    this.element.classList.remove("is-busy");
    const cell = at && document.getElementById(at);
    if (cell) this.focusCell(cell);
  }

  set(shift, cells = this.chosen) {
    if (!cells.length) return;
    this.send(this.setUrlValue, { shift, cell: cells.map((cell) => cell.dataset.cell).join(",") });
  }

  get chosen() {
    const many = this.cellTargets.filter((cell) => cell.getAttribute("aria-selected") === "true");
    return many.length ? many : [this.current].filter(Boolean);
  }

  // --- Choosing ---

  pick({ currentTarget }) {
    const isOn = currentTarget.getAttribute("aria-pressed") === "true";
    this.unpick();
    if (isOn) return;
    currentTarget.setAttribute("aria-pressed", "true");
    this.brush = currentTarget.dataset.shift;
    this.element.classList.add("is-painting");
  }

  unpick() {
    this.brush = null;
    this.element.classList.remove("is-painting");
    for (const brush of this.brushTargets) brush.setAttribute("aria-pressed", "false");
  }

  click(event) {
    const cell = event.currentTarget;
    if (event.shiftKey && this.current) {
      this.select(this.current, cell);
      return;
    }
    if (cell.getAttribute("aria-selected") !== "true") this.deselect();
    this.focusCell(cell);
    if (this.brush) this.set(this.brush);
    else this.openMenu(cell);
  }

  choose({ currentTarget }) {
    this.current?.focus();
    this.set(currentTarget.dataset.shift);
  }

  select(from, to) {
    const [top, bottom] = sorted(from.dataset.row, to.dataset.row);
    const [left, right] = sorted(from.dataset.column, to.dataset.column);
    for (const cell of this.cellTargets) {
      const { row, column } = cell.dataset;
      const isIn = row >= top && row <= bottom && column >= left && column <= right;
      cell.setAttribute("aria-selected", String(isIn && Number(row) >= top && Number(column) >= left));
    }
    this.last = to;
  }

  deselect() {
    for (const cell of this.cellTargets) cell.removeAttribute("aria-selected");
    this.last = null;
  }

  focusCell(cell) {
    for (const each of this.cellTargets) each.tabIndex = each === cell ? 0 : -1;
    this.current = cell;
    cell.focus();
  }

  at(row, column) {
    return this.cellTargets.find((cell) => Number(cell.dataset.row) === row && Number(cell.dataset.column) === column);
  }

  // --- Keyboard ---

  key(event) {
    const cell = event.currentTarget;
    this.current ??= cell;
    const step = STEPS[event.key];
    if (step) {
      const from = event.shiftKey ? (this.last ?? this.current) : cell;
      const next = this.at(Number(from.dataset.row) + step[0], Number(from.dataset.column) + step[1]);
      event.preventDefault();
      if (!next) return;
      if (event.shiftKey) this.select(this.current, next);
      else {
        this.deselect();
        this.focusCell(next);
      }
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.current = cell;
      this.set("rest");
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c") {
      this.copied = cell.dataset.cell;
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v" && this.copied) {
      event.preventDefault();
      this.move(this.copied, cell.dataset.cell, true);
    }
  }

  // --- Menu ---

  openMenu(cell) {
    const menu = this.menuTarget;
    menu.hidden = false;
    const box = cell.getBoundingClientRect();
    const top = Math.min(box.bottom + 4, window.innerHeight - menu.offsetHeight - 8);
    menu.style.top = `${Math.max(8, top)}px`;
    menu.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - menu.offsetWidth - 8))}px`;
    document.addEventListener("pointerdown", this.onOutside);
    menu.querySelector("button").focus();
  }

  closeMenu() {
    if (this.menuTarget.hidden) return;
    this.menuTarget.hidden = true;
    document.removeEventListener("pointerdown", this.onOutside);
  }

  menuKey(event) {
    const items = [...this.menuTarget.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      this.closeMenu();
      this.current?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length].focus();
    }
  }

  // --- Dragging ---

  dragCell(event) {
    this.dragged = { cell: event.currentTarget.dataset.cell };
    begin(event);
  }

  dragBrush(event) {
    this.dragged = { shift: event.currentTarget.dataset.shift };
    begin(event);
  }

  dragEnd(event) {
    event.currentTarget.classList.remove("is-dragged");
    this.dragged = null;
    for (const cell of this.cellTargets) cell.classList.remove("is-over");
  }

  over(event) {
    if (!this.dragged || event.currentTarget.dataset.cell === this.dragged.cell) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = this.dragged.shift || event.ctrlKey || event.altKey ? "copy" : "move";
    event.currentTarget.classList.add("is-over");
  }

  leave(event) {
    event.currentTarget.classList.remove("is-over");
  }

  drop(event) {
    event.preventDefault();
    const cell = event.currentTarget;
    cell.classList.remove("is-over");
    const dragged = this.dragged;
    this.dragged = null;
    if (!dragged) return;
    if (dragged.shift) this.set(dragged.shift, [cell]);
    else this.move(dragged.cell, cell.dataset.cell, event.ctrlKey || event.altKey);
  }

  move(source, target, isCopy) {
    if (source === target) return;
    this.send(this.moveUrlValue, { source, target, copy: isCopy ? "1" : "0" });
  }
}

function begin(event) {
  event.dataTransfer.effectAllowed = "copyMove";
  event.dataTransfer.setData("text/plain", "");
  event.currentTarget.classList.add("is-dragged");
}

function sorted(one, other) {
  return [Number(one), Number(other)].sort((left, right) => left - right);
}
