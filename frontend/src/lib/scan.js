// Reads a door code through the camera where the browser can (BarcodeDetector); elsewhere the phone's own camera does.
const EVERY_MS = 250;

export function scanDoor(video) {
  let stream;
  let timer;
  let finish;
  const code = new Promise((done) => (finish = done));
  const stop = (found = "") => {
    clearTimeout(timer);
    stream?.getTracks().forEach((each) => each.stop());
    video.srcObject = null;
    finish(found);
  };
  const look = async (detector) => {
    const [found] = await detector.detect(video).catch(() => []);
    if (found) stop(found.rawValue);
    else timer = setTimeout(() => look(detector), EVERY_MS);
  };
  (async () => {
    try {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      video.srcObject = stream;
      await video.play();
      look(detector);
    } catch {
      stop();
    }
  })();
  return { code, stop };
}
