"""Exports PyTorch models with several inputs and outputs to ONNX for the tests, and records what ONNX Runtime computes with them.

    VENV/bin/python tools/onnx/make_several.py        # src/test/resources/several, a few seconds

See make_models.py for VENV and for the two exporters. NAME.inputs.npz and NAME.outputs.npz hold five examples, by the names of the
inputs and outputs.
"""

import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from make_models import without_places
from models import fill

TARGET = Path(__file__).parents[2] / "src/test/resources/several"
EXAMPLES = 5


class TwoHeads(nn.Module):
    """An image and numbers in; an image, a layer that others read, and classes out."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3, padding=1)
        self.mask = nn.Conv2d(4, 3, 1)
        self.numbers = nn.Linear(5, 6)
        self.kind = nn.Linear(4 + 6, 3)

    def forward(self, picture, numbers):
        y = self.conv(picture)
        r = torch.relu(y)
        mask = torch.sigmoid(self.mask(r))
        z = torch.cat([r.mean((2, 3)), torch.tanh(self.numbers(numbers))], 1)
        return mask, y, torch.softmax(self.kind(z), 1)


class Siamese(nn.Module):
    """Two images through the same layers; the distance of their embeddings."""

    def __init__(self):
        super().__init__()
        self.tower = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3 * 3 * 3, 4))

    def forward(self, left, right):
        a, b = self.tower(left), self.tower(right)
        return a, b, (a - b) * (a - b)


MODELS = {
    "two_heads": (TwoHeads, {"picture": (2, 6, 7), "numbers": (5,)}, ["mask", "features", "kind"]),
    "siamese_torch": (Siamese, {"left": (1, 8, 8), "right": (1, 8, 8)}, ["first", "second", "distance"]),
}


def export(model, inputs, outputs, new):
    x = tuple(torch.zeros(2, *shape) for shape in inputs.values())
    names = {"input_names": list(inputs), "output_names": outputs}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "m.onnx"
        if new:
            batch = torch.export.Dim("batch")
            shapes = tuple({0: batch} for _ in inputs)
            torch.onnx.export(
                model, x, path, dynamo=True, opset_version=18, dynamic_shapes=shapes, external_data=False, verbose=False, **names)
        else:
            axes = {name: {0: "batch"} for name in [*inputs, *outputs]}
            torch.onnx.export(model, x, path, dynamo=False, opset_version=13, dynamic_axes=axes, **names)
        return without_places(onnx.load(path))


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    for index, (name, (kind, inputs, outputs)) in enumerate(MODELS.items()):
        torch.manual_seed(1)
        model = fill(kind())
        random = np.random.default_rng(index)
        x = {key: random.uniform(-1, 1, (EXAMPLES, *shape)).astype("float32") for key, shape in inputs.items()}
        for new in (False, True):
            made = export(model, inputs, outputs, new)
            onnx.checker.check_model(made)
            y = onnxruntime.InferenceSession(made.SerializeToString()).run(outputs, x)
            (TARGET / ("%s.%s.onnx" % (name, "new" if new else "old"))).write_bytes(made.SerializeToString())
        np.savez_compressed(TARGET / (name + ".inputs.npz"), **x)
        np.savez(TARGET / (name + ".outputs.npz"), **dict(zip(outputs, y)))
        print(name, [i.name for i in made.graph.input], [o.name for o in made.graph.output], sorted({n.op_type for n in made.graph.node}))


if __name__ == "__main__":
    sys.exit(main())
