"""Makes report.json beside it with scikit-learn 1.9.1 and statsmodels 0.14.6.

    pip install scikit-learn==1.9.1 statsmodels==0.14.6
    python trainer/tests/data/make_report_references.py

Nothing here comes from a real song.
"""

import json
from pathlib import Path

import numpy as np
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

HERE = Path(__file__).parent


def scores(rng, classes, seen):
    """Answers that are not always the likeliest class, over two to four classes."""
    n = 60
    truth = rng.choice(seen, n)
    logits = rng.normal(0, 1, (n, classes))
    logits[np.arange(n), truth] += 1.0
    # Coarse, so that thresholds tie.
    probs = np.round(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True) * 20 + 1)
    probs /= probs.sum(axis=1, keepdims=True)
    said = probs.argmax(axis=1)
    said[::9] = rng.choice(seen, len(said[::9]))
    table = metrics.classification_report(truth, said, output_dict=True, zero_division=0)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, said, labels=range(classes), zero_division=0)
    curves = []
    for number in range(classes):
        positive = truth == number
        if not positive.any():
            curves.append(None)
            continue
        p, r, t = metrics.precision_recall_curve(positive, probs[:, number])
        curves.append({
            "precision": p.tolist(), "recall": r.tolist(), "thresholds": t.tolist(),
            "average": metrics.average_precision_score(positive, probs[:, number]),
        })
    keys = ["precision", "recall", "f1-score", "support"]
    return {
        "classes": classes,
        "truth": truth.tolist(), "said": said.tolist(), "probs": probs.tolist(),
        "accuracy": metrics.accuracy_score(truth, said),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, said),
        "log_loss": metrics.log_loss(truth, probs, labels=range(classes)),
        "confusion": metrics.confusion_matrix(truth, said, labels=range(classes)).tolist(),
        "per_class": [list(row) for row in zip(
            precision.tolist(), recall.tolist(), f1.tolist(), support.tolist())],
        "macro": [table["macro avg"][key] for key in keys],
        "weighted": [table["weighted avg"][key] for key in keys],
        "curves": curves,
    }


def wilson():
    cases = [(0, 7), (7, 7), (1, 3), (166, 258), (493, 551)]
    return [[right, n, *map(float, proportion_confint(right, n, method="wilson"))]
            for right, n in cases]


def pairs():
    cases = [(0, 0), (3, 3), (1, 9), (12, 30), (700, 800), (0, 2000)]
    return [[b, c, float(mcnemar([[5, b], [c, 5]], exact=True).pvalue)] for b, c in cases]


if __name__ == "__main__":
    generator = np.random.default_rng(21)
    report = {
        "scores": [
            scores(generator, 2, [0, 1]),
            scores(generator, 3, [0, 1, 2]),
            scores(generator, 4, [0, 1, 3]),
        ],
        "wilson": wilson(),
        "mcnemar": pairs(),
    }
    (HERE / "report.json").write_text(json.dumps(report) + "\n")
