"""The job on a cluster of this machine, of which a worker is killed."""

import collections
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from conftest import MODELS, PROGRAM, ROOT

CLIPS = 60


def workers():
    """The processes of Ray that keep a judge."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if words[:2] == [os.fsencode(PROGRAM), b"judge"]:
                status = (process / "status").read_text()
                found.append(int(status.split("PPid:")[1].split()[0]))
        except OSError:
            pass
    return found


def test_every_song_is_there_once_though_a_worker_is_killed(results):
    table, records = results
    folder = table.parent
    names = [f"{clip} {Path(name).name}" for clip in range(CLIPS // len(records)) for name in records]
    sounds = [(folder / "songs" / name.split(" ", 1)[1]).read_bytes() for name in names]
    pq.write_table(pa.table({"file": names, "bytes": sounds}), folder / "clips.parquet", row_group_size=8)
    command = [sys.executable, ROOT / "tools/ray/judge.py", folder / "clips.parquet", folder / "out"]
    command += ["--program", PROGRAM, "--models", MODELS, "--batch", "4"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as job:
        while not workers():
            assert job.poll() is None
            time.sleep(0.1)
        time.sleep(1)
        os.kill(workers()[0], signal.SIGKILL)
        told = job.communicate()[0]
    assert job.returncode == 0
    rows = pq.read_table(folder / "out").to_pylist()
    assert sorted(row["file"] for row in rows) == sorted(names)
    for row in rows:
        expected = records["songs/" + row["file"].split(" ", 1)[1]]
        assert row["status"] == expected["status"], row["file"]
        assert row["mood"] == expected.get("report", {}).get("mood")
    bad = sum(row["status"] == "error" for row in rows)
    assert f"{bad} error" in told
    assert f"{len(rows) - bad} ok" in told
