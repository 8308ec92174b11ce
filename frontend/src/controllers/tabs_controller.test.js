import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import TabsController from "./tabs_controller.js";

const tab = (id, selected) =>
  `<button id="${id}" role="tab" aria-selected="${selected}" data-tabs-target="tab" data-action="tabs#pick keydown->tabs#key"></button>`;
const page = `<div data-controller="tabs">${tab("t1", true)}${tab("t2", false)}${tab("t3", false)}
  <div id="p1" data-tabs-target="panel"></div><div id="p2" data-tabs-target="panel" hidden></div><div id="p3" data-tabs-target="panel" hidden></div></div>`;
const shown = () => ["p1", "p2", "p3"].filter((id) => !document.getElementById(id).hidden);
const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

describe("tabs", () => {
  let application;

  beforeEach(async () => {
    document.body.innerHTML = page;
    application = Application.start();
    application.register("tabs", TabsController);
    await new Promise((done) => setTimeout(done));
    document.getElementById("t1").focus();
  });

  afterEach(() => application.stop());

  it("shows the panel of the tab that is clicked", () => {
    document.getElementById("t2").click();
    expect(shown()).toEqual(["p2"]);
    expect(document.getElementById("t2").getAttribute("aria-selected")).toBe("true");
    expect(document.getElementById("t1").tabIndex).toBe(-1);
  });

  it.each([
    ["ArrowRight", "p2"],
    ["ArrowLeft", "p3"],
    ["End", "p3"],
    ["Home", "p1"],
    ["x", "p1"],
  ])("moves by %s", (key, panel) => {
    press(key);
    expect(shown()).toEqual([panel]);
  });
});
