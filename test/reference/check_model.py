"""Reads a model file and the scores it gave with Python's own libraries; prints what they make of them as JSON.

    python test/reference/check_model.py model.safetensors scores.safetensors
"""

import json
import sys

from safetensors import safe_open
from safetensors.numpy import load_file
from sklearn.metrics import average_precision_score, roc_auc_score

model_path, scores_path = sys.argv[1:]
with safe_open(model_path, framework="numpy") as model:
    tensors = {name: list(model.get_tensor(name).shape) for name in model.keys()}
    golden = model.get_tensor("golden.scores").tolist()
scored = load_file(scores_path)
truth, scores = scored["truth"], scored["scores"]
print(
    json.dumps(
        {
            "tensors": tensors,
            "golden": golden,
            "auc": roc_auc_score(truth, scores),
            "ap": average_precision_score(truth, scores),
        }
    )
)
