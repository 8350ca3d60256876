"""Reference figures for test/detectors and test/models, from scikit-learn and PyOD.

    python -m venv venv && venv/bin/pip install scikit-learn==1.9.1 pyod==3.6.7 pyarrow
    venv/bin/python test/reference/detectors.py
"""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from pyod.models.ecod import ECOD
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score

TEST = Path(__file__).parent.parent
TABLES = ["4_breastw", "15_Hepatitis", "38_thyroid"]


def load(name):
    table = pq.read_table(TEST / "detectors" / "fixtures" / f"{name}.parquet")
    features = [column for column in table.column_names if column != "label"]
    return np.column_stack([table[column].to_numpy().astype(float) for column in features]), table["label"].to_numpy().astype(int)


def figures(name):
    x, y = load(name)
    ecod = ECOD()
    ecod.fit(x)
    aucs = [roc_auc_score(y, -IsolationForest(random_state=seed).fit(x).score_samples(x)) for seed in range(30)]
    return {
        "ecod": {
            "scores": ecod.decision_scores_[:100].tolist(),
            "auc": roc_auc_score(y, ecod.decision_scores_),
            "ap": average_precision_score(y, ecod.decision_scores_),
        },
        "isolationForest": {"seeds": 30, "aucMean": np.mean(aucs), "aucStd": np.std(aucs, ddof=1)},
    }


def forest(name, tree_count, psi):
    """A forest that scikit-learn grew, in the layout of isolation-tree.ts, and its scores."""
    x, _ = load(name)
    model = IsolationForest(n_estimators=tree_count, max_samples=psi, random_state=7).fit(x)
    height = int(np.ceil(np.log2(psi)))
    features = np.full((tree_count, 2**height), -1)
    thresholds = np.zeros((tree_count, 2**height))
    rows = np.zeros((tree_count, 2 ** (height + 1)), dtype=int)
    for t, estimator in enumerate(model.estimators_):
        tree = estimator.tree_
        todo = [(0, 1)]
        while todo:
            node, slot = todo.pop()
            rows[t, slot] = tree.n_node_samples[node]
            if tree.children_left[node] < 0:
                continue
            features[t, slot] = tree.feature[node]
            # scikit-learn goes left at x <= threshold, the paper at x < threshold.
            thresholds[t, slot] = np.nextafter(tree.threshold[node], np.inf)
            todo += [(tree.children_left[node], 2 * slot), (tree.children_right[node], 2 * slot + 1)]
    return {
        "table": name,
        "nEstimators": tree_count,
        "maxSamples": psi,
        "features": features.ravel().tolist(),
        "thresholds": thresholds.ravel().tolist(),
        "rows": rows.ravel().tolist(),
        "scores": (-model.score_samples(x))[:200].tolist(),
    }


def ranking(seed, n, levels):
    random = np.random.default_rng(seed)
    truth = (random.random(n) < 0.15).astype(int)
    scores = np.floor((random.random(n) + truth * random.random(n)) * levels) / levels
    return {
        "scores": scores.tolist(),
        "truth": truth.tolist(),
        "auc": roc_auc_score(truth, scores),
        "ap": average_precision_score(truth, scores),
    }


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value) + "\n")


write(TEST / "detectors" / "fixtures" / "reference.json", {name: figures(name) for name in TABLES})
write(TEST / "detectors" / "fixtures" / "sklearn-forest.json", forest("4_breastw", 12, 64))
write(TEST / "models" / "fixtures" / "ranking.json", [ranking(1, 200, 1e9), ranking(2, 300, 10), ranking(3, 50, 3)])
