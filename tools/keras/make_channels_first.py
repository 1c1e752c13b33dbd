"""Makes the model with images [C, H, W] that the tests of cnnlab.keras read. TensorFlow cannot compute it on a processor, PyTorch can.

    VENV/bin/pip install keras==3.15.1 torch==2.13.0 h5py==3.14.0 numpy==2.4.6
    VENV/bin/python tools/keras/make_channels_first.py

Writes channels_first.keras and .h5 and channels_first.reference.h5 (inputs [8, C, H, W], outputs [8, K]) into src/test/resources/keras/first.
"""

import os
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ["KERAS_BACKEND"] = "torch"

import h5py
import keras
import numpy as np
import torch
from keras import layers as L

TARGET = Path(__file__).parents[2] / "src/test/resources/keras/first"
FIRST = {"data_format": "channels_first"}


def build():
    x = keras.Input((3, 9, 8), name="image")
    y = L.Conv2D(4, 3, padding="same", strides=2, activation="relu", name="conv", **FIRST)(x)
    y = L.BatchNormalization(axis=1, name="norm")(y)
    z = L.DepthwiseConv2D(3, padding="same", name="depthwise", **FIRST)(y)
    y = L.Concatenate(axis=1, name="both")([L.Add(name="sum")([y, z]), L.ReLU(name="relu")(z)])
    pooled = L.MaxPooling2D(2, name="pool", **FIRST)(L.ZeroPadding2D(((1, 0), (0, 1)), name="pad", **FIRST)(y))
    parts = [
        L.Dense(3, name="of_stored_order")(L.Flatten(name="stored_order")(pooled)),
        L.Dense(3, name="of_channels_last")(L.Flatten(name="channels_last", **FIRST)(pooled)),
        L.Flatten(name="values")(L.Softmax(axis=1, name="softmax")(L.Conv2D(2, 2, name="small", **FIRST)(pooled))),
        L.GlobalAveragePooling2D(name="mean", **FIRST)(y),
        L.GlobalMaxPooling2D(name="most", **FIRST)(L.UpSampling2D(2, name="up", **FIRST)(y)),
    ]
    return keras.Model(x, L.Dense(5, activation="softmax", name="probabilities")(L.Concatenate(name="all")(parts)))


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    model = build()
    for variable in model.weights:
        low = 0.5 if variable.path.endswith(("gamma", "variance")) else -0.5
        variable.assign(random.uniform(low, low + 1, variable.shape).astype("float32"))
    x = random.uniform(0, 1, (8, 3, 9, 8)).astype("float32")
    with torch.no_grad():
        y = keras.ops.convert_to_numpy(model(x, training=False))
    for suffix in (".keras", ".h5"):
        model.save(TARGET / ("channels_first" + suffix))
    with h5py.File(TARGET / "channels_first.reference.h5", "w", libver="latest") as f:
        f.create_dataset("inputs", data=x, compression="gzip", compression_opts=9, shuffle=True)
        f.create_dataset("outputs", data=y)


if __name__ == "__main__":
    main()
