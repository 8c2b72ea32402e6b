"""Seconds of an epoch and peak memory of the study's networks in Keras.

    python trainer/benches/keras_nets.py FOLDER [NAME]

FOLDER holds spectrograms [128, 1292] as .npy (`trainer vectors` makes them); the first
1,000 are used, with made-up classes. The same in Rust:

    UNDERTONE_CLIPS=FOLDER [UNDERTONE_NET=NAME] cargo test --release -p trainer \
        seconds_of_an_epoch -- --ignored --nocapture

Both read the files anew for every batch, and the last of two epochs counts (EPOCHS=1 is
enough for a thousand clips; in Rust every epoch is printed as it ends). Pooling
stands before the activation in both, as it is the faster order in both.
"""

import os
import resource
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers

INPUT = (128, 1292, 1)


def conv(filters, kernel, padding="same", pool=None, norm=False, act="relu"):
    parts = [layers.Conv2D(filters, kernel, padding=padding)]
    if pool:
        parts.append(layers.MaxPooling2D(pool))
    if norm:
        parts.append(layers.BatchNormalization(momentum=0.9))
    parts.append(layers.LeakyReLU(0.01) if act == "leaky" else layers.ReLU())
    return parts


def square(regularised):
    parts = []
    for filters in (32, 128, 256, 256):
        parts += conv(filters, (3, 3), pool=(2, 4), norm=regularised)
    parts.append(layers.Flatten())
    for units in (256, 32):
        if regularised:
            parts.append(layers.Dropout(0.25))
        parts.append(layers.Dense(units, "relu"))
    return parts


def rectangular():
    parts = []
    for filters in (16, 32, 64, 128):
        parts += conv(filters, (2, 10), "valid", (2, 4), norm=True)
    return parts + [layers.Flatten(), layers.Dense(128, "relu")]


def frames_first():
    return [layers.Permute((2, 1, 3)), layers.TimeDistributed(layers.Flatten())]


def lstm():
    return [
        layers.Permute((2, 1, 3)),
        layers.Reshape((1292, 128)),
        layers.LSTM(128, return_sequences=True),
        layers.LSTM(128, return_sequences=True),
        layers.LSTM(64),
        layers.Dense(128, "relu"),
    ]


def conv_lstm_dnn():
    parts = []
    for filters, pool in ((32, (2, 4)), (64, (2, 5)), (32, None)):
        for kernel, pool in (((1, 3), pool), ((3, 1), None), ((3, 3), None)):
            parts += conv(filters, kernel, pool=pool, norm=True, act="leaky")
    parts += frames_first()
    for _ in range(2):
        parts.append(layers.Bidirectional(layers.LSTM(128, return_sequences=True)))
        parts.append(layers.Dropout(0.25))
    return parts + [layers.Flatten(), layers.Dense(64), layers.LeakyReLU(0.01)]


# Name: layers, batch, parameters with one output.
NETS = {
    "Conv+FC": (lambda: square(False), 64, 3_552_513),
    "Conv+FC, early stopping": (lambda: square(False), 32, 3_552_513),
    "Conv+FC, batch norm, dropout": (lambda: square(True), 32, 3_552_513 + 4 * 672),
    "Conv, rectangular": (rectangular, 32, 446_193),
    "LSTM": (lstm, 32, 321_025),
    "Conv+LSTM+DNN": (conv_lstm_dnn, 32, 2_711_649),
}


def batches(paths, size, order):
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        x = np.stack([np.load(paths[i]) for i in chosen])[..., None]
        yield (x + 40) / 20, (np.asarray(chosen) % 2).astype(np.float32)[:, None]


def measure(name, paths):
    build, size, parameters = NETS[name]
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input(INPUT), *build(), layers.Dense(1, "sigmoid")])
    assert model.count_params() == parameters, (name, model.count_params())
    model.compile(keras.optimizers.Adam(1e-3), "binary_crossentropy")
    for _ in range(int(os.environ.get("EPOCHS", "2"))):
        started = time.perf_counter()
        order = np.random.permutation(len(paths))
        for x, y in batches(paths, size, order):
            model.train_on_batch(x, y)
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{name}: {seconds:.1f} s an epoch of {len(paths)} clips, peak {peak:.2f} GB", flush=True)


def main():
    paths = sorted(Path(sys.argv[1]).rglob("*.npy"))[:1000]
    for name in sys.argv[2:] or NETS:
        measure(name, paths)


if __name__ == "__main__":
    main()
