"""How far a large listener gets: a bidirectional LSTM on CED-tiny's tokens.

    python3 ced_bound.py WORK [PART]

WORK is a work folder after `trainer corpus`, `features` and `teach`; PART ("music/composer")
is left out of training and then judged whole. Needs numpy, scikit-learn and keras.
"""

import collections
import csv
import sys

import keras
import numpy as np
from keras import layers
from sklearn.metrics import confusion_matrix, f1_score

MOODS = ["sad", "calm", "happy", "energetic"]
ARRANGED = ", arranged"
STEPS, BATCH, EPOCHS, SEEDS = 20, 32, 15, 3


def part_of(row):
    return row["corpus"] + "/" + row["label_kind"].removesuffix(ARRANGED)


def split(rows, part):
    train = [r for r in rows if r["split"] == "train" and part_of(r) != part]
    if part is None:
        return train, [r for r in rows if r["split"] == "validation"]
    return train, [r for r in rows if part_of(r) == part and not r["label_kind"].endswith(ARRANGED)]


def load(work, part):
    with open(f"{work}/teacher/lessons.csv") as table:
        keys = {row["id"]: row["key"] for row in csv.DictReader(table)}
    with open(f"{work}/corpus.csv") as table:
        rows = [row for row in csv.DictReader(table) if row["id"] in keys]
    train, asked = split(rows, part)
    lesson = {r["id"]: np.load(f"{work}/teacher/{keys[r['id']]}.npy") for r in train + asked}
    fitted = np.concatenate([lesson[r["id"]] for r in train])
    mean, deviation = fitted.mean(0), fitted.std(0) + 1e-6
    scaled = {k: np.clip((v - mean) / deviation, -4, 4).astype("float32") for k, v in lesson.items()}
    return train, asked, scaled


def network(width):
    tokens = layers.Input((None, width))
    x = layers.Dense(64)(layers.Dropout(0.3)(tokens))
    x = layers.Bidirectional(layers.LSTM(48, return_sequences=True))(x)
    x = layers.Dense(4, kernel_regularizer=keras.regularizers.l2(1e-3))(layers.Dropout(0.4)(x))
    return keras.Model(tokens, layers.GlobalAveragePooling1D()(x))


def crop(tokens, rng):
    start = rng.integers(0, max(1, len(tokens) - STEPS + 1))
    return np.resize(tokens[start : start + STEPS], (STEPS, tokens.shape[1]))


def fit(train, lessons, seed):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    cell = lambda r: (r["corpus"], r["label"])
    count = collections.Counter(map(cell, train))
    weight = np.array([float(r["weight"]) / count[cell(r)] ** 0.5 for r in train])
    weight /= weight.mean()
    mood = keras.utils.to_categorical([MOODS.index(r["label"]) for r in train], 4)
    net = network(next(iter(lessons.values())).shape[1])
    batches = len(train) // BATCH
    rate = keras.optimizers.schedules.CosineDecay(1e-3, EPOCHS * batches)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    net.compile(keras.optimizers.AdamW(rate, weight_decay=1e-2), loss)
    for _ in range(EPOCHS):
        for at in rng.permutation(len(train))[: batches * BATCH].reshape(batches, BATCH):
            tokens = np.stack([crop(lessons[train[i]["id"]], rng) for i in at])
            net.train_on_batch(tokens, mood[at], sample_weight=weight[at])
    return net


def show(name, rows, shares):
    truth = np.array([MOODS.index(r["label"]) for r in rows])
    said = shares.argmax(1)
    corpus = np.array([r["corpus"] for r in rows])
    for part in ["all", *sorted(set(corpus))]:
        at = (corpus == part) | (part == "all")
        t, s = truth[at], said[at]
        arousal = np.mean((t >= 2) == (s >= 2))
        valence = np.mean(np.isin(t, [1, 2]) == np.isin(s, [1, 2]))
        f1 = f1_score(t, s, average="macro")
        print(
            f"{name}, {part} ({at.sum()}): macro-F1 {f1:.3f}, accuracy {np.mean(t == s):.3f}, "
            f"arousal {arousal:.3f}, valence {valence:.3f}"
        )
    return confusion_matrix(truth, said)


def main():
    train, asked, lessons = load(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
    answers = []
    for seed in range(SEEDS):
        net = fit(train, lessons, seed)
        logits = [net(lessons[r["id"]][None], training=False).numpy()[0] for r in asked]
        answers.append(keras.ops.convert_to_numpy(keras.ops.softmax(np.array(logits))))
        show(f"seed {seed}", asked, answers[-1])
    print(show("mean", asked, np.mean(answers, axis=0)))


main()
