import { Application } from "@hotwired/stimulus";
import { beforeEach, describe, expect, it } from "vitest";
import GridController, { hoursOf, minutesOf } from "./grid_controller.js";

describe("hours as typed and written", () => {
  it.each([["", 0], ["2", 120], ["1.5", 90], [".5", 30], ["1:30", 90], ["1：30", 90], ["8h", 480], ["90m", 90]])(
    "reads %s",
    (text, minutes) => expect(minutesOf(text)).toBe(minutes),
  );
  it.each(["x", ".", "1:75"])("refuses %s", (text) => expect(minutesOf(text)).toBeNaN());
  it.each([[0, ""], [480, "8"], [450, "7.5"], [80, "1:20"]])("writes %i", (minutes, text) =>
    expect(hoursOf(minutes)).toBe(text),
  );
});

describe("the grid", () => {
  beforeEach(async () => {
    const row = '<tr><td><input data-grid-target="cell"></td><td><input data-grid-target="cell"></td><td data-grid-target="line"></td></tr>';
    const foot = '<tr><td data-grid-target="column"></td><td data-grid-target="column"></td><td data-grid-target="total"></td></tr>';
    document.body.innerHTML = `<table data-controller="grid" data-action="keydown->grid#move input->grid#sum">${row}${row}${foot}</table>`;
    Application.start().register("grid", GridController);
    await Promise.resolve();
  });

  const cells = () => [...document.querySelectorAll("input")];
  const press = (cell, key, more = {}) =>
    cell.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

  it("sums lines and columns while typing", () => {
    [["2"], ["1:30"], ["x"], ["0.5"]].forEach(([text], at) => (cells()[at].value = text));
    cells()[0].dispatchEvent(new Event("input", { bubbles: true }));
    expect([...document.querySelectorAll("td:not(:has(input))")].map((each) => each.textContent)).toEqual([
      "3.5", "0.5", "2", "2", "4",
    ]);
    expect(cells()[2].getAttribute("aria-invalid")).toBe("true");
  });

  it("moves by arrows and Enter and stays inside", () => {
    const [first, second, third] = cells();
    first.focus();
    press(first, "Enter");
    expect(document.activeElement).toBe(third);
    press(third, "ArrowUp");
    expect(document.activeElement).toBe(first);
    press(first, "ArrowRight");
    expect(document.activeElement).toBe(second);
    press(second, "ArrowRight");
    expect(document.activeElement).toBe(second);
  });
});
