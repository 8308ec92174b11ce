import { describe, expect, it } from "vitest";
import { cropOf, lightOf } from "./face.js";

describe("the part of a picture that is taken", () => {
  it("is all of a 4:3 picture", () => expect(cropOf(1280, 960)).toEqual([0, 0, 1280, 960]));
  it("is the middle of a wide one", () => expect(cropOf(1280, 720)).toEqual([160, 0, 960, 720]));
  it("is the middle of a tall one, as phones held upright give it", () =>
    expect(cropOf(480, 640)).toEqual([0, 140, 480, 360]));
});

describe("the light", () => {
  const grey = (value) => Uint8ClampedArray.from({ length: 400 }, (_, at) => (at % 4 === 3 ? 255 : value));
  it("is too little", () => expect(lightOf(grey(20))).toBe("dark"));
  it("is too much", () => expect(lightOf(grey(250))).toBe("bright"));
  it("is good", () => expect(lightOf(grey(120))).toBe(""));
});
