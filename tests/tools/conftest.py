"""Songs, and what the program says of them. `make test-tools` builds the program first."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "target/release/undertone"
MODELS = ROOT / "static/models"


@pytest.fixture
def undertone(tmp_path):
    """Calls the program in the folder of the test."""

    def call(*arguments):
        command = [PROGRAM, *arguments]
        return subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)

    return call


@pytest.fixture
def songs(tmp_path):
    """Four pieces of music, one sound in five formats, and a file that is no song."""
    folder = tmp_path / "songs"
    folder.mkdir()
    samples = (ROOT / "static/samples").glob("*.ogg")
    for song in [*samples, *(ROOT / "tests/data/audio").glob("sweep.*")]:
        shutil.copy(song, folder)
    (folder / "bad.mp3").write_text("no song")
    return folder


@pytest.fixture
def results(undertone, songs):
    """The judged songs as Parquet, and the same as records by the name of the file."""
    judge = ["judge", "songs", "--models", MODELS, "--store", "verdicts.sqlite"]
    assert undertone(*judge, "--out", "songs.parquet").returncode == 2
    lines = undertone(*judge, "--format", "jsonl").stdout.splitlines()
    records = {record["file"]: record for record in map(json.loads, lines)}
    assert len(records) == len(list(songs.iterdir()))
    return songs.parent / "songs.parquet", records
