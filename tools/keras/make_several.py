"""Makes Keras models with several inputs and outputs for the tests, and records what Keras computes with them.

    VENV/bin/python tools/keras/make_several.py        # src/test/resources/several, half a minute

See make_reference.py for VENV. NAME.inputs.npz and NAME.outputs.npz hold five examples, by the names of the inputs and outputs.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
from keras import layers as L

from make_reference import repack
from models import fill

TARGET = Path(__file__).parents[2] / "src/test/resources/several"
EXAMPLES = 5
MODELS = {}


def model(*endings):
    def register(build):
        MODELS[build.__name__] = (build, endings)
        return build

    return register


@model("keras", "h5")
def siamese():
    """Two images through the same layers and the same nested model."""
    a, b = keras.Input((8, 7, 2), name="left"), keras.Input((8, 7, 2), name="right")
    conv = L.Conv2D(4, 3, activation="relu", name="conv")
    tower = keras.Sequential(
        [keras.Input((6, 5, 4)), L.MaxPooling2D(name="pool"), L.Flatten(name="flat"), L.Dense(6, name="embedding")], name="tower")
    ea, eb = tower(conv(a)), tower(conv(b))
    distance = L.Subtract(name="difference")([ea, eb])
    return keras.Model([a, b], L.Dense(1, activation="sigmoid", name="same")(distance))


@model("keras", "h5")
def picture_and_numbers():
    """Two inputs of different shapes."""
    a, b = keras.Input((6, 6, 3), name="picture"), keras.Input((5,), name="numbers")
    y = L.Flatten(name="flat")(L.Conv2D(4, 3, activation="relu", name="conv")(a))
    z = L.Dense(4, activation="relu", name="few")(b)
    y = L.Concatenate(name="both")([y, z])
    return keras.Model([a, b], L.Dense(3, activation="softmax", name="kind")(y))


@model("keras", "h5")
def image_and_class():
    """One input; an image and classes, and a layer that others read, as outputs."""
    x = keras.Input((8, 8, 2), name="image")
    y = L.Conv2D(4, 3, padding="same", name="conv")(x)
    r = L.ReLU(name="relu")(y)
    mask = L.Conv2D(2, 1, activation="sigmoid", name="mask")(r)
    hidden = L.Dense(5, name="hidden")(L.GlobalAveragePooling2D(name="pool")(r))
    kind = L.Dense(3, activation="softmax", name="kind")(L.Activation("tanh", name="tanh")(hidden))
    return keras.Model(x, [mask, kind, hidden, y])


@model("keras")
def dictionaries():
    """Inputs and outputs by names of their own, through a nested model with two of each; one output is there twice, one is an input."""
    a, b = keras.Input((4, 5, 3), name="a"), keras.Input((4, 5, 3), name="b")
    s = L.Add(name="sum")([a, b])
    inner = keras.Model([b, a], [L.Conv2D(2, 3, name="conv")(s), L.Subtract(name="difference")([a, b])], name="inner")
    p, q = keras.Input((4, 5, 3), name="first"), keras.Input((4, 5, 3), name="second")
    y, d = inner([p, q])
    z = L.Dense(4, name="dense")(L.Flatten(name="flat")(y))
    t = L.GlobalMaxPooling2D(name="top")(d)
    return keras.Model({"p": p, "q": q}, {"z": z, "again": z, "d": d, "t": t, "given": q})


@model("keras")
def grey_and_unused():
    """An image without an axis of channels, an input that nothing reads, a flattened image and what follows it as outputs."""
    a, b, c = keras.Input((6, 5), name="grey"), keras.Input((2,), name="idle"), keras.Input((6, 5, 1), name="weights")
    y = L.Multiply(name="weighted")([L.Reshape((6, 5, 1), name="shaped")(a), c])
    y = L.Conv2D(3, 3, name="conv")(y)
    flat = L.Flatten(name="flat")(y)
    return keras.Model([a, b, c], [flat, L.Dense(2, name="dense")(flat)])


def named(names, values):
    """Numbers the names that occur again."""
    made = {}
    for name, value in zip(names, values, strict=True):
        key, i = name, 2
        while key in made:
            key, i = "%s_%d" % (name, i), i + 1
        made[key] = np.asarray(value)
    return made


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    for index, (name, (build, endings)) in enumerate(MODELS.items()):
        keras.backend.clear_session()
        keras.utils.set_random_seed(1)
        made = build()
        fill(made, seed=100 + index)
        random = np.random.default_rng(index)
        x = [random.uniform(-1, 1, (EXAMPLES, *i.shape[1:])).astype("float32") for i in made.inputs]
        struct = made._inputs_struct
        keys = list(struct) if isinstance(struct, dict) else [i.name for i in made.inputs]
        inputs = named(keys, x)
        result = made.predict(inputs if isinstance(struct, dict) else (x if len(x) > 1 else x[0]), verbose=0)
        if isinstance(result, dict):
            outputs = result
        else:
            result = result if isinstance(result, list) else [result]
            outputs = named(made.output_names, result)
        np.savez_compressed(TARGET / (name + ".inputs.npz"), **inputs)
        np.savez(TARGET / (name + ".outputs.npz"), **outputs)
        for ending in endings:
            path = TARGET / ("%s.%s" % (name, ending))
            path.unlink(missing_ok=True)
            made.save(path)
            if ending == "keras":
                repack(path)
        print(name, {k: v.shape for k, v in inputs.items()}, {k: v.shape for k, v in outputs.items()})


if __name__ == "__main__":
    sys.exit(main())
