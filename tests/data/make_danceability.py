"""Reference values of Danceability, by Essentia, for signals that need no files.

    python tests/data/make_danceability.py

Writes danceability.json beside this script: a list of {"name", "danceability", "dfa"}, as
Essentia 2.1-beta6 (2.1b6.dev1389) computes them with its defaults (minTau 310, maxTau 8800,
tauMultiplier 1.1) and sampleRate 16000. Each signal lasts 30 s at 16 kHz: n = 0 .. 479,999. Samples are
computed in double precision and rounded once, to single.

noise(seed): the linear congruential generator of Numerical Recipes,
    state = (1664525 * state + 1013904223) mod 2^32,
starting from the seed; it is stepped before each sample, which is state / 2^31 - 1, in
[-1, 1).

modulated_noise  (0.5 + 0.4 sin(2 pi 2 n / 16000)) * noise(1): pulses at 120 BPM
clicks           every 8,000 samples (120 BPM) a decaying burst of noise(2),
                 0.8 * exp(-m / 400) * noise, where m = n mod 8000; plus, as a floor that
                 keeps the gaps from being silent, 0.001 of the same noise sample
tremolo          0.5 * (1 + 0.3 sin(2 pi 0.25 n / 16000)) * sin(2 pi 440 n / 16000)
random_walk      noise(4) times an envelope that is constant over each 10 ms (160 samples).
                 It starts at 0.5; at each following 10 ms 0.02 * r is added and it is
                 clipped to [0.05, 1], where r is the next sample of noise(3)
"""

import json
from pathlib import Path

import essentia.standard as es
import numpy as np

RATE = 16000
LENGTH = 30 * RATE


def noise(seed, length=LENGTH):
    state, samples = seed, np.empty(length)
    for n in range(length):
        state = (1664525 * state + 1013904223) % 2**32
        samples[n] = state / 2**31 - 1
    return samples


def signals():
    n = np.arange(LENGTH)
    yield "modulated_noise", (0.5 + 0.4 * np.sin(2 * np.pi * 2 * n / RATE)) * noise(1)
    yield "clicks", (0.8 * np.exp(-(n % 8000) / 400) + 0.001) * noise(2)
    tremolo = 0.5 * (1 + 0.3 * np.sin(2 * np.pi * 0.25 * n / RATE))
    yield "tremolo", tremolo * np.sin(2 * np.pi * 440 * n / RATE)
    envelope = [0.5]
    for step in noise(3, LENGTH // 160 - 1):
        envelope.append(min(max(envelope[-1] + 0.02 * step, 0.05), 1.0))
    yield "random_walk", np.repeat(envelope, 160) * noise(4)


def main():
    results = []
    for name, signal in signals():
        danceability, dfa = es.Danceability(sampleRate=RATE)(signal.astype(np.float32))
        results.append({"name": name, "danceability": float(danceability), "dfa": [float(x) for x in dfa]})
    path = Path(__file__).with_name("danceability.json")
    rows = ",\n ".join(json.dumps(r) for r in results)
    path.write_text(f"[{rows}]\n")


if __name__ == "__main__":
    main()
