// Punches made without network, kept on the phone until they are uploaded. Each belongs to one sign-in ("owner"):
// nobody uploads another's. A punch the server refused stays, with the reason, until its owner removes it.
import { openDB } from "idb";

const NAME = "zhiheng-punch";

function open() {
  return openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("punches", { keyPath: "client_id" });
      db.createObjectStore("meta");
    },
  });
}

export async function keep(entry) {
  const db = await open();
  await db.put("punches", { ...entry, error: entry.error ?? "" });
  db.close();
}

export async function kept(owner) {
  const db = await open();
  const all = await db.getAll("punches");
  db.close();
  return all.filter((each) => each.owner === owner).sort((a, b) => a.device_at.localeCompare(b.device_at));
}

export async function remove(clientId) {
  const db = await open();
  await db.delete("punches", clientId);
  db.close();
}

export async function owner() {
  const db = await open();
  const found = await db.get("meta", "owner");
  db.close();
  return found ?? "";
}

export async function setOwner(name) {
  const db = await open();
  await (name ? db.put("meta", name, "owner") : db.delete("meta", "owner"));
  db.close();
}

// Sends what is kept. `send(entry)` answers {status, message}; a status of 0 means no network: the rest waits.
// Returns how many were taken, and whether the sign-in has run out.
export async function flush(name, send) {
  let sent = 0;
  for (const entry of await kept(name)) {
    if (entry.error) continue;
    const { status, message } = await send(entry);
    if (status >= 200 && status < 300) {
      await remove(entry.client_id);
      sent += 1;
    } else if (status === 401 || status === 403) return { sent, signedOut: true };
    else if (status === 422 || status === 400) await keep({ ...entry, error: message || String(status) });
    else break;
  }
  return { sent, signedOut: false };
}
