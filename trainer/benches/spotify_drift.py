"""How far our 13 track features lie from Spotify's, and what that costs.

    python trainer/benches/spotify_drift.py SPOTIFY OURS

SPOTIFY is a table of Spotify's features with moods, OURS one of `trainer table`. No song
is in both, so that only distributions can be compared: mean and standard deviation of
each feature, and how far apart the cumulative distributions are (Kolmogorov-Smirnov, 0 to
1). Then a forest and a logistic regression are fitted on SPOTIFY and asked about OURS: as
they are, and with each table brought to mean 0 and standard deviation 1 by itself, which
takes every shift of a scale away (and every true difference of the music with it).
Needs pandas, scikit-learn and scipy.
"""

import sys

import pandas as pd
from scipy.stats import ks_2samp
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NAMES = [
    "danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness",
    "instrumentalness", "liveness", "valence", "tempo", "time_signature",
]  # fmt: skip
LABELS = ["mood", "mood_string", "label", "class"]


def read(path: str) -> tuple[pd.DataFrame, pd.Series]:
    table = pd.read_csv(path)
    moods = {"sad", "calm", "happy", "energetic"}
    label = next(
        name for name in LABELS
        if name in table and set(table[name].astype(str).str.lower()) <= moods
    )  # fmt: skip
    table = table.dropna(subset=NAMES)
    return table[NAMES], table[label].str.lower()


def main() -> None:
    (spotify, their_moods), (ours, our_moods) = map(read, sys.argv[1:3])
    print(f"{len(spotify)} songs of Spotify, {len(ours)} of ours\n")
    print("| feature | Spotify, mean (sd) | ours, mean (sd) | Kolmogorov-Smirnov |")
    print("|---|---|---|---|")
    for name in NAMES:
        a, b = spotify[name], ours[name]
        distance = ks_2samp(a, b).statistic
        print(f"| {name} | {a.mean():.3f} ({a.std():.3f}) | {b.mean():.3f} ({b.std():.3f}) | {distance:.2f} |")
    print("\n| fitted on Spotify, asked about ours | as they are | each table standardised |")
    print("|---|---|---|")
    for title, learner in [
        ("logistic regression", LogisticRegression(max_iter=2000)),
        ("forest", RandomForestClassifier(300, min_samples_leaf=2, random_state=1)),
    ]:
        plain = make_pipeline(StandardScaler(), learner).fit(spotify, their_moods)
        scores = [f1_score(our_moods, plain.predict(ours), average="macro")]
        learner.fit(StandardScaler().fit_transform(spotify), their_moods)
        said = learner.predict(StandardScaler().fit_transform(ours))
        scores.append(f1_score(our_moods, said, average="macro"))
        print(f"| {title} | {scores[0]:.3f} | {scores[1]:.3f} |")


if __name__ == "__main__":
    main()
