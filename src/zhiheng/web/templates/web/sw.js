// Keeps the phone bundle and the page for punching without network; nothing of anybody. Filled in by the server.
const CACHE = "zhiheng-{{ mark }}";
const SHELL = "{{ shell }}";
const PUNCH = "{{ punch }}";
const ASSETS = {{ assets|safe }};

self.addEventListener("install", (event) => {
  const keep = caches.open(CACHE).then((cache) =>
    cache.addAll([...ASSETS, SHELL].map((url) => new Request(url, { cache: "reload", credentials: "omit" }))),
  );
  event.waitUntil(keep.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const clean = caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(clean.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    const isPunch = url.pathname.startsWith(PUNCH) || url.pathname.startsWith("/attendance/me");
    if (isPunch) event.respondWith(fetch(request).catch(() => caches.match(SHELL)));
  } else if (ASSETS.includes(url.pathname + url.search) || ASSETS.includes(url.pathname)) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((found) => found ?? fetch(request)));
  }
});
