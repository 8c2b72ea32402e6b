"""Judges a collection on a Ray cluster: `python judge.py SOURCE OUT`.

SOURCE is a folder of songs, or Parquet with their bytes in a column; OUT becomes a folder of
Parquet files with the columns of `undertone judge --out`. Every worker keeps one process of
`undertone judge -`. Needs `ray[data]`, and `undertone` with its models on every machine.

A worker that is lost is started again by Ray, and its songs with it; a process that is lost,
by its worker. A song that brings its process down twice is a row with an error.
"""

import argparse
import base64
import json
import subprocess
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import ray

# What is taken of a folder, as by `undertone judge`.
AUDIO = """
    mp3 ogg oga opus flac wav w64 m4a mp4 aac m4b aif aiff aifc caf mka webm mid midi
""".split()


# Of a result, at least.
ROWS_A_FILE = 1_000


def result_schema(program: str) -> pa.Schema:
    """The columns of a result, as the program itself has them."""
    with tempfile.TemporaryDirectory() as folder:
        empty, table = Path(folder, "none.json"), Path(folder, "none.parquet")
        empty.write_text("[]")
        subprocess.run([program, "merge", empty, "--out", table], check=True, stderr=subprocess.DEVNULL)
        return pq.read_schema(table).remove_metadata()


def row(answer: dict) -> dict:
    """A result with its report's fields side by side, as the columns are."""
    return {**answer.pop("report", {}), **answer}


class Judge:
    """One worker and its process."""

    def __init__(self, command: list[str], schema: pa.Schema, names: str, sounds: str) -> None:
        self.command, self.schema = command, schema
        self.names, self.sounds = names, sounds
        self.process: subprocess.Popen[str] | None = None

    def __call__(self, batch: pa.Table) -> pa.Table:
        songs = zip(batch[self.names].to_pylist(), batch[self.sounds].to_pylist())
        return pa.Table.from_pylist([row(self.judge(*song)) for song in songs], schema=self.schema)

    def judge(self, name: str, sound: bytes | None) -> dict:
        """The answer for one song."""
        data = base64.b64encode(sound or b"").decode()
        question = json.dumps({"name": name, "bytes": data}) + "\n"
        for _ in range(2):
            try:
                if answer := self.ask(question):
                    return json.loads(answer)
            except BrokenPipeError:
                pass
            self.process = None
        error = {"kind": "worker", "message": "the process ended twice at this song"}
        return {"file": name, "status": "error", "error": error}

    def ask(self, question: str) -> str:
        """One line for one line; nothing where the process has ended."""
        if self.process is None:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True,
            )
        self.process.stdin.write(question)
        self.process.stdin.flush()
        return self.process.stdout.readline()


def main() -> None:
    parser = argparse.ArgumentParser(description="Judges a collection on a Ray cluster.")
    parser.add_argument("source", help="folder of songs, or Parquet with their bytes")
    parser.add_argument("out", help="folder of Parquet files, which must not be there yet")
    parser.add_argument("--workers", type=int, default=2, help="processes at once")
    parser.add_argument("--batch", type=int, default=16, help="songs that are lost with a worker")
    parser.add_argument("--program", default="undertone")
    parser.add_argument("--models", help="folder of the models on every machine")
    parser.add_argument("--names", default="file", help="column of names, of Parquet")
    parser.add_argument("--sounds", default="bytes", help="column of bytes, of Parquet")
    args = parser.parse_args()

    command = [args.program, "judge", "-", "--jobs", "1", "--no-store"]
    command += ["--models", args.models] if args.models else []
    is_folder = Path(args.source).is_dir() and not any(Path(args.source).glob("*.parquet"))
    if is_folder:
        songs = ray.data.read_binary_files(args.source, include_paths=True, file_extensions=AUDIO)
        names, sounds = "path", "bytes"
    else:
        songs = ray.data.read_parquet(args.source).select_columns([args.names, args.sounds])
        names, sounds = args.names, args.sounds
    # By blocks as small as a batch: a lost worker costs its block. Ray would make a few large ones.
    judged = songs.repartition(target_num_rows_per_block=args.batch).map_batches(
        Judge,
        fn_constructor_args=(command, result_schema(args.program), names, sounds),
        batch_size=args.batch, batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(size=args.workers),
        # Half a core by Ray's count: with a worker a core, none would be left to read.
        num_cpus=0.5,
    )
    # On a busy machine a block may take long.
    judged.context.execution_no_progress_timeout_s = -1
    judged.write_parquet(
        args.out, mode=ray.data.SaveMode.ERROR, compression="zstd", min_rows_per_file=ROWS_A_FILE
    )
    told = ray.data.read_parquet(args.out).select_columns(["status"])
    for count in told.groupby("status").count().take_all():
        print(f"{count['count()']} {count['status']}")


if __name__ == "__main__":
    main()
