"""Makes the models that cnnlab.keras refuses by name, one file each in src/test/resources/keras/refused.

    VENV/bin/python tools/keras/make_refused.py

See make_reference.py for VENV. theano.h5 is the model `plain` with its backend attribute changed, since no Keras with Theano runs today.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import h5py
import keras
import numpy as np
from keras import layers as L

from make_reference import repack

TARGET = Path(__file__).parents[2] / "src/test/resources/keras/refused"
IMAGE = (6, 6, 2)


@keras.saving.register_keras_serializable(package="My")
class Conv2D(L.Conv2D):
    pass


@keras.saving.register_keras_serializable(package="My")
class Sequential(keras.Sequential):
    pass


@keras.saving.register_keras_serializable(package="My")
class Functional(keras.Model):
    pass


class ReLU(L.ReLU):
    pass


def save(model, name):
    path = TARGET / name
    path.unlink(missing_ok=True)
    model.save(path)
    if path.suffix == ".keras":
        repack(path)
    print(name)


def functional(name, build, kind=keras.Model):
    x = keras.Input(IMAGE, name="image")
    save(kind(x, build(x)), name)


def flat(y):
    return L.Dense(2, name="dense")(L.Flatten(name="flat")(y))


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(1)
    ones = np.ones((1, *IMAGE), "float32")
    for suffix in ("keras", "h5"):
        save(keras.Sequential([keras.Input(IMAGE), Conv2D(2, 3, name="conv"), L.Flatten(name="flat")]), "own_layer." + suffix)
        save(keras.Sequential([keras.Input(IMAGE), L.Flatten(), L.Dense(2, name="dense", dtype="bfloat16")]), "bfloat16." + suffix)
        save(keras.Sequential([keras.Input(IMAGE), L.Flatten(), L.Dense(2, name="dense", activation=ReLU())]), "own_activation." + suffix)
        quantised = keras.Sequential([keras.Input(IMAGE), L.Flatten(name="flat"), L.Dense(2, name="dense")])
        quantised.quantize("int8")
        save(quantised, "int8." + suffix)
    save(Sequential([keras.Input(IMAGE), L.Flatten(name="flat"), L.Dense(2, name="dense")]), "own_sequential.keras")
    functional("own_functional.keras", flat, Functional)
    functional("dropout_in_training.keras", lambda x: flat(L.Dropout(0.5, name="dropout")(x, training=True)))
    functional("normalization_in_training.keras", lambda x: flat(L.BatchNormalization(name="norm")(x, training=True)))
    block = keras.Sequential([keras.Input(IMAGE), L.RandomFlip(name="flip"), L.Dropout(0.5, name="dropout")], name="block")
    functional("nested_in_training.keras", lambda x: flat(block(x, training=True)))
    functional("random_crop.keras", lambda x: flat(L.RandomCrop(4, 4, name="crop")(x)))
    functional("constant_array.keras", lambda x: flat(L.Add(name="add")([x, ones])))
    functional("average_of_all.keras", lambda x: keras.ops.average(x, axis=-1))
    lora = keras.Sequential([keras.Input(IMAGE), L.Flatten(name="flat"), L.Dense(2, name="dense")])
    lora.layers[-1].enable_lora(2)
    save(lora, "lora.h5")
    plain = keras.Sequential([keras.Input(IMAGE), L.Conv2D(2, 3, name="conv"), L.Flatten(name="flat")])
    for name, key, value in (("theano.h5", "backend", b"theano"), ("keras1.h5", "keras_version", b"1.2.2")):
        save(plain, name)
        with h5py.File(TARGET / name, "a") as f:
            f.attrs[key] = value
            f["model_weights"].attrs[key] = value


if __name__ == "__main__":
    sys.exit(main())
