// Keeps one complete, verified version of the page for use without a network.
//
// tools/precache.sh replaces the next line after every build: `version` is a hash
// over the whole list, each file has its URL relative to this script, SHA-256 and size;
// those of `later` only some visitors want: they are kept once they are asked for.
const SET = { version: "unbuilt", files: [], later: [] };

const PREFIX = `undertone:${self.registration.scope}:`;
const CACHE = PREFIX + SET.version;
/** Songs that were shared with the page and wait until it opens; kept over versions. */
const RECEIVED = `undertone-received:${self.registration.scope}`;
/** What was asked for of `later`, by its hash; kept over versions that list it unchanged. */
const LATER = `undertone-later:${self.registration.scope}`;
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
  if (event.data === "store-later") event.waitUntil(Promise.all(SET.later.map((file) => keepLater(file, "default"))));
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
      await cache.put(urlOf(file.url), await fetchVerified(file, "reload"));
    }
  } catch (error) {
    // Never the one that the running version may be serving from.
    if (!existed) await caches.delete(CACHE);
    throw error;
  }
}

/** Fetches one file, past the HTTP cache for "reload", and compares it with the list. */
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
  if (await caches.has(LATER)) {
    const cache = await caches.open(LATER);
    const listed = SET.later.map(keyOf);
    const gone = (await cache.keys()).filter(({ url }) => !listed.includes(url));
    await Promise.all(gone.map((key) => cache.delete(key)));
  }
  await self.clients.claim();
}

/** From the stored set; only what is not in it is asked from the network. */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const url = new URL(request.url);
  url.search = "";
  url.hash = "";
  if (request.mode === "navigate" && url.href === urlOf("index.html")) url.href = urlOf("./");
  const stored = await cache.match(url.href);
  if (stored) return stored;
  const later = SET.later.find((file) => urlOf(file.url) === url.href);
  // What is not as listed the page checks itself, as it does without this script.
  return later ? keepLater(later, request.cache).catch(() => fetch(request)) : fetch(request);
}

/** A file of `later`: as it was kept, or else fetched, verified and kept. */
async function keepLater(file, mode) {
  const cache = await caches.open(LATER);
  const kept = await cache.match(keyOf(file));
  if (kept) return kept;
  const response = await fetchVerified(file, mode);
  // Without room for it the song of now is judged all the same.
  await cache.put(keyOf(file), response.clone()).catch(() => {});
  return response;
}

/** Under what a file of `later` is kept. */
function keyOf(file) {
  return urlOf(`${file.url}?${file.sha256}`);
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
