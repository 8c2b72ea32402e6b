"""Writes tests/data/audio (one sound in every common format), tests/data/formats (a part of
it in rarer ones) and tests/data/bad (files that must be refused by name). Needs numpy and
ffmpeg (written with ffmpeg 5.1).

    python3 tests/data/make_audio.py
"""

import pathlib
import subprocess
import wave

import numpy as np

HERE = pathlib.Path(__file__).parent
RATE = 22_050
SECONDS = 4


def ffmpeg(*arguments):
    command = ["ffmpeg", "-v", "error", "-y", "-bitexact"]
    subprocess.run(command + [str(a) for a in arguments], check=True)


def sweep():
    """A sweep from 100 Hz to 4 kHz that swells twice: every lag but 0 is far off."""
    t = np.arange(SECONDS * RATE) / RATE
    phase = 2 * np.pi * (100 * t + (4000 - 100) / (2 * SECONDS) * t**2)
    envelope = 0.1 + 0.4 * np.sin(2 * np.pi * t / 2) ** 2
    return np.round(32767 * envelope * np.sin(phase)).astype("<i2")


def formats(source, folder):
    """1.5 seconds of the sweep in the formats of archives, films and telephones."""
    folder.mkdir(exist_ok=True)
    short = ["-t", "1.5", "-i", source]
    for name, options in {
        "aiff.aif": [],
        "aifc.aifc": ["-c:a", "pcm_s16le", "-f", "aiff"],
        "alac.m4a": ["-c:a", "alac"],
        "alac.caf": ["-c:a", "alac"],
        "adpcm-ms.wav": ["-c:a", "adpcm_ms"],
        "adpcm-ima.wav": ["-c:a", "adpcm_ima_wav"],
        "flac.mka": ["-c:a", "flac"],
        "flac-in-ogg.oga": ["-c:a", "flac"],
        "opus.ogg": ["-c:a", "libopus", "-b:a", "64k"],
        "opus-5.1.ogg": ["-af", "pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0", "-c:a", "libopus", "-b:a", "256k"],
        "opus.webm": ["-c:a", "libopus", "-b:a", "64k"],
        "opus.mp4": ["-c:a", "libopus", "-b:a", "64k"],
        "vorbis.webm": ["-c:a", "libvorbis", "-q:a", "4"],
        "aac.mka": ["-c:a", "aac", "-b:a", "64k"],
        "aac-5.1.m4a": ["-af", "pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0", "-c:a", "aac", "-b:a", "256k"],
        "float64.wav": ["-c:a", "pcm_f64le"],
        "int32.wav": ["-c:a", "pcm_s32le"],
        "a-law.wav": ["-c:a", "pcm_alaw"],
    }.items():
        ffmpeg(*short, *options, folder / name)


def main():
    audio, bad = HERE / "audio", HERE / "bad"
    audio.mkdir(exist_ok=True)
    bad.mkdir(exist_ok=True)
    source = audio / "sweep.wav"
    with wave.open(str(source), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(sweep().tobytes())
    ffmpeg("-i", source, "-c:a", "flac", audio / "sweep.flac")
    ffmpeg("-i", source, "-c:a", "libmp3lame", "-b:a", "64k", audio / "sweep.mp3")
    ffmpeg("-i", source, "-c:a", "libvorbis", "-q:a", "4", audio / "sweep.ogg")
    ffmpeg("-i", source, "-c:a", "aac", "-b:a", "64k", audio / "sweep.m4a")
    ffmpeg("-i", source, "-c:a", "aac", "-b:a", "64k", audio / "sweep.aac")
    # Another rate and number of channels, to be joined to the others.
    stereo = ["-i", source, "-ac", "2", "-ar", "44100"]
    ffmpeg(*stereo, "-c:a", "libmp3lame", "-b:a", "64k", audio / "stereo.mp3")
    ffmpeg(*stereo, "-c:a", "libvorbis", "-q:a", "0", audio / "stereo.ogg")
    tags = {"title": "名前 🎵", "artist": "Björk", "album": "Debut", "track": "3/11", "date": "1993-07-05", "BPM": "127.5", "INITIALKEY": "8A"}
    said = [word for pair in tags.items() for word in ("-metadata", "=".join(pair))]
    ffmpeg("-i", source, "-t", "1", *said, "-c:a", "libvorbis", "-q:a", "0", audio / "tagged.ogg")

    formats(source, HERE / "formats")

    picture = ["-f", "lavfi", "-i", "color=black:size=16x16:rate=5:duration=4"]
    ffmpeg(*picture, "-c:v", "mpeg4", "-an", bad / "video-without-sound.mp4")
    # The same in a format that browsers play.
    ffmpeg(*picture, "-c:v", "libvpx-vp9", "-an", bad / "film-without-sound.mp4")
    (bad / "empty.mp3").write_bytes(b"")
    (bad / "text.mp3").write_text("These are words, not music.\n" * 40)
    for name in ("sweep.mp3", "sweep.ogg"):
        whole = (audio / name).read_bytes()
        (bad / f"truncated-{name}").write_bytes(whole[: len(whole) * 9 // 10])
    (bad / "headless.ogg").write_bytes((audio / "sweep.ogg").read_bytes()[:100])


main()
