import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import ShiftEditorController from "./shift_editor_controller.js";

const fields = [1, 2, 3, 4].map((n) => `<input name="start${n}"><input name="end${n}">`).join("");
const page = `<form data-controller="shift-editor" data-action="input->shift-editor#draw" data-shift-editor-total-value="{hours} h">
  <select name="kind"><option>fixed</option><option>split</option><option>flexible</option><option>free</option></select>
  <div id="segments" data-shift-editor-target="part" data-kinds="fixed split">${fields}</div>
  <div id="flex" data-shift-editor-target="part" data-kinds="flexible">
    <input name="earliest"><input name="latest"><input name="required_hours"><input name="core"><input name="breaks"></div>
  <input name="day_start"><span id="total" data-shift-editor-target="total"></span>
  <svg><g data-shift-editor-target="bars"></g></svg></form>`;

describe("shift editor", () => {
  let application;
  const fill = (values) => {
    const form = document.querySelector("form");
    for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
    form.dispatchEvent(new Event("input"));
    return [...form.querySelectorAll("rect")].map((bar) => [bar.getAttribute("x"), bar.getAttribute("width")].map(Number));
  };

  beforeEach(async () => {
    document.body.innerHTML = page;
    application = Application.start();
    application.register("shift-editor", ShiftEditorController);
    await new Promise((done) => setTimeout(done));
  });

  afterEach(() => application.stop());

  it("draws spans, the ones after midnight on the next day", () => {
    const bars = fill({ kind: "fixed", start1: "22:00", end1: "02:00", start2: "02:30", end2: "06:00" });
    expect(bars).toEqual([[1320, 240], [1590, 210]]);
    expect(document.getElementById("total").textContent).toBe("7.5 h");
  });

  it("draws the frame and core of a flexible day and shows only its fields", () => {
    const bars = fill({
      kind: "flexible", earliest: "08:00", latest: "10:00", required_hours: "8", core: "10:00-16:00", breaks: "12:00-13:00",
    });
    expect(bars).toEqual([[480, 660], [600, 360]]);
    expect([document.getElementById("segments").hidden, document.getElementById("flex").hidden]).toEqual([true, false]);
    expect(fill({ required_hours: "" })).toEqual([]);
  });

  it("draws a free day from where it begins", () => {
    expect(fill({ kind: "free", day_start: "04:00" })).toEqual([[240, 1440]]);
    expect(document.getElementById("total").textContent).toBe("");
  });
});
