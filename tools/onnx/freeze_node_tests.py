"""Freezes the ONNX backend node tests of the operators that our layers implement, one JSON file per operator.

    python3.11 -m venv VENV && VENV/bin/pip install onnx==1.23.1 numpy==2.4.6
    VENV/bin/python tools/onnx/freeze_node_tests.py [--check]

writes src/test/resources/onnx/*.json (about 5 s); --check writes nothing and fails if a file differs. ONNX seeds its random inputs
itself, so every run gives the same bytes. On a processor for which numpy uses other loops, exp and tanh may differ in the last digit.
"""

import argparse
import json
import re
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx.backend.test.loader import load_model_tests

VERSIONS = {"onnx": "1.23.1", "numpy": "2.4.6"}
OPERATORS = (
    "Conv MaxPool AveragePool GlobalAveragePool Gemm Flatten Relu LeakyRelu Elu Gelu Sigmoid Tanh Softmax BatchNormalization Add"
    # Those that files have, but the layers have no tests of their own for.
    " Celu Clip Concat Div Dropout Exp GlobalMaxPool HardSigmoid HardSwish LogSoftmax MatMul Mul Neg PRelu Pad ReduceMax ReduceMean"
    " Reshape Selu Softplus Softsign Squeeze Sub ThresholdedRelu Transpose Unsqueeze ConvTranspose DepthToSpace Gather GroupNormalization"
    " InstanceNormalization LayerNormalization Max Mean Min Pow ReduceL1 ReduceMin ReduceSum ReduceSumSquare Resize Slice SpaceToDepth Split Sum"
    # Those that files have for their arithmetic on shapes.
    " Abs And Ceil Constant ConstantOfShape Equal Expand Floor Greater GreaterOrEqual Identity Less LessOrEqual Log Not Or Range Reciprocal"
    " ReduceProd Round Shape Sign Size Sqrt Tile Where"
).split()
# The largest 2-D tensor has 3,072 values; the 3-D ones, which none of our layers accepts, have up to 98,304.
LARGEST = 4096
TARGET = Path(__file__).parents[2] / "src/test/resources/onnx"


def plain(value):
    """An attribute as JSON; floats have the fewest digits that give the same float32."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, float):
        return number(np.float32(value))
    if isinstance(value, onnx.TensorProto):
        return tensor(value.name, onnx.numpy_helper.to_array(value))
    return value if isinstance(value, (int, str)) else [plain(v) for v in value]


def number(value):
    if isinstance(value, np.floating):
        if not np.isfinite(value):
            raise ValueError("JSON has no number for %s" % value)
        whole = value == int(value) and not (value == 0 and np.signbit(value))
        return int(value) if whole else float(str(value))
    return int(value)


def tensor(name, array):
    array = np.asarray(array)
    values = [number(v) for v in array.reshape(-1)] if array.size <= LARGEST else None
    return {"name": name, "type": str(array.dtype), "shape": list(array.shape), "values": values}


def tensors(names, values):
    """An input that is left out has no name."""
    values = iter(values)
    return [tensor(n, next(values)) if n else {"name": "", "type": "", "shape": [], "values": []} for n in names]


def same(a, b):
    return len(a) == len(b) and all(np.array_equal(x, y) for x, y in zip(a, b))


def freeze(test, node):
    (inputs, outputs), = test.data_sets
    return {
        "name": test.name,
        "opset": test.model.opset_import[0].version,
        "attributes": {a.name: plain(onnx.helper.get_attribute_value(a)) for a in sorted(node.attribute, key=lambda a: a.name)},
        "inputs": tensors(node.input, inputs),
        "outputs": [tensor(n, v) for n, v in zip(node.output, outputs, strict=True)],
    }


def operator_files():
    """The content of each file, by file name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Tests of other operators overflow on purpose.
        tests = {t.name: t for t in sorted(load_model_tests(kind="node"), key=lambda t: t.name)}
    cases = {operator: [] for operator in OPERATORS}
    expanded = {operator: [] for operator in OPERATORS}
    for test in tests.values():
        base = tests.get(re.sub(r"_expanded(_ver\d+)?$", "", test.name))
        nodes = (base or test).model.graph.node
        if len(nodes) != 1 or nodes[0].op_type not in cases or nodes[0].domain:
            continue
        if base is None or base is test:
            if any(isinstance(v, list) or v is None or np.asarray(v).dtype.kind in "OUS" for data in test.data_sets[0] for v in data):
                continue  # Sequences and words, which no network of ours has.
            if not all(np.isfinite(np.asarray(v, dtype=float)).all() for data in test.data_sets[0] for v in data):
                continue  # JSON has no infinity; only the maximum of nothing has one.
            cases[nodes[0].op_type].append(freeze(test, nodes[0]))
        else:
            # The operator expressed by other operators. It has the same data as its base, so it can be left out.
            if nodes[0].op_type != "Dropout" and not all(same(x, y) for x, y in zip(test.data_sets[0], base.data_sets[0], strict=True)):
                raise ValueError("%s has other data than %s" % (test.name, base.name))
            expanded[nodes[0].op_type].append({"name": test.name, "of": base.name})
    return {
        operator.lower() + ".json": render(operator, cases[operator], expanded[operator]) for operator in OPERATORS
    }


def render(operator, cases, expanded):
    """JSON with one line per tensor, so that diffs are readable."""
    head = '{"operator": "%s", "onnx": "%s",' % (operator, VERSIONS["onnx"])
    return "%s\n%s,\n%s}\n" % (head, listing("cases", map(case_text, cases), ""), listing("expanded", map(json.dumps, expanded), ""))


def case_text(case):
    head = json.dumps({k: case[k] for k in ("name", "opset", "attributes")})[1:-1]
    tensors = (listing(k, map(json.dumps, case[k]), " ") for k in ("inputs", "outputs"))
    return "{%s,\n%s}" % (head, ",\n".join(tensors))


def listing(key, items, indent):
    return '%s"%s": [%s]' % (indent, key, "".join("\n%s %s," % (indent, item) for item in items)[:-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    check = parser.parse_args().check
    found = {"onnx": onnx.__version__, "numpy": np.__version__}
    if found != VERSIONS:
        sys.exit("found %s, need %s: pip install %s" % (found, VERSIONS, " ".join("%s==%s" % v for v in VERSIONS.items())))
    differing = []
    for name, text in operator_files().items():
        path = TARGET / name
        if not check:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.exists() or path.read_bytes() != text.encode():
            differing.append(name)
    if differing:
        sys.exit("these differ from what ONNX %s gives: %s" % (VERSIONS["onnx"], ", ".join(differing)))


if __name__ == "__main__":
    main()
