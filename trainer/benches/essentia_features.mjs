// How long essentia.js takes for what our feature stage measures of one song.
//
//   npm install essentia.js && node essentia_features.mjs song.wav
//
// The song is a 16-bit PCM WAV file at 44.1 kHz.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const { Essentia, EssentiaWASM } = require("essentia.js");
const essentia = new Essentia(EssentiaWASM);

const bytes = readFileSync(process.argv[2]);
const channels = bytes.readUInt16LE(22);
const start = bytes.indexOf("data") + 8;
const frames = Math.floor((bytes.length - start) / (2 * channels));
const mono = new Float32Array(frames);
for (let frame = 0; frame < frames; frame++) {
  for (let channel = 0; channel < channels; channel++) {
    mono[frame] += bytes.readInt16LE(start + 2 * (frame * channels + channel)) / 32768 / channels;
  }
}
const signal = essentia.arrayToVector(mono);

function cepstra() {
  for (let at = 0; at + 2048 <= frames; at += 1024) {
    const frame = essentia.Windowing(essentia.arrayToVector(mono.subarray(at, at + 2048)));
    const { spectrum } = essentia.Spectrum(frame.frame);
    const found = essentia.MFCC(spectrum, 2, 1025);
    [frame.frame, spectrum, found.bands, found.mfcc].forEach((vector) => vector.delete());
  }
}

const stages = {
  "tempo and beats": () => essentia.RhythmExtractor2013(signal),
  "key and mode": () => essentia.KeyExtractor(signal),
  danceability: () => essentia.Danceability(signal),
  "onset rate": () => essentia.OnsetRate(signal),
  loudness: () => essentia.LoudnessEBUR128(signal, signal),
  dynamics: () => essentia.DynamicComplexity(signal),
  cepstra,
};
let total = 0;
for (const [name, stage] of Object.entries(stages)) {
  const from = performance.now();
  try {
    stage();
  } catch (error) {
    console.log(`${name}: failed: ${error}`);
    continue;
  }
  const took = performance.now() - from;
  total += took;
  console.log(`${name}: ${took.toFixed(0)} ms`);
}
console.log(`all: ${total.toFixed(0)} ms for ${(frames / 44100).toFixed(0)} s of sound`);
