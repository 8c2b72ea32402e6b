"""Parquet in the programs that people open it with."""

import duckdb
import pandas
import polars
import pytest


def with_pandas(table):
    return pandas.read_parquet(table).to_dict("records")


def with_polars(table):
    return polars.read_parquet(table).to_dicts()


def with_duckdb(table):
    return duckdb.sql(f"FROM '{table}'").to_arrow_table().to_pylist()


@pytest.mark.parametrize("read", [with_pandas, with_polars, with_duckdb])
def test_every_program_reads_what_the_lines_say(results, read):
    table, records = results
    rows = read(table)
    assert len(rows) == len(records)
    for row in rows:
        record = records[row["file"]]
        assert row["status"] == record["status"]
        if row["status"] == "error":
            assert row["error"] == record["error"]
            continue
        report = record["report"]
        assert row["sha256"] == record["sha256"]
        for text in ["kind", "mood", "unsure", "models"]:
            assert row[text] == report[text]
        for numbers in ["moods", "features"]:
            assert row[numbers] == pytest.approx(report[numbers])
        for judge, verdict in report["judges"].items():
            assert row["judges"][judge]["moods"] == pytest.approx(verdict["moods"])
        assert list(row["reasons"]) == report["reasons"]
        for moment, expected in zip(row["timeline"], report["timeline"], strict=True):
            assert moment["t_s"] == expected["t_s"]
            assert moment["moods"] == pytest.approx(expected["moods"])


def test_nested_fields_can_be_asked_for(results):
    table, records = results
    reports = [record["report"] for record in records.values() if record["status"] == "ok"]
    calm = sum(report["moods"]["calm"] > 0.5 for report in reports)
    found = duckdb.sql(f"SELECT count(*) FROM '{table}' WHERE moods.calm > 0.5")
    assert 0 < calm == found.fetchall()[0][0]
