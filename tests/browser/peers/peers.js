// Other programs at the work that Undertone does, on the file `song` and the network
// `mood.onnx`, as they come from npm. Each is timed alone, after one run that warms it up.
import { EssentiaWASM } from "./node_modules/essentia.js/dist/essentia-wasm.es.js";
import Essentia from "./node_modules/essentia.js/dist/essentia.js-core.es.js";
import { EssentiaTFInputExtractor } from "./node_modules/essentia.js/dist/essentia.js-model.es.js";
import * as ort from "./node_modules/onnxruntime-web/dist/ort.wasm.min.mjs";

const RUNS = 3;
/** Runs of the network for a song of 80 s or more: eight windows, and four for the reasons. */
const NETWORK_RUNS = 12;

/** The median time of some work in milliseconds. */
async function time(work) {
  await work();
  const times = [];
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[RUNS >> 1];
}

async function decode() {
  const bytes = await (await fetch("song")).arrayBuffer();
  return new OfflineAudioContext(2, 1, 44100).decodeAudioData(bytes);
}

function mean(sound) {
  const [left, right] = [0, sound.numberOfChannels - 1].map((channel) => sound.getChannelData(channel));
  return left.map((sample, index) => (sample + right[index]) / 2);
}

async function resampled(sound) {
  const length = Math.ceil(sound.duration * 16000);
  const context = new OfflineAudioContext(1, length, 16000);
  const source = new AudioBufferSourceNode(context, { buffer: sound });
  source.connect(context.destination);
  source.start();
  return (await context.startRendering()).getChannelData(0);
}

/** Calls an algorithm on vectors in WebAssembly memory, and frees them. */
function called(essentia, channels, algorithm) {
  const vectors = channels.map((samples) => essentia.arrayToVector(samples));
  algorithm(...vectors);
  vectors.forEach((vector) => vector.delete());
}

async function measure() {
  const sound = await decode();
  const [left, right] = [0, sound.numberOfChannels - 1].map((channel) => sound.getChannelData(channel));
  const mono = mean(sound);
  const low = await resampled(sound);
  const essentia = new Essentia(EssentiaWASM);
  const musicnn = new EssentiaTFInputExtractor(EssentiaWASM, "musicnn");
  const on = (channels, algorithm) => time(() => called(essentia, channels, algorithm));
  const times = {
    "Web Audio: decoding, mean, 16 kHz": await time(async () => {
      const sound = await decode();
      mean(sound);
      await resampled(sound);
    }),
    "essentia.js: EBU R 128": await on([left, right], (a, b) => essentia.LoudnessEBUR128(a, b)),
    "essentia.js: mel bands of musicnn": await time(() => musicnn.computeFrameWise(low, 256)),
    "essentia.js: key": await on([mono], (samples) => essentia.KeyExtractor(samples)),
    "essentia.js: tempo": await on([mono], (samples) => essentia.PercivalBpmEstimator(samples)),
    "essentia.js: danceability": await on([mono], (samples) => essentia.Danceability(samples)),
  };
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL("node_modules/onnxruntime-web/dist/", location.href).href;
  const session = await ort.InferenceSession.create("mood.onnx", { executionProviders: ["wasm"] });
  const mel_db = new ort.Tensor("float32", new Float32Array(64 * 1001).fill(-40), [1, 64, 1001]);
  const run = () => session.run({ mel_db });
  times[`onnxruntime-web: ${NETWORK_RUNS} runs of mood.onnx`] = NETWORK_RUNS * (await time(run));
  return times;
}

measure().then(
  (times) => { window.times = times; },
  (error) => { window.fault = `${error?.stack ?? error}`; },
);
