"""Moods for beets: `beet undertone [QUERY]`, and of what is imported.

Keeps one process of `undertone judge -` and asks it for every song. Sets `mood` where it is sure,
`bpm` and `initial_key`, each where a song has none, and `mood_kind` (music, speech, noise or tone)
and `mood_certainty`. `mood:calm bpm:120..140` is then a query, and a smart playlist.
"""

import json
import os
import subprocess

from beets import config, ui
from beets.dbcore import types
from beets.plugins import BeetsPlugin
from mediafile import MediaField, MP3StorageStyle, MP4StorageStyle, StorageStyle

PROTOCOL = 1
# As `undertone tag` writes it.
MOOD = MediaField(
    MP3StorageStyle("TMOO"), MP4StorageStyle("----:com.apple.iTunes:MOOD"), StorageStyle("MOOD")
)
KEYS = {
    1: ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"],
    0: ["Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm"],
}


class UndertonePlugin(BeetsPlugin):
    item_types = {"mood": types.STRING, "mood_kind": types.STRING, "mood_certainty": types.Float(2)}

    def __init__(self):
        super().__init__()
        self.add_media_field("mood", MOOD)
        self.config.add({"auto": True, "force": False, "write": None, "command": "undertone judge -"})
        self.process = None
        if self.config["auto"]:
            self.register_listener("import_task_files", self.imported)
        self.register_listener("cli_exit", self.ended)

    def commands(self):
        command = ui.Subcommand("undertone", help="ask for the mood of songs")
        command.parser.add_option("-f", "--force", action="store_true", help="ask again, and replace the mood")
        command.func = self.called
        return [command]

    def called(self, lib, opts, args):
        self.judge(lib.items(args), opts.force or self.config["force"].get(bool))

    def imported(self, session, task):
        self.judge(task.imported_items(), self.config["force"].get(bool))

    def judge(self, items, force):
        write = self.config["write"].get()
        write = config["import"]["write"].get(bool) if write is None else write
        for item in items:
            if item.get("mood_kind") and not force:
                continue
            answer = self.ask(item)
            if answer.get("status") != "ok":
                error = answer.get("error", {}).get("message", "no answer")
                self._log.warning("{}: {}", item, error)
                continue
            self.set(item, answer["report"], force)
            item.store()
            if write:
                item.try_write()

    @staticmethod
    def set(item, report, force):
        mood, features = report["mood"], report["features"]
        item["mood_kind"] = report["kind"]
        if report["kind"] != "music":
            return
        item["mood_certainty"] = round(report["moods"][mood], 2)
        if force or not item.get("mood"):
            item["mood"] = None if report["unsure"] else mood
        if not item.get("bpm") and features["tempo"]:
            item["bpm"] = round(features["tempo"])
        key, mode = features["key"], features["mode"]
        if not item.get("initial_key") and mode is not None and key is not None and key >= 0:
            item["initial_key"] = KEYS[int(mode)][int(key)]

    def ask(self, item):
        if self.process is None or self.process.poll() is not None:
            command = self.config["command"].as_str_seq()
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        request = {"protocol": PROTOCOL, "path": os.fsdecode(item.path)}
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        return json.loads(self.process.stdout.readline() or "{}")

    def ended(self, lib):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
