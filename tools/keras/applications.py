"""Builds every architecture of keras.applications in the real Keras, runs our command line on its file, and prints how far the outputs are apart.

    VENV/bin/pip install keras==3.15.1 torch==2.13.0 h5py==3.14.0 numpy==2.4.6
    VENV/bin/python tools/keras/applications.py --work FOLDER               # all but NASNet, two hours; FOLDER outside of the repository
    KERAS_BACKEND=tensorflow VENV/bin/python tools/keras/applications.py --work FOLDER NASNetMobile NASNetLarge
    VENV/bin/python tools/keras/applications.py --work FOLDER VGG16 Xception
    VENV/bin/python tools/keras/applications.py --work FOLDER --table       # only prints the table of what was measured

Keras builds NASNet with TensorFlow alone (tensorflow 2.21.0).

Each network has the smallest input that Keras builds it for and ten classes without softmax. Its weights are random with a fixed seed. The
running averages of batch normalisation are those of 64 random images, then changed: means by up to 0.2 standard deviations, variances by
a factor of 0.5 to 1.5; those of a layer are measured behind the changed ones before it, or the changes would add up until the last layers
have outputs of 30,000. gamma is 0.5 to 1.5, beta and biases have a standard deviation of 0.2. So every layer has outputs of ordinary size and
no weight is a neutral one. A standard deviation is at least 0.3 of its mean: a channel that hardly varies would enlarge rounding errors in
each layer, until Keras itself is far from its double precision. Images are smooth random patterns in [0, 255). Keras
computes the outputs of four of them in double precision. Keras in single precision, and `./cnnlab predict` from scratch and with DL4J compute
the same; a difference is the largest of all outputs, divided by the largest output. Results are kept in
FOLDER/applications.json; models and outputs are removed unless --keep is given.

Deep networks with random weights enlarge rounding errors: in ResNet152V2, Keras' single precision is 2e-4 from its double precision. So a
difference is right if it is at most 1e-4 or at most four times that of Keras. Exit code 1 if a network is refused, or wrong from scratch.
"""

import argparse
import contextlib
import gc
import json
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np

ROOT = Path(__file__).parents[2]
CLASSES = 10
IMAGES = 4
CALIBRATION = 64
TENSORFLOW_ALONE = ("NASNetMobile", "NASNetLarge")
TOLERANCE = 1e-4
# The smallest sides of images that Keras accepts; 32 for the others. EfficientNetV2B3 accepts 32, too, where these weights enlarge rounding
# errors to 4e-2.
SMALLEST = {"Xception": 71, "InceptionV3": 75, "InceptionResNetV2": 75, "EfficientNetV2B3": 64}
NETWORKS = (
    "Xception VGG16 VGG19 ResNet50 ResNet50V2 ResNet101 ResNet101V2 ResNet152 ResNet152V2 InceptionV3 InceptionResNetV2 MobileNet MobileNetV2 "
    "MobileNetV3Small MobileNetV3Large DenseNet121 DenseNet169 DenseNet201 NASNetMobile NASNetLarge EfficientNetB0 EfficientNetB1 "
    "EfficientNetB2 EfficientNetB3 EfficientNetB4 EfficientNetB5 EfficientNetB6 EfficientNetB7 EfficientNetV2B0 EfficientNetV2B1 "
    "EfficientNetV2B2 EfficientNetV2B3 EfficientNetV2S EfficientNetV2M EfficientNetV2L ConvNeXtTiny ConvNeXtSmall ConvNeXtBase "
    "ConvNeXtLarge ConvNeXtXLarge"
).split()


def fill(model, images, random):
    """Random weights that no layer is neutral with, and running averages near those of the images."""
    keras.utils.set_random_seed(1)
    for layer in model._flatten_layers(recursive=True):
        for variable in [] if isinstance(layer, keras.Model) else layer.weights:
            value = np.asarray(keras.ops.convert_to_numpy(variable))
            name = variable.path.rsplit("/", 1)[-1]
            if name == "gamma" and not isinstance(layer, (keras.layers.BatchNormalization, keras.layers.LayerNormalization)):
                value = random.uniform(0.1, 0.5, value.shape)  # LayerScale of ConvNeXt
            elif name == "gamma":
                value = random.uniform(0.5, 1.5, value.shape)
            elif name in ("beta", "bias"):
                value = random.normal(0, 0.2, value.shape)
            elif name.endswith("kernel"):
                # He et al. 2015. Keras counts the channels of a depthwise convolution as inputs of each of its outputs.
                inputs = np.prod(value.shape[:2] if layer.__class__.__name__ == "DepthwiseConv2D" or name == "depthwise_kernel" else value.shape[:-1])
                value = random.normal(0, np.sqrt(2 / inputs), value.shape)
            variable.assign(value.astype("float32"))
    normalise = keras.layers.BatchNormalization.call

    def measured(layer, inputs, training=None, mask=None):
        """Sets the running averages from the inputs that the layer has in predictions: those after it see the changed ones."""
        x = keras.ops.convert_to_numpy(inputs).astype("float64")
        axes = tuple(axis for axis in range(x.ndim) if axis != layer.axis % x.ndim)
        mean = x.mean(axes)
        # With one value for each channel and image, as at the end of small images, the variance may be next to nothing.
        variance = np.maximum(x.var(axes), np.maximum(1e-4, (0.3 * mean) ** 2))
        layer.moving_mean.assign((mean + random.uniform(-0.2, 0.2, mean.shape) * np.sqrt(variance)).astype("float32"))
        layer.moving_variance.assign((variance * random.uniform(0.5, 1.5, variance.shape)).astype("float32"))
        return normalise(layer, inputs, training=False)

    keras.layers.BatchNormalization.call = measured
    model(images, training=False)
    keras.layers.BatchNormalization.call = normalise


