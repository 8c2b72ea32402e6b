"""References of the network: its front end as torchaudio computes it (here with numpy, after
the settings of CED's authors), and its answers by onnxruntime.

    python tests/data/make_network.py

Needs numpy and onnxruntime. Reads song_signal.npy and static/models/mood.onnx, writes
network_mel_db.npy ([64, 21], every 50th frame of the first 10 s) and network_answers.npy
([10, 10]). Run it again when the bundled network changes; the outputs are committed.
"""

from pathlib import Path

import numpy as np
import onnxruntime

HERE = Path(__file__).parent
RATE, N_FFT, HOP, BANDS, SECONDS = 16_000, 512, 160, 64, 10


def htk_bank() -> np.ndarray:
    """torchaudio.functional.melscale_fbanks(257, 0, 8000, 64, 16000, norm=None)."""
    hz = np.linspace(0, RATE / 2, N_FFT // 2 + 1)
    mel = np.linspace(0, 2595 * np.log10(1 + RATE / 2 / 700), BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    rising = (hz[:, None] - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - hz[:, None]) / np.diff(edges)[1:]
    return np.maximum(0, np.minimum(rising, falling))


def mel_db(samples: np.ndarray) -> np.ndarray:
    padded = np.pad(samples.astype(np.float64), N_FFT // 2, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP]
    power = np.abs(np.fft.rfft(frames * window)) ** 2
    return 10 * np.log10(np.maximum(1e-10, power @ htk_bank())).T


def main() -> None:
    song = np.load(HERE / "song_signal.npy")[: RATE * SECONDS] / 32_768
    mel = mel_db(song).astype(np.float32)
    assert mel.shape == (BANDS, 1 + SECONDS * RATE // HOP)
    np.save(HERE / "network_mel_db.npy", mel[:, ::50].copy())
    session = onnxruntime.InferenceSession(str(HERE / "../../static/models/mood.onnx"))
    np.save(HERE / "network_answers.npy", session.run(None, {"mel_db": mel[None]})[0][0])


main()
