"""Pieces of known tempo, key, mode and metre, rendered to sound.

    python trainer/benches/make_pieces.py OUT_FOLDER [--pieces 320] [--seed 1]

Scores of the music21 corpus that state their key with its mode, and a few dozen pop pieces
made here, become OUT_FOLDER/midi/*.mid, OUT_FOLDER/audio/*.ogg (44.1 kHz, stereo) and
OUT_FOLDER/truth.csv. Needs music21, mido, numpy and the program fluidsynth with a General
MIDI SoundFont ($SOUNDFONT). The same seed gives the same pieces; each piece
has its own random numbers, drawn from its name, so that adding one changes no other.

Columns of truth.csv: file (without ending), collection, tempo_bpm (of the beat: a quarter in
2/4, 3/4, 4/4 and 5/4, a half in 2/2 and 3/2, a dotted quarter in 6/8, 9/8 and 12/8), key (0 = C .. 11),
mode (1 major, 0 minor), time_signature, beats_per_bar, tuning_cents, drums (0/1), set
(dev or test, by a hash of the title, so that two versions of a tune fall in one set),
first_downbeat_s, beat_offset_s (the first beat at or after the first note), end_s (of the
last bar), ends_on_tonic (1 where the bass of the whole score, or the tune, ends on the tonic;
elsewhere the stated key is less sure: about an eighth of the scores), source.
"""

import argparse
import csv
import hashlib
import os
import re
import subprocess
import warnings
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
from music21 import converter, corpus, harmony

SOUNDFONT = os.environ.get("SOUNDFONT", "/usr/share/sounds/sf2/TimGM6mb.sf2")
SECONDS = (45, 60)  # of music in a piece
TICKS = 960  # per quarter
# Metre: quarters in a beat, beats in a bar. 3/8 is left out, as its beat may be the eighth
# or the bar.
METRES = {"2/4": (1, 2), "3/4": (1, 3), "4/4": (1, 4), "5/4": (1, 5), "2/2": (2, 2), "3/2": (2, 3),
          "6/8": (1.5, 2), "9/8": (1.5, 3), "12/8": (1.5, 4)}
# Wanted shares: of the collections, and within a collection as far as its scores allow.
SHARES = {"bach": .225, "oneills": .215, "ryans": .195, "airds": .16, "fife": .085, "classical": .12}
MODES = {1: .6, 0: .4}
COUNTS = {2: .5, 3: .25, 6: .25}  # duple, triple, compound
FOLK = {"oneills": "oneills1850", "ryans": "ryansMammoth", "airds": "airdsAirs", "fife": "miscFolk"}
# Programs that write MusicXML often put "major" whatever the piece; these are the works
# whose stated key is that of their title. (The Essen songs, Palestrina and the trecento
# are left out for the same reason: there the key tells the signature only.)
CLASSICAL = """haydn/ mozart/ beethoven/opus18no1/movement1.m beethoven/opus18no1/movement2.m
    beethoven/opus18no1/movement3.m beethoven/opus59 corelli/ johnson_j_r/
    liliuokalani/ schubert/ schumann_clara/ schumann_robert/dichterliebe""".split()

# General MIDI programs by role, and by ensemble from the highest part to the lowest.
LEAD = [0, 1, 4, 6, 11, 21, 22, 24, 25, 27, 40, 56, 64, 65, 68, 71, 73, 75, 80, 81]
CHORDS = [0, 1, 2, 4, 5, 16, 18, 19, 24, 25, 26, 27, 28, 46, 48, 50, 52, 61, 62, 89, 90]
BASS = [32, 33, 34, 35, 36, 38, 39, 42, 43, 58, 70]
ENSEMBLES = [[0], [4], [6], [16], [19], [24], [25], [48], [50], [52], [61], [62], [80], [89],
             [40, 40, 41, 42], [73, 68, 71, 70], [64, 65, 66, 67], [56, 56, 57, 58],
             [40, 24, 24, 32], [81, 90, 90, 38]]
