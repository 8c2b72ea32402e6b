"""Makes onnx_outputs.json beside it: what onnxruntime 1.32 answers for the study's networks.

    pip install onnxruntime==1.32.0 numpy
    UNDERTONE_ONNX=/tmp/onnx cargo test --release -p trainer files_for_onnxruntime -- --ignored
    python trainer/tests/data/make_onnx_references.py /tmp/onnx

The test writes NAME.onnx and NAME.npy; the weights are seeded, the inputs computed.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

HERE = Path(__file__).parent


def answer(model):
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    [output] = session.run(["probabilities"], {"input": np.load(model.with_suffix(".npy"))})
    return [round(float(value), 8) for value in output.ravel()]


if __name__ == "__main__":
    models = sorted(Path(sys.argv[1]).glob("*.onnx"))
    if not models:
        sys.exit(f"{sys.argv[1]}: no .onnx file; run the test first")
    data = {
        "onnxruntime": onnxruntime.__version__,
        "outputs": {model.stem: answer(model) for model in models},
    }
    (HERE / "onnx_outputs.json").write_text(json.dumps(data, indent=1) + "\n")
