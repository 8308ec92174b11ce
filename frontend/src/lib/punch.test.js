import { expect, test } from "vitest";
import { formOf, localIso, makeId, shrink } from "./punch.js";

test("an id is new each time and fit for the server", () => {
  expect(makeId()).toMatch(/^[0-9a-f]{32}$/);
  expect(makeId()).not.toBe(makeId());
});

test("the device's time keeps its offset", () => {
  const date = new Date("2026-07-08T00:58:00.500Z");
  expect(new Date(localIso(date)).getTime()).toBe(date.getTime());
  expect(localIso(date)).toMatch(/^2026-07-0\dT\d\d:\d\d:00\.500[+-]\d\d:\d\d$/);
});

test("only what a punch has is sent", () => {
  const body = formOf({ client_id: "a", way: "qr", door: "x", lat: 0, lon: undefined, owner: "ann", error: "" });
  expect([...body.entries()]).toEqual([["client_id", "a"], ["way", "qr"], ["lat", "0"], ["door", "x"]]);
});

test("the frames of a face and a photo go along", () => {
  const frame = new Blob(["x"], { type: "image/jpeg" });
  const body = formOf({ client_id: "a", way: "face", nonce: "n", frames: [frame, frame], photo: frame });
  expect(body.get("nonce")).toBe("n");
  expect(body.getAll("frames").length).toBe(2);
  expect(body.has("photo")).toBe(true);
});

test("a photo that cannot be read goes as it is", async () => {
  const file = new Blob(["no picture"]);
  expect(await shrink(file)).toBe(file);
});
