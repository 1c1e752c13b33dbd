"""Loads exported models in the real Keras and ONNX Runtime and compares their outputs with ours.

    mvn -q test -Dtest=ModelExportTest          # writes target/exports: models, inputs, our outputs
    VENV/bin/python tools/keras/check_exports.py target/exports

For NAME.keras, NAME.h5 and NAME.onnx: the largest absolute difference to NAME.y.npy for the inputs NAME.x.npy, as a table in Markdown.
Keras must also train the model for one step. onnx.checker must accept an .onnx file. Exit code 1 if
anything fails or a difference exceeds 2e-6 (or 2e-6 of the largest output if that is more than 1). The environment is that of
make_reference.py, with onnx==1.23.1 and onnxruntime==1.30.0.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# With oneDNN, TensorFlow 2.21 may crash when it trains convolutions of even size.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np

TOLERANCE = 2e-6


def keras_outputs(path, x):
    import keras

    keras.backend.clear_session()
    model = keras.saving.load_model(path)
    y = keras.ops.convert_to_numpy(model(x, training=False))
    before = [np.array(w) for w in model.get_weights()]
    model.compile(optimizer=keras.optimizers.SGD(1e-1), loss="mse", run_eagerly=True)
    model.train_on_batch(x, np.roll(y, 1) + np.arange(y.size).reshape(y.shape) % 3)
    moved = any((a != b).any() for a, b in zip(before, model.get_weights()))
    if before and not moved:
        raise ValueError("a step of training changes nothing")
    return y


def onnx_outputs(path, x):
    import onnx
    import onnxruntime

    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    given = session.get_inputs()[0]
    first = x.ndim > 2 and list(given.shape[1:]) != list(x.shape[1:])
    x = np.moveaxis(x, -1, 1) if first else x
    (y,) = session.run(None, {given.name: np.ascontiguousarray(x)})
    return np.moveaxis(y, 1, -1) if first and y.ndim > 2 else y


def main(folder):
    worst = {}
    failed = 0
    endings = {".keras": keras_outputs, ".h5": keras_outputs, ".onnx": onnx_outputs}
    names = sorted(f.name[: -len(".x.npy")] for f in folder.glob("*.x.npy"))
    for name in names:
        x = np.load(folder / (name + ".x.npy"))
        y = np.load(folder / (name + ".y.npy"))
        for ending, run in endings.items():
            path = folder / (name + ending)
            if not path.exists():
                continue
            try:
                found = run(str(path), x)
                if found.shape != y.shape and found.size != y.size:
                    raise ValueError("outputs %s, ours %s" % (found.shape, y.shape))
                difference = np.abs(found.reshape(y.shape) - y).max()
                limit = TOLERANCE * max(1, np.abs(y).max())
                worst[name, ending] = "%.1e" % difference + ("" if difference <= limit else " (!)")
                failed += not difference <= limit
            except Exception as e:
                worst[name, ending] = "failed: " + str(e).strip().replace("\n", " ")[:300]
                failed += 1
            print(name + ending, worst[name, ending], file=sys.stderr, flush=True)
    print("| model | largest output | " + " | ".join(endings) + " |\n|---|---:|---:|---:|---:|")
    for name in names:
        size = np.abs(np.load(folder / (name + ".y.npy"))).max()
        cells = [worst.get((name, ending), "") for ending in endings]
        print("| %s | %.3g | %s |" % (name, size, " | ".join(cells)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
