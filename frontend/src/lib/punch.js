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

const MOST_PIXELS = 1280;

// A photo small enough to send: at most 1280 pixels wide or high, JPEG. One that cannot be read goes as it is.
export async function shrink(file) {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, MOST_PIXELS / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8))) ?? file;
  } catch {
    return file;
  }
}
