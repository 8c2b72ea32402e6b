"""Opens `undertone judge --out songs.parquet` in pandas, Polars and DuckDB.

    undertone judge SONGS --format jsonl > songs.jsonl
    undertone judge SONGS --out songs.parquet
    python open_parquet.py songs.parquet songs.jsonl

Every program must find the moods, tempos, timelines and hashes that stand in the JSON lines.
Needs pandas, pyarrow, polars and duckdb.
"""

import json
import math
import sys

import duckdb
import pandas
import polars


def near(one: float | None, other: float | None) -> bool:
    """Whether two numbers are the same but for the last bits of a float, or both missing."""
    missing = [value is None or math.isnan(value) for value in (one, other)]
    return all(missing) or not any(missing) and math.isclose(one, other, rel_tol=1e-6)


def main(table: str, lines: str) -> None:
    with open(lines, encoding="utf-8") as file:
        expected = {record["file"]: record for record in map(json.loads, file)}
    frames = {
        "pandas": pandas.read_parquet(table).to_dict("records"),
        "Polars": polars.read_parquet(table).to_dicts(),
        "DuckDB": duckdb.sql(f"SELECT * FROM '{table}'").to_df().to_dict("records"),
    }
    for program, rows in frames.items():
        assert len(rows) == len(expected), f"{program}: {len(rows)} rows"
        for row in rows:
            record = expected[row["file"]]
            assert row["status"] == record["status"], program
            if row["status"] != "ok":
                assert row["error"]["kind"] == record["error"]["kind"], program
                continue
            report = record["report"]
            assert row["sha256"] == record["sha256"], program
            assert row["mood"] == report["mood"], program
            assert near(row["moods"]["calm"], report["moods"]["calm"]), program
            assert near(row["features"]["tempo"], report["features"]["tempo"]), program
            times = [moment["t_s"] for moment in row["timeline"]]
            assert times == [moment["t_s"] for moment in report["timeline"]], program
        print(f"{program}: {len(rows)} songs")
    calm = duckdb.sql(f"SELECT count(*) FROM '{table}' WHERE moods.calm > 0.5").fetchall()[0][0]
    print(f"DuckDB finds {calm} songs that are mostly calm")


if __name__ == "__main__":
    main(*sys.argv[1:3])
