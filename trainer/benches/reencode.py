"""How much 128 kbit/s MP3 changes what is measured.

    python trainer/benches/reencode.py MUSIC WORK [N]

Encodes N (default 60) songs of the folder MUSIC, evenly spread over their names, with
ffmpeg and LAME into WORK, measures both with `target/release/trainer predict`, and prints
how many kept their tempo and key and how far the other features moved. LAME turns the
level down to 95 % (-0.45 dB), which is taken off again.
"""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np

LAME_SCALE_DB = 20 * math.log10(0.95)


def measure(files: list[Path]) -> list[dict]:
    command = ["target/release/trainer", "predict", "--format", "json", *map(str, files)]
    entries = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    return [entry["report"] for entry in entries]


def main() -> None:
    music, work = Path(sys.argv[1]), Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    songs = sorted(path for path in music.iterdir() if path.is_file())
    songs = songs[:: max(len(songs) // count, 1)][:count]
    work.mkdir(parents=True, exist_ok=True)
    coded = [work / f"{song.stem}.mp3" for song in songs]
    for song, mp3 in zip(songs, coded, strict=True):
        encode = ["ffmpeg", "-v", "error", "-y", "-i", str(song), "-b:a", "128k", str(mp3)]
        subprocess.run(encode, check=True)
    pairs = list(zip(measure(songs), measure(coded), strict=True))
    features = [(a["features"], b["features"]) for a, b in pairs]

    both = [(a["tempo"], b["tempo"]) for a, b in features if a["tempo"] and b["tempo"]]
    lost = sum(bool(a["tempo"]) != bool(b["tempo"]) for a, b in features)
    near = sum(abs(b / a - 1) < 0.01 for a, b in both)
    print(f"{len(pairs)} songs; tempo: {near} of {len(both)} within 1 %, {lost} only before or after")
    keys = sum((a["key"], a["mode"]) == (b["key"], b["mode"]) for a, b in features)
    print(f"key and mode: {keys} the same; mood: {sum(a['mood'] == b['mood'] for a, b in pairs)}")
    metres = sum(a["time_signature"] == b["time_signature"] for a, b in features)
    print(f"time signature: {metres} the same")
    for name in features[0][0]:
        if name in ("key", "mode", "tempo", "time_signature"):
            continue
        shift = LAME_SCALE_DB if name == "loudness" else 0.0
        moved = [abs(b[name] - a[name] - shift) for a, b in features if a[name] is not None]
        median, most = np.median(moved), np.max(moved)
        print(f"{name:17} median {median:.4f}, 95th percentile {np.quantile(moved, 0.95):.4f}, most {most:.4f}")


if __name__ == "__main__":
    main()
