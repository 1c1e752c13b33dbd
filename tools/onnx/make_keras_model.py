"""Exports Keras models to ONNX as Keras does, and records what ONNX Runtime computes with them.

    python3.11 -m venv VENV
    VENV/bin/pip install keras==3.15.1 torch==2.13.0 onnx==1.23.1 onnxscript==0.7.2 onnxruntime==1.30.0 numpy==2.4.6
    VENV/bin/python tools/onnx/make_keras_model.py             # keras….new.onnx in src/test/resources/onnx/models
    VENV/bin/python tools/onnx/make_keras_model.py keras_unet  # this model only

Images have their channels last; Keras puts transposes around each convolution. Keras fails to export layer normalisation and attention.
"""

import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import onnxruntime
from keras import layers as L

from make_models import without_places

TARGET = Path(__file__).parents[2] / "src/test/resources/onnx/models"


def simple():
    return keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            L.Conv2D(4, 3, padding="same", activation="relu"),
            L.BatchNormalization(),
            L.MaxPooling2D(),
            L.Conv2D(6, 3, activation="relu"),
            L.GlobalAveragePooling2D(),
            L.Dense(5, activation="softmax"),
        ]
    )


def unet():
    """UpSampling2D is an Expand of values with five axes."""
    x = keras.Input((8, 12, 3))
    a = L.Conv2D(4, 3, padding="same", activation="relu")(x)
    b = L.Conv2D(6, 3, padding="same", activation="relu")(L.MaxPooling2D()(a))
    up = [L.UpSampling2D()(b), L.Conv2DTranspose(4, 3, strides=2, padding="same")(b), L.UpSampling2D(interpolation="bilinear")(b)]
    return keras.Model(x, L.Conv2D(2, 1, activation="sigmoid")(L.Concatenate()([a, *up])))


def mobile():
    """Squeeze and excitation; paddings of stride 2."""
    x = keras.Input((9, 8, 3))
    y = L.BatchNormalization()(L.Conv2D(8, 3, strides=2, padding="same")(x))
    y = L.SeparableConv2D(8, 3, padding="same")(L.Activation("swish")(y))
    s = L.Conv2D(2, 1, activation="relu")(L.GlobalAveragePooling2D(keepdims=True)(y))
    y = L.Multiply()([y, L.Conv2D(8, 1, activation="hard_sigmoid")(s)])
    y = L.AveragePooling2D(2, padding="same")(L.Cropping2D(((0, 1), (1, 0)))(L.ZeroPadding2D((1, 2))(y)))
    return keras.Model(x, L.Dense(4, activation="softmax")(L.Flatten()(L.Dropout(0.2)(y))))


def sequence():
    x = keras.Input((20, 3))
    y = L.MaxPooling1D()(L.Conv1D(6, 3, padding="causal", activation="relu")(x))
    y = L.Conv1D(4, 3, dilation_rate=2, activation="gelu")(y)
    return keras.Model(x, L.Dense(3)(L.GlobalAveragePooling1D()(y)))


MODELS = {"keras": simple, "keras_unet": unet, "keras_mobile": mobile, "keras_sequence": sequence}

for name in sys.argv[1:] or MODELS:
    keras.utils.set_random_seed(1)
    model = MODELS[name]()
    x = np.random.default_rng(0).normal(size=(4, *model.input_shape[1:])).astype("float32")
    expected = model.predict(x, verbose=0)
    path = TARGET / (name + ".new.onnx")
    model.export(path, format="onnx", verbose=False)
    onnx.save(without_places(onnx.load(path)), path)
    session = onnxruntime.InferenceSession(path)
    y = session.run(None, {session.get_inputs()[0].name: x})[0]
    assert np.abs(y - expected).max() < 1e-6
    np.save(TARGET / (name + ".inputs.npy"), x)
    np.save(TARGET / (name + ".outputs.npy"), y)
    print(path.name)
