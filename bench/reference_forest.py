"""Isolation forest of scikit-learn on the rows that bench/forest.ts hands over: float64, row-major. Prints one JSON line.

    OMP_NUM_THREADS=1 python bench/reference_forest.py ROWS.f64 WIDTH
"""

import json
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import IsolationForest

rows = np.fromfile(sys.argv[1]).reshape(-1, int(sys.argv[2]))
fit, score = [], []
for _ in range(3):
    start = time.perf_counter()
    model = IsolationForest(n_estimators=100, max_samples=256, random_state=1, n_jobs=1).fit(rows)
    fit.append(time.perf_counter() - start)
    start = time.perf_counter()
    model.score_samples(rows)
    score.append(time.perf_counter() - start)
print(json.dumps({"peer": f"scikit-learn {sklearn.__version__}", "fitSeconds": min(fit), "scoreSeconds": min(score)}))
