import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import htmx from "../lib/htmx.js";
import RosterController from "./roster_controller.js";

vi.mock("../lib/htmx.js", () => ({ default: { ajax: vi.fn(async () => {}) } }));

const ACTIONS = "roster#click keydown->roster#key dragstart->roster#dragCell dragover->roster#over drop->roster#drop";
const cell = (row, column) =>
  `<button id="c${row}${column}" tabindex="-1" data-roster-target="cell" data-row="${row}" data-column="${column}"
    data-cell="p${row}|d${column}" data-action="${ACTIONS}">x</button>`;
const brush = (shift) =>
  `<button id="b-${shift}" aria-pressed="false" data-roster-target="brush" data-shift="${shift}"
    data-action="roster#pick dragstart->roster#dragBrush">x</button>`;
const page = `<div id="board" data-controller="roster" data-roster-set-url-value="/set" data-roster-move-url-value="/move">
  ${brush("early")}${brush("rest")}
  ${[0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => cell(row, column))).join("")}
  <div id="menu" data-roster-target="menu" data-action="keydown->roster#menuKey" hidden>
    <button id="m-early" data-shift="early" data-action="roster#choose">x</button>
    <button id="m-rest" data-shift="rest" data-action="roster#choose">x</button></div></div>`;
const get = (id) => document.getElementById(id);
const press = (key, more = {}) =>
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

function drag(from, to, more = {}) {
  const transfer = { setData() {} };
  for (const [element, name] of [[from, "dragstart"], [to, "dragover"], [to, "drop"]]) {
    const event = new Event(name, { bubbles: true, cancelable: true });
    element.dispatchEvent(Object.assign(event, { dataTransfer: transfer, ...more }));
  }
}

describe("roster", () => {
  let application;
  const sent = () => htmx.ajax.mock.calls.map(([, url, { values }]) => [url, values]);

  beforeEach(async () => {
    document.body.innerHTML = page;
    htmx.ajax.mockClear();
    application = Application.start();
    application.register("roster", RosterController);
    await new Promise((done) => setTimeout(done));
  });

  afterEach(() => {
    application.stop();
  });

  it("gives a cell the shift chosen from the menu", () => {
    get("c01").click();
    expect([get("menu").hidden, document.activeElement.id]).toEqual([false, "m-early"]);
    press("ArrowDown");
    document.activeElement.click();
    expect(sent()).toEqual([["/set", { shift: "rest", cell: "p0|d1" }]]);
    expect(get("menu").hidden).toBe(true);
  });

  it("closes the menu by Escape and gives the focus back", () => {
    get("c01").click();
    press("Escape");
    expect([get("menu").hidden, document.activeElement.id]).toEqual([true, "c01"]);
  });

  it("paints with a brush until Escape", () => {
    get("b-early").click();
    get("c00").click();
    get("c11").click();
    press("Escape");
    get("c22").click();
    expect(sent().map(([, values]) => values.cell)).toEqual(["p0|d0", "p1|d1"]);
    expect(get("b-early").getAttribute("aria-pressed")).toBe("false");
  });

  it("moves by arrows, copies, pastes and deletes", () => {
    get("c00").focus();
    press("ArrowRight");
    press("ArrowDown");
    expect([document.activeElement.id, get("c11").tabIndex, get("c00").tabIndex]).toEqual(["c11", 0, -1]);
    press("c", { ctrlKey: true });
    press("ArrowDown");
    press("v", { ctrlKey: true });
    press("Delete");
    expect(sent()).toEqual([
      ["/move", { source: "p1|d1", target: "p2|d1", copy: "1" }],
      ["/set", { shift: "rest", cell: "p2|d1" }],
    ]);
  });

  it("selects a rectangle by Shift", () => {
    get("c00").focus();
    press("ArrowRight");
    press("ArrowDown", { shiftKey: true });
    press("ArrowRight", { shiftKey: true });
    press("Delete");
    expect(sent()).toEqual([["/set", { shift: "rest", cell: "p0|d1,p0|d2,p1|d1,p1|d2" }]]);
  });

  it("exchanges two cells by dragging, copies with Ctrl, and takes a shift from above", () => {
    drag(get("c00"), get("c12"));
    drag(get("c00"), get("c12"), { ctrlKey: true });
    drag(get("b-early"), get("c22"));
    drag(get("c00"), get("c00"));
    expect(sent()).toEqual([
      ["/move", { source: "p0|d0", target: "p1|d2", copy: "0" }],
      ["/move", { source: "p0|d0", target: "p1|d2", copy: "1" }],
      ["/set", { shift: "early", cell: "p2|d2" }],
    ]);
  });
});
