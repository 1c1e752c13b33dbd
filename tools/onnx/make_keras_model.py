"""Exports a Keras model to ONNX as Keras does, and records what ONNX Runtime computes with it.

    python3.11 -m venv VENV
    VENV/bin/pip install keras==3.15.1 torch==2.13.0 onnx==1.23.1 onnxscript==0.7.2 onnxruntime==1.30.0 numpy==2.4.6
    VENV/bin/python tools/onnx/make_keras_model.py       # keras.new.onnx in src/test/resources/onnx/models

Images have their channels last; Keras puts transposes around each convolution.
"""

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import onnxruntime
from keras import layers

from make_models import without_places

TARGET = Path(__file__).parents[2] / "src/test/resources/onnx/models"

keras.utils.set_random_seed(1)
model = keras.Sequential(
    [
        keras.Input((12, 12, 3)),
        layers.Conv2D(4, 3, padding="same", activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(),
        layers.Conv2D(6, 3, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(5, activation="softmax"),
    ]
)
x = np.random.default_rng(0).normal(size=(4, 12, 12, 3)).astype("float32")
expected = model.predict(x, verbose=0)
path = TARGET / "keras.new.onnx"
model.export(path, format="onnx", verbose=False)
onnx.save(without_places(onnx.load(path)), path)
session = onnxruntime.InferenceSession(path)
y = session.run(None, {session.get_inputs()[0].name: x})[0]
assert np.abs(y - expected).max() < 1e-6
np.save(TARGET / "keras.inputs.npy", x)
np.save(TARGET / "keras.outputs.npy", y)
