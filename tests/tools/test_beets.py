"""The plug-in in beets itself."""

import subprocess
import sys

import mutagen
from conftest import MODELS, PROGRAM, ROOT

CONFIG = """
directory: {folder}/library
library: {folder}/library.db
import: {{copy: yes, write: yes, autotag: no, quiet: yes}}
pluginpath: {root}/tools/beets/beetsplug
plugins: undertone
undertone: {{command: {program} judge - --no-store --models {models}}}
"""


def test_songs_are_judged_on_import_and_when_asked(songs):
    folder = songs.parent
    for name in ["bad.mp3", "sweep.aac"]:  # beets takes neither
        (songs / name).unlink()
    config = folder / "config.yaml"
    config.write_text(CONFIG.format(folder=folder, root=ROOT, program=PROGRAM, models=MODELS))

    def beet(*arguments):
        command = [sys.executable, "-m", "beets", "-c", config, *arguments]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        return sorted(run.stdout.splitlines())

    beet("import", songs)
    assert len(beet("ls", "mood_kind::.+")) == len(list(songs.iterdir()))
    shown = "$mood $mood_certainty $initial_key $path"
    imported = beet("ls", "-f", shown, "mood::.+")
    calm = beet("ls", "-f", "$path", "mood:calm", "mood_certainty:0.5..")
    assert calm
    assert all(mutagen.File(song)["MOOD"] == ["calm"] for song in calm)
    beet("modify", "-y", "-W", "-M", "mood=elated", "mood:calm")
    beet("undertone")
    assert not beet("ls", "mood:calm"), "a song that has a mood is asked for again"
    beet("undertone", "-f")
    assert beet("ls", "-f", shown, "mood::.+") == imported