def smooth(random, count, side):
    """Images [N, side, side, 3] in [0, 255) whose colours and patterns differ; pure noise would look the same to every deep layer."""
    coarse = random.uniform(0, 255, (count, 4, 4, 3)).astype("float32")
    fine = random.uniform(0, 255, (count, side, side, 3)).astype("float32")
    return 0.8 * keras.ops.convert_to_numpy(keras.ops.image.resize(coarse, (side, side))) + 0.2 * fine


def without_gradients():
    if keras.backend.backend() != "torch":
        return contextlib.nullcontext()
    import torch

    return torch.no_grad()


def create(name, floats):
    keras.backend.clear_session()
    keras.config.set_floatx(floats)
    side = SMALLEST.get(name, 32)
    return getattr(keras.applications, name)(
        weights=None, input_shape=(side, side, 3), classes=CLASSES, classifier_activation=None
    )


def build(name, folder):
    """Writes the model, four inputs and what Keras predicts in double precision; returns the side of the images and the number of parameters."""
    random = np.random.default_rng(NETWORKS.index(name))
    model = create(name, "float32")
    side = model.input_shape[1]
    x = smooth(random, IMAGES, side)
    np.save(folder / "x.npy", x)
    with without_gradients():
        fill(model, smooth(random, CALIBRATION, side), random)
        single = keras.ops.convert_to_numpy(model(x, training=False))
    model.save(folder / "model.keras")
    weights = model.get_weights()
    parameters = int(model.count_params())
    del model
    model = create(name, "float64")
    model.set_weights(weights)
    with without_gradients():
        y = keras.ops.convert_to_numpy(model(x.astype("float64"), training=False))
    np.save(folder / "y.npy", y)
    return {"side": side, "parameters": parameters, "keras": float(np.abs(single - y).max() / np.abs(y).max())}


def run(engine, folder, memory):
    """The largest difference to Keras relative to the largest output, or the error."""
    out = folder / (engine + ".npy")
    out.unlink(missing_ok=True)
    done = subprocess.run(
        [ROOT / "cnnlab", "predict", "-q", "--engine", engine, "--inputs", folder / "x.npy", "--out", out, folder / "model.keras"],
        capture_output=True,
        text=True,
        env={**os.environ, "JDK_JAVA_OPTIONS": "-Xmx" + memory},
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip() and "JDK_JAVA_OPTIONS" not in line]
        return {"error": lines[0].replace(str(folder) + "/", "") if lines else "exit code %d" % done.returncode}
    y = np.load(folder / "y.npy")
    return {"difference": float(np.abs(np.load(out) - y).max() / np.abs(y).max())}


def measure(name, folder, memory, keep):
    folder.mkdir(parents=True, exist_ok=True)
    built = folder / "built.json"
    if not built.exists():
        built.write_text(json.dumps(build(name, folder)))
        gc.collect()
    found = json.loads(built.read_text())
    for engine in ("scratch", "dl4j"):
        found[engine] = run(engine, folder, memory)
    if not keep:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    return found


def cell(found):
    return "%.1e" % found["difference"] if "difference" in found else found["error"]


def table(results):
    lines = ["| network | input | parameters | Keras | from scratch | DL4J |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    for name in NETWORKS:
        if name in results:
            r = results[name]
            lines.append(
                "| %s | %d×%d×3 | %s | %.1e | %s | %s |"
                % (name, r["side"], r["side"], format(r["parameters"], ","), r["keras"], cell(r["scratch"]), cell(r["dl4j"]))
            )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("networks", nargs="*", help="all by default")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--memory", default="8g", help="Java's -Xmx")
    parser.add_argument("--keep", action="store_true", help="keep models and outputs")
    parser.add_argument("--table", action="store_true", help="measure nothing")
    arguments = parser.parse_args()
    folder = arguments.work.resolve()
    if ROOT in folder.parents:
        sys.exit("%s is in the repository; models have up to 1.4 GB" % folder)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "applications.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    possible = [n for n in NETWORKS if keras.backend.backend() != "torch" or n not in TENSORFLOW_ALONE]
    for name in [] if arguments.table else arguments.networks or possible:
        results[name] = measure(name, folder / name, arguments.memory, arguments.keep)
        file.write_text(json.dumps(results, indent=1))
        print("%-18s %s" % (name, results[name]), flush=True)
    print(table(results))
    wrong = [n for n, r in results.items() if not r["scratch"].get("difference", 1) <= max(TOLERANCE, 4 * r["keras"])]
    if wrong:
        sys.exit("refused or too far from Keras: " + ", ".join(wrong))


if __name__ == "__main__":
    main()