KICK, STICK, SNARE, HAT, OPEN_HAT, RIDE, CRASH = 36, 37, 38, 42, 46, 51, 49
SCALES = {1: [0, 2, 4, 5, 7, 9, 11], 0: [0, 2, 3, 5, 7, 8, 10]}
PROGRESSIONS = {1: ["0 4 5 3", "0 5 3 4", "0 3 4 3", "0 3 0 4", "0 5 1 4", "0 2 3 4"],
                0: ["0 5 2 6", "0 6 5 6", "0 3 4 0", "0 5 6 0", "0 3 6 2", "0 6 5 4"]}


@dataclass
class Candidate:
    """A score whose key and metre are read, but not yet its notes."""
    collection: str
    name: str
    title: str
    source: str
    score: object  # a path, or text in ABC
    tonic: int
    mode: int
    metre: str


@dataclass
class Music:
    """Notes (start, length, pitch) of each part, in quarters from the first bar line."""
    parts: list
    start: float  # of the music: negative where there is an upbeat
    bars: int
    bpm: float = 0  # as the score says, or 0
    final: int = 0  # last pitch of the lowest part, before any accompaniment


def random_of(seed, name):
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def slug(text):
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def folk_candidates():
    for collection, folder in FOLK.items():
        for path in sorted(corpus.getComposer(folder)):
            for tune in re.split(r"\n(?=X:)", "\n" + Path(path).read_text(errors="replace")):
                tune = re.sub(r"%.*|\$", "", tune).strip()  # remarks, and marks of line ends
                field = {k: v.strip() for k, v in reversed(re.findall(r"^([XTMK]):(.*)$", tune, re.M))}
                key = re.fullmatch(r"([A-G])([b#]?) ?(|maj|major|m|min|minor)", field.get("K", ""), re.I)
                metre = {"C": "4/4", "C|": "2/2"}.get(field.get("M"), field.get("M"))
                if not key or metre not in METRES or re.search(r"^V:|\[V:", tune, re.M):
                    continue
                tonic = "C D EF G A B".index(key[1].upper()) + {"": 0, "b": -1, "#": 1}[key[2]]
                mode = int(key[3] == "" or key[3].lower().startswith("maj") or key[3] == "M")
                title = re.sub(r"\s*--.*", "", field.get("T", ""))
                name = f"{collection}_{slug(Path(path).stem)[:24]}_{field['X']}"
                yield Candidate(collection, name, title, f"{folder}/{Path(path).name}#{field['X']}",
                                tune, tonic % 12, mode, metre)


def score_candidates():
    for path in sorted(corpus.getCorePaths()):
        short = path.as_posix().split("/corpus/")[-1]
        collection = "bach" if short.startswith("bach/") else "classical"
        if collection == "classical" and not short.startswith(tuple(CLASSICAL)):
            continue
        if path.suffix == ".mxl":
            with zipfile.ZipFile(path) as archive:
                inner = next(n for n in archive.namelist() if not n.startswith("META"))
                text = archive.read(inner).decode("utf8", "replace")
        else:
            text = path.read_text(errors="replace")
        keys = re.findall(r"<fifths>(-?\d+)</fifths>\s*<mode>(major|minor)</mode>", text)
        metre = "/".join((re.findall(r"<beats>(\d+)</beats>\s*<beat-type>(\d+)", text) or [("", "")])[0])
        if keys and metre in METRES:
            # Parts may disagree: then it is minor, as nobody gets minor by default.
            mode = int(all(m == "major" for f, m in keys if f == keys[0][0]))
            tonic = int(keys[0][0]) * 7 + (0 if mode else 9)
            name = f"{collection}_{slug(short.removeprefix('bach/').rsplit('.', 1)[0])}"
            yield Candidate(collection, name, short, short, path, tonic % 12, mode, metre)


