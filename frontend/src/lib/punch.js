// A punch as the phone makes it and sends it.
export function makeId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
}

// The device's time with its offset: what its clock showed, and the instant.
export function localIso(date) {
  const offset = -date.getTimezoneOffset();
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const shifted = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 23);
  return `${shifted}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}

export function formOf(entry) {
  const body = new FormData();
  const names = ["client_id", "way", "lat", "lon", "accuracy", "datum", "fix_age", "door", "device_at"];
  for (const name of names) if (entry[name] !== undefined && entry[name] !== "") body.set(name, entry[name]);
  if (entry.nonce) body.set("nonce", entry.nonce);
  for (const [number, frame] of (entry.frames ?? []).entries()) body.append("frames", frame, `${number}.jpg`);
  if (entry.photo) body.set("photo", entry.photo, "punch.jpg");
  return body;
}
