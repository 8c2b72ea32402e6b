"""Tags as other programs read them."""

import json
import subprocess

import mutagen
from mutagen.id3 import ID3, ID3NoHeaderError


def probed(song):
    """The tags that ffprobe finds, with names in small letters."""
    command = ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", "-of", "json", song]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    tags = {}
    for part in [*found.get("streams", []), found.get("format", {})]:
        tags |= {name.lower(): text for name, text in part.get("tags", {}).items()}
    return tags


def tags_of(song):
    """By mutagen, which takes AAC with ID3 for MP3 where it has to guess."""
    if song.suffix not in [".mp3", ".aac"]:
        return mutagen.File(song)
    try:
        return ID3(song)
    except ID3NoHeaderError:
        return {}


def of_mutagen(song):
    """Mood, tempo, key and comment, by the names of each format."""
    tags = tags_of(song)
    names = {
        ".mp3": ["TMOO", "TBPM", "TKEY", "COMM"],
        ".aac": ["TMOO", "TBPM", "TKEY", "COMM"],
        ".wav": ["TMOO", "TBPM", "TKEY", "COMM"],
        ".m4a": ["----:com.apple.iTunes:MOOD", "tmpo", "----:com.apple.iTunes:initialkey", "©cmt"],
    }.get(song.suffix, ["MOOD", "BPM", "INITIALKEY", "COMMENT"])

    def text(name):
        found = tags.get(name) or next((tags[key] for key in tags if key.startswith(f"{name}:")), None)
        first = found[0] if isinstance(found, list) else found
        return first.decode() if isinstance(first, bytes) else first and str(first)

    return [text(name) for name in names]


def sure(results):
    """Results in which every song has a mood, a tempo and a key."""
    table, records = results
    told = [record for record in records.values() if record["status"] == "ok"]
    for record in told:
        record["report"] |= {"kind": "music", "unsure": False}
        record["report"]["features"] |= {"tempo": 119.6, "key": 2.0, "mode": 0.0}
    lines = table.with_name("sure.jsonl")
    lines.write_text("\n".join(map(json.dumps, told)))
    return lines, told


def test_mutagen_and_ffprobe_find_what_was_written(undertone, results):
    lines, told = sure(results)
    songs = [lines.parent / record["file"] for record in told]
    before = {song: song.read_bytes() for song in songs}
    run = undertone("tag", lines.name, "--store", "verdicts.sqlite")
    assert run.returncode == 0, run.stderr
    for song, record in zip(songs, told, strict=True):
        report = record["report"]
        mood, comment = report["mood"], f"Undertone: {report['mood']} ("
        assert of_mutagen(song)[:3] == [mood, "120", "Dm"], song
        assert of_mutagen(song)[3].startswith(comment), song
        tags = probed(song)
        assert mood in (tags.get("tmoo"), tags.get("mood")), tags
        assert tags["comment"].startswith(comment), song
        assert song.read_bytes() != before[song]
    run = undertone("tag", "--restore", f"{lines.name}.tags.csv", "--store", "verdicts.sqlite")
    assert run.returncode == 0, run.stderr
    for song in songs:
        assert of_mutagen(song) == [None] * 4, song