def read(candidate):
    """The notes of a score, or None where its bars do not fit its metre."""
    beat, count = METRES[candidate.metre]
    bar = beat * count
    folk = candidate.collection in FOLK
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = converter.parse(candidate.score, format="abc") if folk else converter.parse(candidate.score)
        if folk:  # tunes are played with their repeats
            try:
                score = score.expandRepeats()
            except Exception:
                pass  # badly marked repeats: the tune is played straight through
    parts = list(score.parts)[:12]
    flat = score.flatten()
    end = max([float(n.offset + n.quarterLength) for n in flat.notes], default=0)
    top = parts[0].flatten()
    keys = top.getElementsByClass("KeySignature")
    changes = [k for k in keys if k.sharps != keys[0].sharps]
    changes += [t for t in top.getElementsByClass("TimeSignature") if t.ratioString != candidate.metre]
    end = min([end, *(float(c.offset) for c in changes)])  # the music before any change
    lines = [float(m.offset) for m in parts[0].getElementsByClass("Measure") if m.offset < end - 1e-6]
    if len(lines) < 6:
        return None
    first = lines[0] if lines[1] - lines[0] > bar - 1e-6 else lines[1]
    for line, following in zip(lines, lines[1:]):
        whole = abs(following - line - bar) < 1e-6
        off = (line - first) % bar
        if following - line > bar + 1e-6 or whole and min(off, bar - off) > 1e-6:
            return None
    music = Music([], lines[0] - first, int(np.ceil((end - first) / bar - 1e-6)))
    for part in parts:
        notes = [(float(n.offset) - first, float(n.quarterLength), p.midi)
                 for n in part.stripTies().flatten().notes
                 if n.quarterLength > 0 and n.offset < end and not isinstance(n, harmony.ChordSymbol)
                 for p in n.pitches]
        if len(notes) > 8:
            music.parts.append(sorted(notes))
    if music.parts:
        ending = max(start for start, _, _ in music.parts[-1])
        music.final = min(pitch for start, _, pitch in music.parts[-1] if start == ending)
    for mark in list(flat.getElementsByClass("MetronomeMark"))[:1]:
        number = mark.numberSounding if mark.number is None or mark.numberImplicit else mark.number
        if number and mark.offset == 0:
            music.bpm = number * mark.referent.quarterLength / beat
            music.bpm *= 50 <= music.bpm <= 190  # others were meant for another note value
    return music if music.parts else None


def above(lowest, pitch_class):
    return lowest + (pitch_class - lowest) % 12


def chord_of(degree, mode, dominant=False):
    pitches = [SCALES[mode][(degree + i) % 7] for i in (0, 2, 4)]
    return [7, 11, 2] if dominant else pitches


def accompany(music, candidate, rng):
    """Adds a bass and the chord that shares most with each bar's melody."""
    beat, count = METRES[candidate.metre]
    bar = beat * count
    minor = candidate.mode == 0
    chords = [chord_of(d, candidate.mode) for d in (0, 3, 4, 5, 2, 6 if minor else 1)]
    chords += [chord_of(4, 0, dominant=True)] if minor else []
    likes = [.3, .2, .2, .05, 0, .05, .2]  # of a bar, for degrees that tunes use most
    bass, comp = [], []
    style = rng.integers(3)  # chords on the weak beats, held, or on every half of a beat
    for k in range(music.bars):
        inside = np.zeros(12)
        for start, length, pitch in music.parts[0]:
            share = min(start + length, (k + 1) * bar) - max(start, k * bar)
            if share > 0:
                inside[(pitch - candidate.tonic) % 12] += share + (.25 * beat if start == k * bar else 0)
        fits = [sum(inside[c]) / bar + like for c, like in zip(chords, likes)]
        chord = chords[0] if k == music.bars - 1 and sum(inside[chords[0]]) else chords[int(np.argmax(fits))]
        pitches = [above(50, p + candidate.tonic) for p in chord]
        low = above(40, chord[0] + candidate.tonic)
        bass.append((k * bar, beat if count % 2 or style == 0 else bar / 2, low))
        if count % 2 == 0:
            bass.append((k * bar + bar / 2, beat, low - 5 if low - 5 >= 35 and style == 0 else low))
        half = beat / (3 if beat == 1.5 else 2)
        steps = {0: np.arange(1, count) * beat, 1: [0], 2: np.arange(0, bar, half)}[style]
        length = {0: beat * .7, 1: bar, 2: .4}[style]
        comp += [(k * bar + s, length, p) for s in steps for p in pitches]
    music.parts += [comp, bass]


