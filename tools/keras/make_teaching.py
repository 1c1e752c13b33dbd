"""Makes the files of docs/teaching: a model whose padding is wrong, and what the right one computes.

    VENV/bin/python tools/keras/make_teaching.py        # the environment of make_reference.py

padding.keras is src/test/resources/keras/task1.keras with the same weights, but its first convolution is padded by two rows and columns
at the bottom and the right instead of one on each side. digits.npy are the first 16 test images of MNIST, 2x/255 - 1; expected.npy is
what Keras computes for them with the right padding.
"""

import gzip
import os
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs/teaching"

with gzip.open(ROOT / "datasets/mnist/t10k-images-idx3-ubyte.gz") as file:
    file.read(16)
    digits = np.frombuffer(file.read(16 * 28 * 28), np.uint8).reshape(16, 28, 28, 1)
digits = (np.float32(2) * digits.astype("<f4") / np.float32(255) - np.float32(1)).astype("<f4")

right = keras.saving.load_model(ROOT / "src/test/resources/keras/task1.keras")
wrong = keras.Sequential([keras.Input((28, 28, 1))], name="padding")
for layer in right.layers:
    if isinstance(layer, keras.layers.Conv2D) and not any(isinstance(l, keras.layers.Conv2D) for l in wrong.layers):
        wrong.add(keras.layers.ZeroPadding2D(((0, 2), (0, 2))))
        config = layer.get_config() | {"padding": "valid"}
        wrong.add(keras.layers.Conv2D.from_config(config))
    elif not isinstance(layer, keras.layers.InputLayer):
        wrong.add(type(layer).from_config(layer.get_config()))
wrong.set_weights(right.get_weights())

TARGET.mkdir(exist_ok=True)
wrong.save(TARGET / "padding.keras")
np.save(TARGET / "digits.npy", digits)
np.save(TARGET / "expected.npy", np.ascontiguousarray(right.predict(digits, verbose=0).astype("<f4")))
print(np.abs(right.predict(digits, verbose=0) - wrong.predict(digits, verbose=0)).max())
print((right.predict(digits, verbose=0).argmax(1) == wrong.predict(digits, verbose=0).argmax(1)).mean())
