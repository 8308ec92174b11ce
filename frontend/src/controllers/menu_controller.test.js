import { Application } from "@hotwired/stimulus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import MenuController from "./menu_controller.js";

const page = `
  <div data-controller="menu" data-action="keydown->menu#key focusout->menu#left">
    <button id="toggle" aria-expanded="false" data-menu-target="toggle" data-action="menu#toggle">More</button>
    <div id="panel" data-menu-target="panel" hidden><a href="#a" id="a">a</a><button id="b">b</button></div>
  </div>
  <button id="outside">outside</button>`;
const get = (id) => document.getElementById(id);
const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

describe("menu", () => {
  let application;

  beforeEach(async () => {
    document.body.innerHTML = page;
    // The test's browser lays nothing out, so every element counts as shown.
    Object.defineProperty(HTMLElement.prototype, "offsetParent", { configurable: true, get: () => document.body });
    application = Application.start();
    application.register("menu", MenuController);
    await new Promise((done) => setTimeout(done));
  });

  afterEach(() => application.stop());

  it("opens and closes by its button", () => {
    get("toggle").click();
    expect([get("panel").hidden, get("toggle").getAttribute("aria-expanded")]).toEqual([false, "true"]);
    get("toggle").click();
    expect([get("panel").hidden, get("toggle").getAttribute("aria-expanded")]).toEqual([true, "false"]);
  });

  it("walks by arrows, round the ends", () => {
    get("toggle").focus();
    press("ArrowDown");
    expect(document.activeElement.id).toBe("a");
    press("ArrowDown");
    expect(document.activeElement.id).toBe("b");
    press("ArrowDown");
    expect(document.activeElement.id).toBe("a");
    press("ArrowUp");
    expect(document.activeElement.id).toBe("b");
  });

  it("closes by Escape and gives the focus back", () => {
    get("toggle").focus();
    press("ArrowDown");
    press("Escape");
    expect([get("panel").hidden, document.activeElement.id]).toEqual([true, "toggle"]);
  });

  it("closes by a press outside", () => {
    get("toggle").click();
    get("outside").dispatchEvent(new Event("pointerdown", { bubbles: true }));
    expect(get("panel").hidden).toBe(true);
  });
});
