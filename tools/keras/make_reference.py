"""Makes the Keras files that the tests of cnnlab.keras read, and records what Keras itself computes with them.

    python3.11 -m venv VENV
    VENV/bin/pip install keras==3.15.1 tensorflow_cpu==2.21.0 h5py==3.14.0 numpy==2.4.6
    VENV/bin/python tools/keras/make_reference.py                   # all of src/test/resources/keras, about two minutes
    VENV/bin/python tools/keras/make_reference.py nested noise      # these models only
    VENV/bin/python tools/keras/make_reference.py --check           # writes nothing; fails if Keras now computes something else
    VENV/bin/python tools/keras/make_reference.py --predict task1 --out y.npy   # Keras' outputs for the 10,000 MNIST test images

Each model of models.py is written as NAME.keras, NAME.h5 or both. NAME.reference.h5 holds eight inputs, the outputs of every layer and
those of the model. All weights are random with a fixed seed, except those of task1, which is trained on datasets/mnist (10 epochs,
seed 1) if task1.keras does not exist yet.

Archives are repacked with compression and without the date, so that they are small and reproducible; task1.keras is left as Keras wrote
it. NAME.keras2.h5 is NAME.h5 with names and configuration as Keras 2 wrote them; Keras' own reader for such files confirms it.
"""

import argparse
import gzip
import json
import os
import sys
import zipfile
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import h5py
import keras
import numpy as np
import tensorflow as tf

from keras_2_form import to_keras_2
from models import MODELS, fill

VERSIONS = {"keras": (keras, "3.15.1"), "tensorflow": (tf, "2.21.0"), "h5py": (h5py, "3.14.0"), "numpy": (np, "2.4.6")}
ROOT = Path(__file__).parents[2]
TARGET = ROOT / "src/test/resources/keras"
MNIST = ROOT / "datasets/mnist"
INPUTS = 8
AS_KERAS_2 = ("task1", "merging", "residual", "nested_sequential")
# Another processor may add float32 sums in another order.
TOLERANCE = 1e-5


def mnist(part):
    """Images [N, 28, 28, 1] in [-1, 1] and labels [N]."""
    with gzip.open(MNIST / (part + "-images-idx3-ubyte.gz")) as f:
        pixels = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 28, 28, 1)
    with gzip.open(MNIST / (part + "-labels-idx1-ubyte.gz")) as f:
        labels = np.frombuffer(f.read(), np.uint8, offset=8)
    return 2 * pixels.astype("float32") / np.float32(255) - 1, labels.astype("int32")


def train(model):
    """Ten epochs of 54,000 images in batches of 128, as in Task 1."""
    x, y = mnist("train")
    order = np.random.default_rng(1).permutation(len(x))
    for epoch in range(10):
        chosen = np.random.default_rng(epoch).permutation(order[:54000])
        for at in range(0, len(chosen), 128):
            batch = np.sort(chosen[at : at + 128])
            values = model.train_on_batch(x[batch], y[batch])
        print("task1, epoch %d: loss %.4f, accuracy %.4f" % (epoch + 1, *values))


def create(name):
    build, _, trained = MODELS[name]
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    if trained and (TARGET / (name + ".keras")).exists():
        return keras.saving.load_model(TARGET / (name + ".keras"))
    model = build()
    if trained:
        train(model)
    else:
        fill(model, seed=list(MODELS).index(name))
    return model


def inputs(name, model):
    if MODELS[name][2]:
        return mnist("t10k")[0][:INPUTS]
    shape = (INPUTS,) + model.input_shape[1:]
    pixels = np.random.default_rng(len(name)).integers(0, 256, shape)
    return pixels.astype("float32") / np.float32(1 if name == "digits_without_channels" else 255)


def model_has(model, node):
    return any(node is other for nodes in model._nodes_by_depth.values() for other in nodes)


