// After sign-out the phone keeps nothing of anybody: no cached page, nobody's name. Punches not yet uploaded stay,
// without a name to show them under, until their owner signs in here again.
export async function forgetPhone() {
  try {
    if ("caches" in window) for (const name of await caches.keys()) await caches.delete(name);
    const known = await indexedDB.databases?.();
    if (!known?.some(({ name }) => name === "zhiheng-punch")) return;
    const { setOwner } = await import("./punch_queue.js");
    await setOwner("");
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
