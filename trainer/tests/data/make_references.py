"""Makes the reference figures beside it with scikit-learn 1.9.1, librosa 0.11 and numpy.

    pip install scikit-learn==1.9.1 librosa==0.11.0
    python trainer/tests/data/make_references.py

Rows lie on the grid of 1/64, so that support vectors and thresholds are exact in the
ensemble's file. The signals of the vectors are those beside tests/data/make_references.py.
"""

import json
import warnings
from pathlib import Path

import librosa
import numpy as np
from sklearn import metrics
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore")
HERE = Path(__file__).parent
LIBRARY = HERE.parents[2] / "tests" / "data" / "ensemble"
MOODS = 4


def table(rng, n, n_features, spread):
    centres = rng.normal(0, 1, (MOODS, n_features))
    y = rng.choice(MOODS, n, p=[0.4, 0.15, 0.25, 0.2])
    x = centres[y] + rng.normal(0, spread, (n, n_features))
    return np.round(x * 64) / 64, y


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data) + "\n")


def svc(rng):
    x, y = table(rng, 120, 5, 1.1)
    probe = np.round(rng.normal(0, 1.5, (25, 5)) * 64) / 64
    weight = np.where(np.arange(len(y)) % 3 == 0, 0.5, 1.0)
    # A smaller tolerance than the default, so that both solvers stand near the optimum.
    plain = SVC(C=3.0, gamma=0.2, tol=1e-6, decision_function_shape="ovo").fit(x, y)
    weighted = SVC(C=3.0, gamma=0.2, tol=1e-6, decision_function_shape="ovo")
    weighted.fit(x, y, sample_weight=weight)
    write(HERE / "svc.json", {
        "c": 3.0, "gamma": 0.2, "x": x.tolist(), "y": y.tolist(), "weight": weight.tolist(),
        "probe": probe.tolist(),
        "decision": plain.decision_function(probe).tolist(),
        "weighted_decision": weighted.decision_function(probe).tolist(),
    })
    # A complete machine with its sigmoids, for the side that only predicts.
    fitted = SVC(C=3.0, gamma=0.2, probability=True, random_state=0,
                 decision_function_shape="ovo").fit(x, y)
    write(LIBRARY / "svc.json", {
        "gamma": 0.2,
        "n_support": fitted.n_support_.tolist(),
        "support_vectors": (fitted.support_vectors_ * 64).astype(int).ravel().tolist(),
        "dual_coef": fitted.dual_coef_.T.astype(np.float32).tolist(),
        "intercept": fitted.intercept_.tolist(),
        "prob_a": fitted.probA_.tolist(),
        "prob_b": fitted.probB_.tolist(),
        "probe": probe.tolist(),
        "decision": fitted.decision_function(probe).tolist(),
        "predict_proba": fitted.predict_proba(probe).tolist(),
    })


def sigmoid(rng):
    """Platt's sigmoid; scikit-learn's own fit of it (same targets, L-BFGS)."""
    from sklearn.calibration import _sigmoid_calibration
    decision = rng.normal(0, 1.5, 80)
    positive = rng.random(80) < 1 / (1 + np.exp(-1.3 * decision + 0.4))
    a, b = _sigmoid_calibration(decision, positive)
    write(HERE / "sigmoid.json", {
        "decision": decision.tolist(), "positive": positive.tolist(), "a": a, "b": b,
    })


def logistic(rng):
    x, y = table(rng, 150, 6, 1.2)
    weight = np.where(np.arange(len(y)) % 4 == 0, 0.25, 1.0)
    model = LogisticRegression(C=1.0, tol=1e-10, max_iter=10000).fit(x, y)
    weighted = LogisticRegression(C=1.0, tol=1e-10, max_iter=10000)
    weighted.fit(x, y, sample_weight=weight)
    scaler = StandardScaler().fit(x * 3 + 7)
    write(HERE / "logistic.json", {
        "x": x.tolist(), "y": y.tolist(), "weight": weight.tolist(),
        "coef": model.coef_.tolist(), "predict_proba": model.predict_proba(x[:10]).tolist(),
        "weighted_proba": weighted.predict_proba(x[:10]).tolist(),
        "mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist(),
    })


def scores(rng):
    cases = []
    for n, moods in [(200, [0, 1, 2, 3]), (40, [0, 1, 3])]:
        truth = rng.choice(moods, n)
        logits = rng.normal(0, 1, (n, MOODS))
        logits[np.arange(n), truth] += 1.2
        if len(moods) < MOODS:
            logits[:, 2] -= 100
        probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        said = probs.argmax(axis=1)
        top = probs.max(axis=1)
        precision, recall, f1, support = metrics.precision_recall_fscore_support(
            truth, said, labels=range(MOODS), zero_division=0)
        bins = np.clip(np.ceil(top * 15).astype(int), 1, 15)
        ece = sum(abs(top[bins == b].sum() - (said == truth)[bins == b].sum())
                  for b in range(1, 16)) / n
        cases.append({
            "truth": truth.tolist(), "probs": probs.tolist(),
            "macro_f1": metrics.f1_score(truth, said, average="macro", zero_division=0),
            "accuracy": metrics.accuracy_score(truth, said),
            "balanced_accuracy": metrics.balanced_accuracy_score(truth, said),
            "log_loss": metrics.log_loss(truth, probs, labels=range(MOODS)),
            "calibration_error": ece,
            "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(),
            "support": support.tolist(),
            "confusion": metrics.confusion_matrix(truth, said, labels=range(MOODS)).tolist(),
        })
    write(HERE / "scores.json", cases)


