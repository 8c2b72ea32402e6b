"""Prints the borders of the words in src/explain/heard.rs.

    python tools/terciles.py WORK

WORK is the trainer's work folder after `trainer features` has measured all of it. Needs
numpy. Prints for each descriptor its 5th percentile, its terciles and its 95th percentile
over the recordings of that run (others may lie in the same cache).
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np


def main() -> None:
    cache = Path(sys.argv[1]) / "cache"
    inputs = cache / "inputs.csv"
    with open(inputs, newline="") as lines:
        count = sum(1 for _ in csv.DictReader(lines))
    # The list is written just before the recordings are measured.
    since = inputs.stat().st_mtime
    newer = (path for path in cache.glob("*.json") if path.stat().st_mtime >= since)
    files = sorted(newer, key=lambda path: path.stat().st_mtime)[:count]
    measured = [json.loads(path.read_text()) for path in files]
    names = measured[-1]["names"]
    rows = np.array([song["values"] for song in measured if song["names"] == names])
    print(f"{len(rows)} recordings: 5th percentile, terciles, 95th percentile")
    columns = list(zip(names, rows.T, strict=True))
    columns.append(("|majorness|", np.abs(rows[:, names.index("majorness")])))
    for name, values in columns:
        borders = np.quantile(values, [0.05, 1 / 3, 2 / 3, 0.95])
        print(f"{name:28}", *(f"{border:10.4g}" for border in borders))


if __name__ == "__main__":
    main()
