"""The classic systems of the study in scikit-learn 1.9.1 and imbalanced-learn 0.14.

    pip install scikit-learn==1.9.1 imbalanced-learn==0.14.2 pandas
    python trainer/tests/data/sklearn_study.py TABLE.csv --folds FOLDS.csv \
        --label mood --columns danceability,energy,… [--task binary] [--jobs 2]

Same grids, same outer folds, same inner folds in number and kind, same scoring as
`trainer/src/study/classic`. Prints one JSON object: per system accuracy, macro-F1 and
seconds (wall), and the processor's seconds of everything.
"""

import argparse
import json
import os
import resource
import time
import warnings

# One thread a process: the processes are what `--jobs` counts.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["PYTHONWARNINGS"] = "ignore"
warnings.filterwarnings("ignore")

import numpy as np
import pandas as pd
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier, StackingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

SEED = 0
INNER_FOLDS = 5
MOODS = ["sad", "calm", "happy", "energetic"]
CLASS_OF = {"moods": [0, 1, 2, 3], "three-class": [0, 1, 2, 2], "binary": [0, 0, 1, 1]}


def grid(kind, n_inputs):
    """The numbers of `trainer/src/study/classic/grid.rs`."""
    if kind == "SVM":
        return {"C": [0.1, 1, 10, 100], "gamma": [w / n_inputs for w in (0.1, 0.3, 1, 3)]}
    if kind == "decision tree":
        return {"max_depth": [4, 6, 8, 12, None], "min_samples_leaf": [1, 2, 5, 10, 20]}
    return {"n_estimators": [100, 300], "max_depth": [8, 12, None],
            "min_samples_leaf": [1, 2, 4]}


def learner(kind, n_inputs):
    if kind == "SVM":
        return SVC(C=1, gamma=1 / n_inputs, random_state=SEED)
    if kind == "decision tree":
        return DecisionTreeClassifier(random_state=SEED)
    return RandomForestClassifier(random_state=SEED)


def pipeline(model, oversample):
    steps = [("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())]
    if oversample:
        steps.append(("smote", SMOTE(random_state=SEED)))
    return Pipeline(steps + [("model", model)])


def final(kind, parameters, oversample, n_inputs, jobs):
    """A base learner that gives probabilities too."""
    model = learner(kind, n_inputs).set_params(**parameters)
    if kind == "SVM":
        model.set_params(probability=True)
    if kind == "random forest":
        model.set_params(n_jobs=jobs)
    return pipeline(model, oversample)


def run_fold(x, y, test, jobs):
    """Yields name, answers and seconds of every system, and what it chose."""
    n_inputs = x.shape[1]
    inner = StratifiedKFold(INNER_FOLDS, shuffle=True, random_state=SEED)
    chosen = {}

    def fit(name, make):
        start = time.perf_counter()
        model, said = make()
        model.fit(x[~test], y[~test])
        answers = model.predict(x[test])
        model.predict_proba(x[test])
        return name, answers, time.perf_counter() - start, said

    yield fit("majority", lambda: (DummyClassifier(strategy="prior"), ""))
    yield fit("logistic regression",
              lambda: (pipeline(LogisticRegression(max_iter=1000), False), ""))
    kinds = ("SVM", "decision tree", "random forest")
    for kind in kinds:
        for variant in ("first", "SMOTE", "grid", "grid, SMOTE"):
            oversample = "SMOTE" in variant

            def make():
                parameters = {}
                if "grid" in variant:
                    search = GridSearchCV(
                        pipeline(learner(kind, n_inputs), oversample),
                        {f"model__{k}": v for k, v in grid(kind, n_inputs).items()},
                        scoring="f1_macro", cv=inner, n_jobs=jobs, refit=False)
                    search.fit(x[~test], y[~test])
                    parameters = {k.split("__")[1]: v for k, v in search.best_params_.items()}
                    chosen[kind, oversample] = parameters
                return final(kind, parameters, oversample, n_inputs, jobs), str(parameters)

            yield fit(f"{kind} ({variant})", make)
    for name, oversample in (("stack", False), ("stack (SMOTE)", True)):
        def make():
            # The forest's own threads off: the folds and learners run side by side.
            base = [(kind, final(kind, chosen[kind, oversample], oversample, n_inputs, 1))
                    for kind in kinds]
            return StackingClassifier(base, LogisticRegression(max_iter=1000), cv=inner,
                                      n_jobs=jobs), ""
        yield fit(name, make)


def labels(table, column, task):
    moods = table[column].str.lower().map(MOODS.index).to_numpy()
    return np.array(CLASS_OF[task])[moods]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("table")
    parser.add_argument("--folds", help="CSV with a column `fold`, one line a song")
    parser.add_argument("--asked", help="another table: fit on all of TABLE, ask this one")
    parser.add_argument("--label", default="mood")
    parser.add_argument("--asked-label", default="mood")
    parser.add_argument("--columns", required=True, type=lambda text: text.split(","))
    parser.add_argument("--task", default="moods", choices=CLASS_OF)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    table = pd.read_csv(options.table)
    x, y = table[options.columns].to_numpy(float), labels(table, options.label, options.task)
    if options.asked:
        asked = pd.read_csv(options.asked)
        x = np.vstack([x, asked[options.columns].to_numpy(float)])
        y = np.concatenate([y, labels(asked, options.asked_label, options.task)])
        rounds = [np.arange(len(y)) >= len(table)]
    else:
        fold = pd.read_csv(options.folds)["fold"].to_numpy()
        rounds = [fold == f for f in range(fold.max() + 1)]
    systems = {}
    for test in rounds:
        for name, answers, seconds, said in run_fold(x, y, test, options.jobs):
            system = systems.setdefault(name, {"truth": [], "answers": [], "seconds": 0, "chosen": []})
            system["truth"].extend(y[test])
            system["answers"].extend(answers)
            system["seconds"] += seconds
            system["chosen"].append(said)
    # The workers' time is known once they have ended.
    from joblib.externals.loky import get_reusable_executor
    get_reusable_executor().shutdown(wait=True)
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({
        "cpu_seconds": sum(u.ru_utime + u.ru_stime for u in usage),
        "systems": {name: {
            "accuracy": accuracy_score(s["truth"], s["answers"]),
            "macro_f1": f1_score(s["truth"], s["answers"], average="macro"),
            "seconds": s["seconds"],
            "chosen": s["chosen"],
        } for name, s in systems.items()},
    }, indent=1))


if __name__ == "__main__":
    main()
