"""Tempo, beats and key of the pieces of make_pieces.py as librosa and Essentia hear them.

    python trainer/benches/librosa_pieces.py PIECES_FOLDER [--workers 2]

Reads truth.csv and audio/, writes librosa.csv (a row for each piece, with what each tool said)
and prints the scores for the sets dev and test and for both. Needs librosa and mir_eval;
Essentia joins in where it is installed. All with their defaults:

- librosa at 22,050 Hz: `feature.tempo`; `beat.beat_track` with its tempo; the key is that of the
  24 Krumhansl-Kessler profiles that correlates best with the mean of `chroma_cqt`.
- Essentia at 44,100 Hz: RhythmExtractor2013 (multifeature); KeyExtractor with the profiles
  bgate (its default) and edma.

Tempo: accuracy 1 is the share within 4 % of the truth, accuracy 2 also takes twice, three
times, half and a third of it. Beats: F-measure within 70 ms, after the first five seconds.
Key: the weighted score of MIREX (1, a fifth above .5, relative .3, parallel .2), and the
shares of exact keys and of exact modes.
"""

import argparse
import csv
import os
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[threads] = "1"

import librosa
import mir_eval
import numpy as np

try:
    import essentia
    import essentia.standard as es

    essentia.log.infoActive = essentia.log.warningActive = False
except ImportError:
    es = None

NAMES = "C C# D Eb E F F# G Ab A Bb B".split()
SHARPS = {"Db": 1, "D#": 3, "Gb": 6, "G#": 8, "A#": 10}
# Krumhansl and Kessler 1982, from the tonic up.
PROFILES = {
    1: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    0: [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
}


def key_of(chroma):
    """The (key, mode) whose profile correlates best with 12 chroma values."""
    fits = {(key, mode): np.corrcoef(np.roll(profile, key), chroma)[0, 1]
            for mode, profile in PROFILES.items() for key in range(12)}
    return max(fits, key=fits.get)


def beat_f(truth, beats):
    start, end, bpm = (float(truth[c]) for c in ("beat_offset_s", "end_s", "tempo_bpm"))
    reference = np.arange(start, end - 1e-3, 60 / bpm)
    trim = mir_eval.beat.trim_beats
    beats = np.asarray(beats, float)
    return mir_eval.beat.f_measure(trim(reference), trim(beats[beats < end + .07]))


def hear(job):
    truth, path = job
    row = {"file": truth["file"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y, rate = librosa.load(path)
        row["librosa_tempo"] = float(librosa.feature.tempo(y=y, sr=rate)[0])
        tempo, beats = librosa.beat.beat_track(y=y, sr=rate, units="time")
        row["librosa_beat_tempo"] = float(np.atleast_1d(tempo)[0])
        row["librosa_beat_f"] = beat_f(truth, beats)
        chroma = librosa.feature.chroma_cqt(y=y, sr=rate).mean(axis=1)
        row["librosa_key"], row["librosa_mode"] = key_of(chroma)
    if es:
        y = es.MonoLoader(filename=str(path), sampleRate=44100)()
        tempo, beats, *_ = es.RhythmExtractor2013()(y)
        row["essentia_tempo"], row["essentia_beat_f"] = float(tempo), beat_f(truth, beats)
        for profile in ("bgate", "edma"):
            key, mode, _ = es.KeyExtractor(profileType=profile)(y)
            row[f"essentia_{profile}_key"] = SHARPS.get(key) or NAMES.index(key)
            row[f"essentia_{profile}_mode"] = int(mode == "major")
    return row


def tempo_scores(truth, bpm):
    ratios = np.array([1, 2, 3, 1 / 2, 1 / 3])
    right = np.abs(bpm[:, None] / truth[:, None] / ratios - 1) <= .04
    return right[:, 0].mean(), right.any(axis=1).mean()


def key_scores(truth, keys, modes):
    word = lambda key, mode: f"{NAMES[int(key)]} {'major' if int(mode) else 'minor'}"
    said = [word(k, m) for k, m in zip(keys, modes)]
    real = [word(t["key"], t["mode"]) for t in truth]
    weighted = np.mean([mir_eval.key.weighted_score(r, s) for r, s in zip(real, said)])
    exact = np.mean([r == s for r, s in zip(real, said)])
    return weighted, exact, np.mean([int(t["mode"]) == int(m) for t, m in zip(truth, modes)])


def table(name, truth, rows):
    print(f"\n{name}: {len(rows)} pieces; always 4 beats in a bar is right in "
          f"{np.mean([t['beats_per_bar'] == '4' for t in truth]):.1%}, always 4/4 in "
          f"{np.mean([t['time_signature'] == '4/4' for t in truth]):.1%}, always major in "
          f"{np.mean([t['mode'] == '1' for t in truth]):.1%}")
    column = lambda c: np.array([float(r[c]) for r in rows])
    real = np.array([float(t["tempo_bpm"]) for t in truth])
    print(f"{'tempo':24}acc. 1  acc. 2  beat F")
    for tool, tempo, f in (("librosa feature.tempo", "librosa_tempo", None),
                           ("librosa beat_track", "librosa_beat_tempo", "librosa_beat_f"),
                           ("essentia Rhythm..2013", "essentia_tempo", "essentia_beat_f")):
        if tempo in rows[0]:
            one, two = tempo_scores(real, column(tempo))
            print(f"{tool:24}{one:6.3f}  {two:6.3f}  " + (f"{column(f).mean():6.3f}" if f else "     -"))
    print(f"{'key':24}MIREX   exact   mode")
    for tool in ("librosa", "essentia_bgate", "essentia_edma"):
        if f"{tool}_key" in rows[0]:
            scores = key_scores(truth, column(f"{tool}_key"), column(f"{tool}_mode"))
            print(f"{tool:24}" + "  ".join(f"{s:6.3f}" for s in scores))


def main():
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("pieces", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    with open(args.pieces / "truth.csv", newline="") as file:
        truth = list(csv.DictReader(file))
    jobs = [(t, args.pieces / "audio" / f"{t['file']}.ogg") for t in truth]
    with ProcessPoolExecutor(args.workers) as pool:
        rows = list(pool.map(hear, jobs))
    with open(args.pieces / "librosa.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    for name in ("dev", "test", "all"):
        chosen = [i for i, t in enumerate(truth) if name in ("all", t["set"])]
        if chosen:
            table(name, [truth[i] for i in chosen], [rows[i] for i in chosen])


if __name__ == "__main__":
    main()
