"""Exports the models of models.py to ONNX as people do, and records what ONNX Runtime computes with them.

    python3.11 -m venv VENV
    VENV/bin/pip install torch==2.13.0 onnx==1.23.1 onnxscript==0.7.2 onnxruntime==1.30.0 numpy==2.4.6
    VENV/bin/python tools/onnx/make_models.py            # all of src/test/resources/onnx/models, about a minute
    VENV/bin/python tools/onnx/make_models.py resnet     # these models only

NAME.old.onnx is by the exporter that traces (dynamo=False), NAME.new.onnx by the one that PyTorch now uses (dynamo=True). Half of them
have a fixed number of examples, as PyTorch writes by default, the others any number. NAME.inputs.npy and NAME.outputs.npy hold three
inputs and what ONNX Runtime computes from them. Of the files, only notes on where the code was are taken away.
"""

import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from models import FIXED, MODELS, fill

TARGET = Path(__file__).parents[2] / "src/test/resources/onnx/models"
EXAMPLES = 3
TOLERANCE = 1e-5


def without_places(model):
    """Takes away the names of source files, which the exporters write into every node."""
    model.doc_string = ""
    del model.metadata_props[:]
    for what in [model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output]:
        what.doc_string = ""
        del what.metadata_props[:]
    return model


def export(model, shape, opset, new, fixed):
    x = torch.zeros(1 if fixed else 2, *shape)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "m.onnx"
        if new:
            dynamic = None if fixed else ({0: torch.export.Dim("batch")},)
            torch.onnx.export(
                model, (x,), path, dynamo=True, opset_version=opset, dynamic_shapes=dynamic, external_data=False, verbose=False)
        else:
            axes = None if fixed else {"input": {0: "batch"}, "output": {0: "batch"}}
            torch.onnx.export(
                model, (x,), path, dynamo=False, opset_version=opset, dynamic_axes=axes, input_names=["input"], output_names=["output"])
        return without_places(onnx.load(path))


def run(model, x):
    session = onnxruntime.InferenceSession(model.SerializeToString())
    name = session.get_inputs()[0].name
    fixed = session.get_inputs()[0].shape[0] == 1
    return np.concatenate([session.run(None, {name: part})[0] for part in (x[:, None] if fixed else [x])])


def make(index, name):
    kind, shape, old_opset, new_opset = MODELS[name]
    torch.manual_seed(1)
    model = fill(kind())
    x = np.random.default_rng(index).uniform(-1, 1, (EXAMPLES, *shape)).astype("float32")
    with torch.no_grad():
        expected = model(torch.from_numpy(x)).numpy()
    outputs = None
    for new, opset in ((False, old_opset), (True, new_opset)):
        made = export(model, shape, opset, new, fixed=name in FIXED or (index + new) % 2 == 0)
        onnx.checker.check_model(made)
        outputs = run(made, x)
        difference = np.abs(outputs - expected).max()
        if difference > TOLERANCE:
            sys.exit("%s: ONNX Runtime and PyTorch differ by %g" % (name, difference))
        path = TARGET / ("%s.%s.onnx" % (name, "new" if new else "old"))
        path.write_bytes(made.SerializeToString())
        print(path.name, "opset", made.opset_import[0].version, sorted({n.op_type for n in made.graph.node}))
    np.save(TARGET / (name + ".inputs.npy"), x)
    np.save(TARGET / (name + ".outputs.npy"), outputs)


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    for index, name in enumerate(MODELS):
        if len(sys.argv) < 2 or name in sys.argv[1:]:
            make(index, name)


if __name__ == "__main__":
    main()
