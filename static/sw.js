// Keeps one complete, verified version of the page for use without a network.
//
// tools/precache.sh replaces the next line after every build: `version` is a hash
// over the whole list, each file has its URL relative to this script, SHA-256 and size.
const SET = { version: "unbuilt", files: [] };

const PREFIX = `undertone:${self.registration.scope}:`;
const CACHE = PREFIX + SET.version;
/** Songs that were shared with the page and wait until it opens; kept over versions. */
const RECEIVED = `undertone-received:${self.registration.scope}`;
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
  "style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'";

const TYPES = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  md: "text/plain; charset=utf-8",
  ogg: "audio/ogg",
  png: "image/png",
  svg: "image/svg+xml",
  ts: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
};

self.addEventListener("install", (event) => event.waitUntil(storeAll()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data === "skip-waiting") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "POST" && request.url === urlOf("receive")) {
    event.respondWith(receive(request));
  } else if (request.method === "GET" && new URL(request.url).origin === self.location.origin) {
    event.respondWith(answer(request));
  }
});

/** Stores the whole set, or nothing: one wrong file and this version is not installed. */
async function storeAll() {
  if (SET.files.length === 0) throw new Error("not built: tools/precache.sh has not run");
  const existed = await caches.has(CACHE);
  try {
    const cache = await caches.open(CACHE);
    for (const file of SET.files) {
      // What the page has just downloaded need not come twice; what is stale has another hash.
      const verified = fetchVerified(file, "force-cache").catch(() => fetchVerified(file, "reload"));
      await cache.put(urlOf(file.url), await verified);
    }
  } catch (error) {
    // Never the one that the running version may be serving from.
    if (!existed) await caches.delete(CACHE);
    throw error;
  }
}

/** Fetches one file, from the HTTP cache if it is there or ("reload") past it, and compares it with the list. */
async function fetchVerified(file, cache) {
  const response = await fetch(urlOf(file.url), { cache, credentials: "same-origin" });
  if (!response.ok) throw new Error(`${file.url}: status ${response.status}`);
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength !== file.bytes) {
    throw new Error(`${file.url}: ${bytes.byteLength} bytes, expected ${file.bytes}`);
  }
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (sha256 !== file.sha256) throw new Error(`${file.url}: not the listed contents`);

  const extension = file.url.endsWith("/") ? "html" : file.url.split(".").pop();
  return new Response(bytes, {
    headers: {
      "Content-Type": TYPES[extension] ?? "application/octet-stream",
      // A worker follows the policy of its own response, not of the page.
      "Content-Security-Policy": POLICY,
      "X-Content-Type-Options": "nosniff",
    },
  });
}

/** Deletes this page's older versions and serves the open pages. */
async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  // An earlier version kept a second network there.
  await caches.delete(`undertone-later:${self.registration.scope}`);
  await self.clients.claim();
}

/** From the stored set; only what is not in it is asked from the network. */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const url = new URL(request.url);
  url.search = "";
  url.hash = "";
  if (request.mode === "navigate" && url.href === urlOf("index.html")) url.href = urlOf("./");
  return (await cache.match(url.href)) ?? fetch(request);
}

/** Keeps the songs that the system shares with the page, and opens it. */
async function receive(request) {
  const songs = (await request.formData()).getAll("songs").filter((song) => song instanceof File);
  const cache = await caches.open(RECEIVED);
  for (const [index, song] of songs.entries()) {
    const name = `received/${Date.now()}-${index}/${encodeURIComponent(song.name)}`;
    await cache.put(urlOf(name), new Response(song));
  }
  return Response.redirect(urlOf("./?received"), 303);
}

/** Absolute URL of a name in the list. */
function urlOf(name) {
  return new URL(name, self.registration.scope).href;
}
