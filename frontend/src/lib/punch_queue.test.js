import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { flush, keep, kept, owner, remove, setOwner } from "./punch_queue.js";

const punch = (id, at = "2026-07-08T08:58:00+08:00", who = "ann") => ({ client_id: id, owner: who, device_at: at, way: "gps" });
const ids = async (who = "ann") => (await kept(who)).map((each) => each.client_id);

beforeEach(async () => {
  for (const who of ["ann", "bob"]) for (const id of await ids(who)) await remove(id);
  await setOwner("");
});

test("keeps punches in the order they were made, each once", async () => {
  await keep(punch("b", "2026-07-08T18:01:00+08:00"));
  await keep(punch("a"));
  await keep(punch("a"));
  expect(await ids()).toEqual(["a", "b"]);
});

test("shows and sends only what belongs to the sign-in", async () => {
  await keep(punch("a"));
  await keep(punch("x", undefined, "bob"));
  const send = vi.fn(async () => ({ status: 200 }));
  expect(await flush("ann", send)).toEqual({ sent: 1, signedOut: false });
  expect(send).toHaveBeenCalledTimes(1);
  expect(await ids("bob")).toEqual(["x"]);
});

test("without network everything waits", async () => {
  await keep(punch("a"));
  await keep(punch("b", "2026-07-08T18:01:00+08:00"));
  const send = vi.fn(async () => ({ status: 0 }));
  expect(await flush("ann", send)).toEqual({ sent: 0, signedOut: false });
  expect(send).toHaveBeenCalledTimes(1);
  expect(await ids()).toEqual(["a", "b"]);
});

test("an ended sign-in is told, and nothing is lost", async () => {
  await keep(punch("a"));
  expect(await flush("ann", async () => ({ status: 403 }))).toEqual({ sent: 0, signedOut: true });
  expect(await ids()).toEqual(["a"]);
});

test("what the server refuses stays with the reason and is not sent again", async () => {
  await keep(punch("a"));
  await keep(punch("b", "2026-07-08T18:01:00+08:00"));
  const send = vi.fn(async ({ client_id }) => (client_id === "a" ? { status: 422, message: "expired" } : { status: 200 }));
  expect((await flush("ann", send)).sent).toBe(1);
  expect(await kept("ann")).toMatchObject([{ client_id: "a", error: "expired" }]);
  expect((await flush("ann", send)).sent).toBe(0);
  expect(send).toHaveBeenCalledTimes(2);
});

test("a failing server is asked again later", async () => {
  await keep(punch("a"));
  expect((await flush("ann", async () => ({ status: 502 }))).sent).toBe(0);
  expect(await kept("ann")).toMatchObject([{ client_id: "a", error: "" }]);
});

test("remembers whose phone it is until sign-out", async () => {
  expect(await owner()).toBe("");
  await setOwner("ann");
  expect(await owner()).toBe("ann");
});