def activations(model, x, prefix=""):
    """Every layer's output in computing order; layers of nested models have the full path as name: {'block.conv': [N, H, W, C]}. What a
    layer computes when it is called again has its name with a number: 'conv@2'."""
    found = {}

    def run(layer, *values, name=None, **keywords):
        name = prefix + (name or layer.name)
        if isinstance(layer, keras.Model):
            found.update(activations(layer, values[0], name + "."))
            return layer(values[0], training=False)
        if getattr(layer, "_call_has_training_arg", False):
            keywords["training"] = False
        out = layer(*values, **keywords)
        found[name] = np.asarray(out)
        return out

    if isinstance(model, keras.Sequential):
        for layer in model.layers:
            x = run(layer, x)
        return found
    values = {id(model.inputs[0]): x}
    for depth in sorted(model._nodes_by_depth, reverse=True):
        for node in model._nodes_by_depth[depth]:
            if not node.is_input:
                arguments, keywords = node.arguments.fill_in({k: v for k, v in values.items()})
                own = [n for n in node.operation._inbound_nodes if model_has(model, n)]
                number = own.index(node)
                name = node.operation.name + ("@%d" % (number + 1) if number else "")
                keywords = {k: v for k, v in keywords.items() if v is not None and k != "training"}
                values[id(node.output_tensors[0])] = run(node.operation, *arguments, name=name, **keywords)
    return found


def reference(name, model):
    x = inputs(name, model)
    found = {"inputs": x, "outputs": model.predict(x, batch_size=INPUTS, verbose=0)}
    # What predict does with layers called with training=True is Keras' own choice; see models.py.
    if np.abs(found["outputs"] - np.asarray(model(x, training=False))).max() > TOLERANCE:
        sys.exit("%s: predict gives other outputs than the model called with training=False" % name)
    found.update(("layers/" + k, v) for k, v in activations(model, x).items())
    return found


def repack(path):
    with zipfile.ZipFile(path) as archive:
        entries = {i.filename: archive.read(i) for i in archive.infolist()}
    metadata = json.loads(entries["metadata.json"])
    metadata["date_saved"] = "2026-01-01@00:00:00"
    entries["metadata.json"] = json.dumps(metadata).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for entry, data in entries.items():
            archive.writestr(zipfile.ZipInfo(entry, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def write(name):
    model = create(name)
    found = reference(name, model)
    for kind in MODELS[name][1]:
        path = TARGET / (name + "." + kind)
        if not (MODELS[name][2] and kind == "keras" and path.exists()):
            model.save(path)
            if kind == "keras" and not MODELS[name][2]:
                repack(path)
        same(name, found, reference(name, keras.saving.load_model(path)))
    if name in AS_KERAS_2:
        path = TARGET / (name + ".keras2.h5")
        to_keras_2(TARGET / (name + ".h5"), path)
        same(name, found, reference(name, keras.saving.load_model(path)))
    with h5py.File(TARGET / (name + ".reference.h5"), "w", libver="latest") as f:
        for key, value in found.items():
            f.create_dataset(key, data=value, compression="gzip", compression_opts=9, shuffle=True)


def check(name):
    with h5py.File(TARGET / (name + ".reference.h5")) as f:
        old = {"inputs": f["inputs"][()], "outputs": f["outputs"][()]}
        old.update(("layers/" + k, v[()]) for k, v in f["layers"].items())
    files = [name + "." + kind for kind in MODELS[name][1]] + ([name + ".keras2.h5"] if name in AS_KERAS_2 else [])
    for file in files:
        same(file, old, reference(name, keras.saving.load_model(TARGET / file)))


def same(name, old, new):
    if old.keys() != new.keys():
        sys.exit("%s: layers %s" % (name, sorted(old.keys() ^ new.keys())))
    for key in old:
        largest = np.abs(old[key]).max()
        if np.abs(old[key] - new[key]).max() > TOLERANCE * max(largest, 1):
            sys.exit("%s: %s has changed" % (name, key))


def predict(name, out):
    model = keras.saving.load_model(TARGET / (name + ".keras"))
    x, y = mnist("t10k")
    probabilities = np.concatenate([np.asarray(model(x[i : i + 1000], training=False)) for i in range(0, len(x), 1000)])
    np.save(out, probabilities.astype("<f4"))
    loss = -np.mean(np.log(probabilities[np.arange(len(y)), y].astype("float64")))
    print("Keras on the MNIST test images: loss %.9f, accuracy %.4f" % (loss, np.mean(probabilities.argmax(1) == y)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", nargs="*", help="all by default")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--predict", metavar="MODEL")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    for library, (module, wanted) in VERSIONS.items():
        if module.__version__ != wanted:
            sys.exit("%s %s found, %s wanted" % (library, module.__version__, wanted))
    if arguments.predict:
        predict(arguments.predict, arguments.out)
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in arguments.models or MODELS:
        (check if arguments.check else write)(name)
        print(name)


if __name__ == "__main__":
    main()