def vectors():
    """Spectral vectors; the 16 kHz signals are taken as if they were at 22,050 Hz."""
    rate, size = 22_050, {"n_fft": 2048, "hop_length": 512}

    def signal(name):
        return (np.load(LIBRARY.parent / f"{name}_signal.npy") / 32768).astype(np.float32)

    def mel_db(y):
        mel = librosa.feature.melspectrogram(y=y, sr=rate, n_mels=128, **size)
        return librosa.power_to_db(mel, ref=np.max)

    def save(name, values):
        np.save(HERE / f"vector_{name}.npy", values.astype(np.float32))

    real = signal("mel_real")
    save("mel_real", mel_db(real))
    save("mel_synthetic", mel_db(signal("mel_synthetic")))
    save("mfcc", librosa.feature.mfcc(y=real, sr=rate, **size))
    save("chroma", librosa.feature.chroma_stft(y=real, sr=rate, tuning=0, **size))
    linear = np.abs(librosa.stft(real, n_fft=256, hop_length=512))
    save("linear", librosa.amplitude_to_db(linear, ref=np.max))
    cqt = np.abs(librosa.cqt(real, sr=rate, hop_length=512))
    save("cqt", librosa.amplitude_to_db(cqt, ref=np.max))
    resampled = librosa.resample(signal("resample_44100"), orig_sr=44_100, target_sr=rate)
    save("resampled", mel_db(librosa.util.fix_length(resampled, size=3 * rate)))


def classes(rng):
    """Learners over two, three and four classes; the tree knows weights, also of 0."""
    cases = []
    for n_classes in (2, 3, 4):
        x, y = table(rng, 160, 5, 1.3)
        y = np.minimum(y, n_classes - 1)
        probe = np.round(rng.normal(0, 1.5, (60, 5)) * 64) / 64
        weight = rng.choice([0.0, 0.5, 1.0, 2.0], len(y))
        svm = SVC(C=3.0, gamma=0.2, tol=1e-6).fit(x, y)
        logistic = LogisticRegression(C=1.0, tol=1e-10, max_iter=10000).fit(x, y)
        tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=5, random_state=0)
        tree.fit(x, y, sample_weight=weight)
        cases.append({
            "x": x.tolist(), "y": y.tolist(), "weight": weight.tolist(), "c": 3.0,
            "gamma": 0.2, "max_depth": 4, "min_samples_leaf": 5, "probe": probe.tolist(),
            "votes": svm.predict(probe).tolist(),
            "logistic_proba": logistic.predict_proba(probe).tolist(),
            "tree_proba": tree.predict_proba(probe).tolist(),
        })
    write(HERE / "classes.json", cases)


def kernel_ridge():
    """Kernel ridge regression of log-odds over standardised rows of the grid, as
    src/regressor/kernel_ridge.rs; scores reach past the margin of 0.02."""
    rng = np.random.default_rng(21)
    alpha, width, n_features = 0.1, 0.25, 6
    scale = np.array([30.0, 1.0, 1e-3, 5.0, 0.2, 700.0])
    x = rng.normal(0, 1, (50, n_features)) * scale + 3 * scale
    probe = rng.normal(0, 1.5, (20, n_features)) * scale + 3 * scale
    hidden = np.column_stack([np.sin(x[:, 0] / 30), x[:, 1] - 3]) + rng.normal(0, 0.2, (50, 2))
    scores = np.clip(1 / (1 + np.exp(-3 * hidden)), 0, 1)
    log_odds = np.clip(scores, 0.02, 0.98)
    log_odds = np.log(log_odds / (1 - log_odds))
    scaler = StandardScaler().fit(x)
    rows = np.round(scaler.transform(x) * 64)
    model = KernelRidge(kernel="rbf", alpha=alpha, gamma=width / n_features)
    model.fit(rows / 64, log_odds - log_odds.mean(axis=0))
    said = model.predict(scaler.transform(probe)) + log_odds.mean(axis=0)
    write(LIBRARY.parent / "regressor" / "kernel_ridge.json", {
        "alpha": alpha, "width": width, "x": x.tolist(), "scores": scores.T.tolist(),
        "mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist(),
        "gamma": width / n_features, "rows": rows.astype(int).ravel().tolist(),
        "intercept": log_odds.mean(axis=0).tolist(), "dual_coef": model.dual_coef_.T.tolist(),
        "probe": probe.tolist(), "predict": (1 / (1 + np.exp(-said))).tolist(),
    })


def agreement():
    """R², Spearman's correlation and mean error, with ties."""
    from scipy.stats import spearmanr
    rng = np.random.default_rng(22)
    scores = np.round(rng.random(40), 1)
    estimates = np.round(np.clip(scores + rng.normal(0, 0.2, 40), 0, 1), 2)
    write(HERE / "agreement.json", {
        "scores": scores.tolist(), "estimates": estimates.tolist(),
        "r2": metrics.r2_score(scores, estimates),
        "spearman": spearmanr(scores, estimates).statistic,
        "mae": metrics.mean_absolute_error(scores, estimates),
    })


if __name__ == "__main__":
    kernel_ridge()
    agreement()
    vectors()
    generator = np.random.default_rng(20)
    for part in (svc, sigmoid, logistic, scores, classes):
        part(generator)
