import { expect, it } from "vitest";
import { sizeText } from "./upload_controller.js";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [15_400, "15 kB"],
  [64_000_000, "64 MB"],
  [2_500_000_000_000, "2500 GB"],
])("writes %i bytes", (bytes, text) => expect(sizeText(bytes)).toBe(text));
