"""Makes the reference values that tests/numeric compares with.

    python tests/data/make_references.py SONG.ogg

SONG is any music file of which 3 s may be committed (see CREDITS.md beside this
script). Needs: librosa 0.10 or later, soxr, numpy, ffmpeg. The outputs are committed.
"""

import subprocess
import sys
from pathlib import Path

import librosa
import numpy as np
import soxr

HERE = Path(__file__).parent
RATE = 16_000


def log_mel(samples: np.ndarray) -> np.ndarray:
    """[frames, 96], the front end of src/spectrum/mel.rs."""
    mel = librosa.feature.melspectrogram(
        y=samples, sr=RATE, n_fft=512, hop_length=256, n_mels=96
    )
    return np.log10(1 + 10_000 * mel).T.astype(np.float32)


def real_excerpt(song: str, seconds: int) -> np.ndarray:
    command = ["ffmpeg", "-v", "error", "-ss", "10", "-t", str(seconds), "-i", song]
    command += ["-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<i2")


def synthetic() -> np.ndarray:
    """A chirp over noise, with a silent half second and a click."""
    t = np.arange(2 * RATE) / RATE
    noise = np.random.default_rng(1).normal(0, 0.05, t.size)
    signal = 0.4 * np.sin(2 * np.pi * (50 * t + 1900 * t**2)) + noise
    signal[RATE // 2 : RATE] = 0
    signal[3 * RATE // 4] = 0.9
    return np.round(32767 * np.clip(signal, -1, 1)).astype("<i2")


def pink(rate: int) -> np.ndarray:
    """Two seconds of noise that falls by 3 dB an octave, as music does on average.

    Nothing from 7 to 9 kHz, where every resampler rolls off as it likes.
    """
    n = 2 * rate
    spectrum = np.fft.rfft(np.random.default_rng(rate).normal(size=n))
    spectrum /= np.sqrt(np.maximum(1, np.arange(spectrum.size)))
    spectrum[2 * 7_000 : 2 * 9_000] = 0
    signal = np.fft.irfft(spectrum, n)
    return np.round(16384 * signal / np.abs(signal).max()).astype("<i2")


def main() -> None:
    song = sys.argv[1]
    np.save(HERE / "song_signal.npy", real_excerpt(song, 12))
    for name, signal in [("real", real_excerpt(song, 3)), ("synthetic", synthetic())]:
        np.save(HERE / f"mel_{name}_signal.npy", signal)
        np.save(HERE / f"mel_{name}_librosa.npy", log_mel(signal / 32768.0))
    for rate in [44_100, 48_000]:
        signal = pink(rate)
        np.save(HERE / f"resample_{rate}_signal.npy", signal)
        resampled = soxr.resample(signal / 32768.0, rate, RATE, quality="VHQ")
        np.save(HERE / f"resample_{rate}_soxr.npy", resampled.astype(np.float32))


if __name__ == "__main__":
    main()