def repeat(music, bar, bars):
    """The music as often as it takes, cut at a bar line."""
    if music.bars < bars:
        # The upbeat comes back where the last bar has room for it.
        last = max(s + n for p in music.parts for s, n, _ in p)
        upbeat = music.start if last <= music.bars * bar + music.start + 1e-6 else 0
        period = music.bars * bar
        times = range(int(np.ceil(bars / music.bars)))
        music.parts = [[(s + t * period, n, p) for t in times for s, n, p in part
                        if s >= upbeat - 1e-6 or t == 0] for part in music.parts]
    music.parts = [[(s, min(n, bars * bar - s), p) for s, n, p in part if s < bars * bar - 1e-6]
                   for part in music.parts]
    music.parts = [part for part in music.parts if part]
    music.bars = bars


def drum_part(metre, bars, rng):
    """Kick on one, snare on the back beats, cymbals on the eighths; a waltz in three."""
    beat, count = METRES[metre]
    parts = 3 if beat == 1.5 else 2
    kicks, snares = {2: ([0], [1]), 3: ([0], [1, 2]), 4: ([0, 2], [1, 3]), 5: ([0, 3], [2, 4])}[count]
    if count == 4 and rng.random() < .2:
        kicks = [0, 1, 2, 3]
    if count % 2 == 0 and rng.random() < .4:
        kicks = kicks + [count / 2 + 1 / parts if count == 4 else 1 + (parts - 1) / parts]
    snare = STICK if rng.random() < (.5 if count == 3 else .2) else SNARE
    cymbal = RIDE if rng.random() < .25 else HAT
    hits = []
    for k in range(bars):
        at = lambda b: (k * count + b) * beat
        hits += [(at(b), .2, KICK, 100) for b in kicks] + [(at(b), .2, snare, 92) for b in snares]
        hits += [(at(b / parts), .2, cymbal, 72 if b % parts == 0 else 58) for b in range(count * parts)]
        if k % 8 == 0:
            hits.append((at(0), .5, CRASH, 84))
        if k % 4 == 3:
            hits.append((at(count - 1 / parts), .2, OPEN_HAT, 70))
    return hits


