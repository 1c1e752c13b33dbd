"""Exports Keras models to ONNX as Keras does, and records what ONNX Runtime computes with them.

    python3.11 -m venv VENV
    VENV/bin/pip install keras==3.15.1 torch==2.13.0 onnx==1.23.1 onnxscript==0.7.2 onnxruntime==1.30.0 numpy==2.4.6
    VENV/bin/python tools/onnx/make_keras_model.py       # keras*.new.onnx in src/test/resources/onnx/models

Images have their channels last; Keras puts transposes around each convolution.
"""

import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import onnxruntime
from keras import layers

from make_models import without_places

TARGET = Path(__file__).parents[2] / "src/test/resources/onnx/models"



def classifier():
    return keras.Sequential(
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


def segmentation():
    """Transposed convolutions, interpolation, joined channels."""
    x = inputs = keras.Input((8, 12, 2))
    a = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    b = layers.Conv2D(6, 3, strides=2, padding="same", activation="gelu")(a)
    c = layers.Conv2D(6, 3, padding="same", dilation_rate=2, activation="silu")(layers.AveragePooling2D()(b))
    x = layers.Conv2DTranspose(4, 3, strides=2, padding="same")(c)
    x = layers.Concatenate()([layers.Cropping2D(((0, 0), (1, 0)))(layers.ZeroPadding2D(((0, 0), (0, 1)))(x)), b])
    x = layers.UpSampling2D(interpolation="bilinear")(x)
    x = layers.Add()([layers.Conv2D(4, 1)(x), a])
    x = layers.Conv2D(2, 2, padding="same", activation="sigmoid")(layers.UpSampling2D(2)(x))
    return keras.Model(inputs, x)


def blocks():
    """Squeeze-and-excite, separable convolutions, layer normalisation, groups, a Flatten of channels last."""
    x = inputs = keras.Input((9, 8, 4))
    x = layers.SeparableConv2D(8, 3, padding="same", depth_multiplier=2, activation="hard_silu")(x)
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Conv2D(8, 1, activation="hard_sigmoid")(layers.Conv2D(2, 1, activation="relu")(s))
    x = layers.Multiply()([x, s])
    x = layers.LayerNormalization()(x)
    x = layers.Conv2D(8, 3, strides=2, groups=2)(x)
    x = layers.Permute((2, 1, 3))(x)
    x = layers.LeakyReLU(0.1)(layers.GroupNormalization(4)(x))
    x = layers.Flatten()(x)
    x = layers.Dense(6)(x)
    x = layers.Reshape((3, 2))(x)
    return keras.Model(inputs, layers.Softmax()(layers.Flatten()(x)))


def signal():
    x = inputs = keras.Input((20, 3))
    x = layers.Conv1D(6, 5, padding="same", activation="elu")(x)
    x = layers.BatchNormalization()(layers.MaxPooling1D(2)(x))
    x = layers.Conv1D(6, 3, padding="causal", dilation_rate=2, activation="tanh")(x)
    x = layers.GlobalMaxPooling1D()(x)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))


MODELS = {"keras": classifier, "kerasimages": segmentation, "kerasblocks": blocks, "kerassignal": signal}


def make(name):
    keras.utils.set_random_seed(1)
    model = MODELS[name]()
    x = np.random.default_rng(0).normal(size=(4, *model.input_shape[1:])).astype("float32")
    expected = model.predict(x, verbose=0)
    path = TARGET / (name + ".new.onnx")
    model.export(path, format="onnx", verbose=False)
    exported = without_places(onnx.load(path))
    onnx.save(exported, path)
    session = onnxruntime.InferenceSession(path)
    y = session.run(None, {session.get_inputs()[0].name: x})[0]
    assert np.abs(y - expected).max() < 1e-5, np.abs(y - expected).max()
    np.save(TARGET / (name + ".inputs.npy"), x)
    np.save(TARGET / (name + ".outputs.npy"), y)
    print(path.name, exported.opset_import[0].version, sorted({n.op_type for n in exported.graph.node}))


for name in MODELS:
    if len(sys.argv) < 2 or name in sys.argv[1:]:
        make(name)
