// The mood of a song, for other pages: the same analysis as the page's, in its own worker.
//
//   import init, { analyse } from "./undertone.js";
//   await init();
//   const report = await analyse(file, { signal, onProgress });
//
// Types and meanings stand in undertone.d.ts. The module must lie beside the page's
// judge.js, worker.js, worker_bg.wasm and models/.

/** What the browser decodes is brought to this rate, so that all give the same samples. */
const DECODE_RATE = 44100;
/** Longest song in minutes: decoded stereo of that length takes 1.9 GB. */
const MOST_MINUTES = 90;
/** About how many bytes a second of sound has, for the progress where the file's head is silent. */
const BYTES_A_SECOND = 24_000;
/** How long a cancelled worker may take to answer, in milliseconds. */
const CANCEL_MS = 1000;
/**
 * The decoder of WebKitGTK sometimes never answers. How long it may take, in ticks and not
 * in time, since a suspended page comes back to a single one; for how many bytes it gets
 * one more.
 */
const TICK_MS = 10_000;
const LEAST_TICKS = 9;
const BYTES_A_TICK = 4_000_000;

const LOADER = new URL("judge.js", import.meta.url);
const WASM = new URL("worker_bg.wasm", import.meta.url);

/** Why a song got no report; `kind` is stable, as in the JSON result. */
export class UndertoneError extends Error {
  constructor(kind, message, options) {
    super(message, options);
    this.name = "UndertoneError";
    this.kind = kind;
  }
}

/** The compiled WebAssembly, once it is asked for: a new worker starts without a download. */
let compiled = null;
/** The running worker, once its models are loaded. */
let running = null;
/** The end of the line: one song is judged at a time. */
let last = Promise.resolve();
let jobs = 0;

/** Loads the worker and its models; `analyse` does so by itself, but then the first song waits. */
export default async function init() {
  running ??= start().catch((error) => {
    running = null;
    throw error;
  });
  await running;
}

/** Judges one song. */
export async function analyse(source, { signal, onProgress } = {}) {
  signal?.throwIfAborted();
  const file = fileOf(source);
  const before = last;
  let done;
  last = new Promise((resolve) => { done = resolve; });
  try {
    await before;
    signal?.throwIfAborted();
    await init();
    const ask = async (request, parts, moved) => judge(await running, request, parts, moved, signal, onProgress);
    if (file) {
      // The worker reads what the trainer reads; null where only the browser may.
      const report = await ask({ type: "read", seconds: file.size / BYTES_A_SECOND }, [file], []);
      if (report) return report;
    }
    const { channels, sampleRate } = await samplesOf(file ?? source, signal);
    signal?.throwIfAborted();
    await init();
    const moved = channels.map((channel) => channel.buffer);
    return await ask({ type: "analyse", sample_rate: sampleRate }, channels, moved);
  } finally {
    done();
  }
}

async function start() {
  compiled ??= WebAssembly.compileStreaming(fetch(WASM)).catch((error) => {
    compiled = null;
    throw new UndertoneError("internal", `the judges can't be loaded (${error.message})`, { cause: error });
  });
  const module = await compiled;
  const worker = new Worker(LOADER, { type: "module", });
  return new Promise((resolve, reject) => {
    const fail = (error) => {
      worker.terminate();
      reject(error);
    };
    worker.onerror = (event) => fail(new UndertoneError("internal", `the judges can't be started (${event.message})`));
    worker.onmessage = ({ data: [text, message] }) => {
      const { type, error } = JSON.parse(text);
      if (type === "ready") resolve(worker);
      else fail(new UndertoneError(type === "refused" ? "model" : error.kind, message));
    };
    worker.postMessage(module);
  });
}

/** Sends a song to the worker and waits for its report; null where the worker can't read the file. */
function judge(worker, request, parts, moved, signal, onProgress) {
  const job = ++jobs;
  return new Promise((resolve, reject) => {
    let overdue = null;
    const end = (settle, value) => {
      clearTimeout(overdue);
      signal?.removeEventListener("abort", cancel);
      settle(value);
    };
    const replace = (error) => {
      worker.terminate();
      running = null;
      end(reject, error);
    };
    const cancel = () => {
      worker.postMessage([JSON.stringify({ type: "cancel", job })]);
      overdue = setTimeout(() => replace(signal.reason), CANCEL_MS);
    };
    worker.onerror = (event) => replace(new UndertoneError("internal", `the analysis failed (${event.message})`));
    worker.onmessage = ({ data: [text, message] }) => {
      const said = JSON.parse(text);
      if (said.type === "failed" && said.job == null) replace(new UndertoneError(said.error.kind, message));
      if (said.job !== job) return;
      if (said.type === "progress") onProgress?.({ stage: said.stage, fraction: said.fraction });
      if (said.type === "done") end(resolve, said.report);
      if (said.type === "unread") end(resolve, null);
      if (said.type === "failed") {
        end(reject, signal?.aborted ? signal.reason : new UndertoneError(said.error.kind, message));
      }
    };
    signal?.addEventListener("abort", cancel);
    worker.postMessage([JSON.stringify({ job, ...request }), ...parts], moved);
  });
}

/** The file that `source` is or whose bytes it holds; null for what is decoded already. */
function fileOf(source) {
  if (source instanceof AudioBuffer) return null;
  // By its tag: bytes of another window or frame are of another class.
  const isBytes = Object.prototype.toString.call(source) === "[object ArrayBuffer]";
  if (!isBytes && !(source instanceof Blob)) {
    throw new TypeError("analyse: expected a File, Blob, ArrayBuffer or AudioBuffer");
  }
  const file = isBytes ? new Blob([source]) : source;
  if (file.size === 0) {
    throw new UndertoneError("empty", "the file holds no sound; check that it was saved or downloaded completely");
  }
  return file;
}

/** The samples of a file or of what is decoded already, which stays whole. */
async function samplesOf(source, signal) {
  const buffer = source instanceof AudioBuffer ? source : await decode(source, signal);
  if (buffer.duration > MOST_MINUTES * 60) {
    const minutes = Math.round(buffer.duration / 60);
    throw new UndertoneError("too-long", `the sound is ${minutes} minutes long; at most ${MOST_MINUTES} minutes fit in memory: cut it into parts`);
  }
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, index) => buffer.getChannelData(index).slice());
  return { channels, sampleRate: buffer.sampleRate };
}

async function decode(file, signal) {
  try {
    const bytes = await file.arrayBuffer();
    signal?.throwIfAborted();
    const ticks = LEAST_TICKS + Math.floor(bytes.byteLength / BYTES_A_TICK);
    const decoded = new OfflineAudioContext(2, 1, DECODE_RATE).decodeAudioData(bytes);
    return await inTime(decoded, ticks, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new UndertoneError("undecodable", `the file can't be decoded as audio (${cause.message}); convert it to MP3, FLAC, OGG, M4A or WAV`, { cause });
  }
}

/** What a promise comes to, unless that takes too many ticks or `signal` ends the wait. */
function inTime(promise, ticks, signal) {
  return new Promise((resolve, reject) => {
    let left = ticks;
    const clock = setInterval(() => {
      left -= 1;
      if (left === 0) end(reject, new Error(`no answer for ${(ticks * TICK_MS) / 1000} s`));
    }, TICK_MS);
    const stop = () => end(reject, signal.reason);
    const end = (settle, value) => {
      clearInterval(clock);
      signal?.removeEventListener("abort", stop);
      settle(value);
    };
    signal?.addEventListener("abort", stop);
    promise.then((value) => end(resolve, value), (error) => end(reject, error));
  });
}