def pop(metre, tonic, mode, bars, rng):
    """Chords of a four-bar progression with bass, and a tune or arpeggio in every other eight."""
    beat, count = METRES[metre]
    bar = beat * count
    third = beat / (3 if beat == 1.5 else 2)
    degrees = [int(d) for d in rng.choice(PROGRESSIONS[mode]).split()]
    tune, comp, bass = [], [], []
    held, driving, arpeggio = rng.random() < .5, rng.random() < .5, rng.random() < .4
    place = 7
    rhythm = [0] + [s for s in range(1, round(bar / third)) if rng.random() < .5]
    for k in range(bars):
        degree = degrees[k % 4]
        chord = chord_of(degree, mode, dominant=mode == 0 and degree == 4)
        pitches = [above(53, p + tonic) for p in chord]
        low = above(33, chord[0] + tonic)
        steps = [0] if held else np.arange(count) * beat
        comp += [(k * bar + s, bar if held else beat * .8, p) for s in steps for p in pitches]
        second = bar / 2 if count % 2 == 0 else bar - beat
        steps = np.arange(0, bar, third) if driving else [0, second]
        bass += [(k * bar + s, third if driving else beat, low) for s in steps]
        if k % 16 < 4:
            continue  # the chords alone open each sixteen bars
        for i, step in enumerate(rhythm):
            until = (rhythm + [round(bar / third)])[i + 1]
            if arpeggio:
                pitch = 12 + pitches[i % 3]
            else:  # a walk on the scale that rests on chord notes at the start of bars
                place = int(np.clip(place + rng.integers(-2, 3), 2, 13))
                while i == 0 and SCALES[mode][place % 7] not in chord:
                    place += 1
                pitch = 60 + tonic - (12 if tonic > 6 else 0) + 12 * (place // 7) + SCALES[mode][place % 7]
                if mode == 0 and 11 in chord and (pitch - tonic) % 12 == 10:
                    pitch += 1
            tune.append((k * bar + step * third, (until - step) * third, pitch))
    return Music([tune, comp, bass], 0, bars, final=tonic)


def write_midi(path, music, metre, bpm, lead_in, shift, cents, drums, rng):
    """Each part on its own channel, played by a hand that is never quite exact."""
    beat, count = METRES[metre]
    quarter_bpm = bpm * beat
    tick = lambda seconds: max(0, round(seconds * quarter_bpm / 60 * TICKS))
    order = sorted(range(len(music.parts)), key=lambda i: -np.mean([p for _, _, p in music.parts[i]]))
    if rng.random() < .5 and len(order) > 1:
        programs = [rng.choice(LEAD)] + [rng.choice(CHORDS) for _ in order[2:]] + [rng.choice(BASS)]
    else:
        ensemble = ENSEMBLES[rng.integers(len(ENSEMBLES))]
        programs = [ensemble[i * len(ensemble) // len(order)] for i in range(len(order))]
    events = []
    channels = [c for c in range(16) if c != 9]
    for place, index in enumerate(order):
        channel = channels[place]
        bend = round(cents / 200 * 8192)  # the range of the wheel is two semitones
        pan = int(rng.integers(44, 85))
        events += [(0, 0, mido.Message("program_change", channel=channel, program=int(programs[place]))),
                   (0, 1, mido.Message("pitchwheel", channel=channel, pitch=bend)),
                   (0, 1, mido.Message("control_change", channel=channel, control=10, value=pan))]
        loud = 92 if place == 0 else 86 if place == len(order) - 1 else 74
        for start, length, pitch in music.parts[index]:
            in_bar = start % (beat * count)
            accent = 5 if in_bar < 1e-6 else 2 if in_bar % beat < 1e-6 else 0
            play(events, channel, start, length * .95, pitch + shift, loud + accent,
                 lead_in, quarter_bpm, tick, rng)
    for start, length, drum, loud in drums:
        play(events, 9, start, length, drum, loud, lead_in, quarter_bpm, tick, rng)
    track = mido.MidiTrack()
    number, kind = map(int, metre.split("/"))
    track.append(mido.MetaMessage("set_tempo", tempo=round(60e6 / quarter_bpm)))
    track.append(mido.MetaMessage("time_signature", numerator=number, denominator=kind))
    now = 0
    for at, _, message in sorted(events, key=lambda e: e[:2]):
        track.append(message.copy(time=at - now))
        now = at
    midi = mido.MidiFile(ticks_per_beat=TICKS)
    midi.tracks.append(track)
    midi.save(path)


def play(events, channel, start, length, pitch, loud, lead_in, quarter_bpm, tick, rng):
    if not 0 <= pitch <= 127:
        return
    on = tick(lead_in + start * 60 / quarter_bpm + rng.uniform(-.008, .008))
    off = max(on + 1, tick(lead_in + (start + length) * 60 / quarter_bpm))
    velocity = int(np.clip(loud + rng.integers(-8, 9), 1, 127))
    events.append((on, 3, mido.Message("note_on", channel=channel, note=int(pitch), velocity=velocity)))
    events.append((off, 2, mido.Message("note_off", channel=channel, note=int(pitch))))


def choose(candidates, rng):
    """Those of one collection in random order, the wanted modes and metres being likelier."""
    kind = [(c.mode, METRES[c.metre][1] if METRES[c.metre][0] != 1.5 else 6) for c in candidates]
    kind = [(m, 2 if n == 4 else 3 if n == 5 else n) for m, n in kind]
    weights = np.array([MODES[m] / sum(k[0] == m for k in kind) * COUNTS[n] / sum(k[1] == n for k in kind)
                        for m, n in kind])
    order = np.argsort(-np.log(rng.random(len(candidates))) / weights)  # Efraimidis and Spirakis
    return [candidates[i] for i in order]


def finish(out, name, collection, title, source, music, metre, tonic, mode, bpm, drums, rng):
    """Writes the MIDI file and returns the row of the truth."""
    beat, count = METRES[metre]
    bpm = round(float(bpm), 2)
    shift = 0 if collection == "pop" else int(rng.integers(-5, 7))  # pop has a random key already
    cents = round(float(rng.uniform(-40, 40)), 1) if rng.random() < .2 else 0.0
    lead_in = round(float(rng.uniform(.05, 1)) - music.start * 60 / (bpm * beat), 4)  # to the first bar line
    write_midi(out / "midi" / f"{name}.mid", music, metre, bpm, lead_in, shift, cents, drums, rng)
    first_note = lead_in + min(s for p in music.parts for s, _, _ in p) * 60 / (bpm * beat)
    beats = np.floor((lead_in - first_note) * bpm / 60 + 1e-6)
    half = "dev" if hashlib.sha256(slug(title).encode()).digest()[0] % 2 else "test"
    return [name, collection, bpm, (tonic + shift) % 12, mode, metre, count, cents, int(bool(drums)), half,
            round(lead_in, 4), round(lead_in - beats * 60 / bpm, 4),
            round(lead_in + music.bars * count * 60 / bpm, 4), int((music.final - tonic) % 12 == 0), source]


def make_score(out, candidate, seed):
    rng = random_of(seed, candidate.name)
    try:
        music = read(candidate)
    except Exception as error:  # a score that music21 cannot read is no loss among thousands
        print(f"left out {candidate.source}: {type(error).__name__}")
        return None
    if music is None:
        return None
    beat, count = METRES[candidate.metre]
    bpm = music.bpm or np.clip(105 * 2 ** rng.normal(0, .25), 55, 190)
    bars = int(rng.uniform(*SECONDS) / (count * 60 / bpm))
    if len(music.parts) == 1:
        accompany(music, candidate, rng)
    repeat(music, beat * count, bars)
    drums = drum_part(candidate.metre, bars, rng) if rng.random() < .5 else []
    return finish(out, candidate.name, candidate.collection, candidate.title, candidate.source, music,
                  candidate.metre, candidate.tonic, candidate.mode, bpm, drums, rng)


def make_pop(out, index, seed):
    name = f"pop_{index:03}"
    rng = random_of(seed, name)
    metre = rng.choice(["4/4", "3/4", "6/8", "5/4"], p=[.65, .13, .13, .09])
    tonic, mode = int(rng.integers(12)), int(rng.random() < .55)
    bpm = 60 * 3 ** rng.random()  # 60 to 180
    bars = int(rng.uniform(*SECONDS) / (METRES[metre][1] * 60 / bpm))
    music = pop(metre, tonic, mode, bars, rng)
    drums = drum_part(metre, bars, rng)
    return finish(out, name, "pop", name, "made", music, metre, tonic, mode, bpm, drums, rng)


def render(out, name):
    ogg = out / "audio" / f"{name}.ogg"
    options = ["-niq", "-r", "44100", "-g", "0.6", "-T", "oga", "-F", ogg]
    subprocess.run(["fluidsynth", *options, SOUNDFONT, out / "midi" / f"{name}.mid"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pieces", type=int, default=320, help="from scores; pop adds an eighth")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    for folder in ("midi", "audio"):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
    candidates = [*folk_candidates(), *score_candidates()]
    rows = []
    for collection, share in SHARES.items():
        wanted, found = round(share * args.pieces), []
        for candidate in choose([c for c in candidates if c.collection == collection],
                                random_of(args.seed, collection)):
            if len(found) == wanted:
                break
            row = make_score(args.out, candidate, args.seed)
            found += [row] if row else []
        print(f"{collection}: {len(found)} of {wanted}", flush=True)
        rows += found
    rows += [make_pop(args.out, i + 1, args.seed) for i in range(args.pieces // 8)]
    rows.sort()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda row: render(args.out, row[0]), rows))
    with open(args.out / "truth.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("file collection tempo_bpm key mode time_signature beats_per_bar tuning_cents "
                        "drums set first_downbeat_s beat_offset_s end_s ends_on_tonic source".split())
        writer.writerows(rows)
    print(f"{len(rows)} pieces")


if __name__ == "__main__":
    main()
