// The camera for faces. Frames are what the camera sees, not mirrored (only the preview is, by CSS): the server tells
// left from right by them. It decides everything; here pictures are taken and people are guided.

const WIDTH = 640;
const HEIGHT = 480;
const QUALITY = 0.85;
const FRONTAL_FRAMES = 2;
const TURNED_FRAMES = 8;
const FRAME_MS = 350;
const READY_MS = 900;
const DARKEST = 50;
const BRIGHTEST = 215;

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function hasCamera() {
  return Boolean(navigator.mediaDevices?.getUserMedia);
}

// Shows the front camera in a video element. Throws where there is none or it is not allowed.
export async function openCamera(video) {
  const wanted = { facingMode: "user", width: { ideal: WIDTH }, height: { ideal: HEIGHT } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  video.srcObject = stream;
  await video.play();
  return stream;
}

export function closeCamera(video) {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
}

// The part of a picture of the given size that fills 4:3: x, y, width, height.
export function cropOf(width, height) {
  const side = Math.min(width / WIDTH, height / HEIGHT);
  const w = side * WIDTH;
  const h = side * HEIGHT;
  return [(width - w) / 2, (height - h) / 2, w, h];
}

function draw(video, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, ...cropOf(video.videoWidth, video.videoHeight), 0, 0, width, height);
  return { canvas, context };
}

// One frame as a JPEG of 640 x 480.
export function grab(video) {
  const { canvas } = draw(video, WIDTH, HEIGHT);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

export async function grabMany(video, count, interval = FRAME_MS) {
  const frames = [];
  for (let number = 0; number < count; number += 1) {
    if (number) await wait(interval);
    frames.push(await grab(video));
  }
  return frames;
}

// "dark", "bright" or "": what is wrong with the light.
export function lightOf(pixels) {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 4) sum += 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
  const mean = sum / (pixels.length / 4);
  if (mean < DARKEST) return "dark";
  return mean > BRIGHTEST ? "bright" : "";
}

export function lightIn(video) {
  const { context } = draw(video, 32, 24);
  return lightOf(context.getImageData(0, 0, 32, 24).data);
}

// Runs a live challenge: asks the server what to do, takes frontal frames, says to which side to turn, takes the
// turned ones. say(step) gets "front", "left" or "right", and "done". Returns what to send: {nonce, frames}.
export async function runChallenge({ video, url, token, say, purpose = "punch", browserId = "" }) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
    body: JSON.stringify({ purpose, browser_id: browserId }),
  });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ChallengeRefused(found.detail ?? found.title ?? "", answer.status);
  say("front");
  await wait(READY_MS);
  const front = await grabMany(video, FRONTAL_FRAMES);
  say(found.turn);
  await wait(FRAME_MS);
  const turned = await grabMany(video, TURNED_FRAMES);
  say("done");
  return { nonce: found.nonce, frames: [...front, ...turned] };
}

export class ChallengeRefused extends Error {
  constructor(text, status) {
    super(text);
    this.status = status;
  }
}
