"""Graphs in the style of tf2onnx, and what ONNX Runtime computes with them.

    python3.11 -m venv VENV && VENV/bin/pip install onnx==1.23.1 onnxruntime==1.30.0 numpy==2.4.6
    VENV/bin/python tools/onnx/make_layout_models.py     # tf.old.onnx and so on in src/test/resources/onnx/models

tf2onnx itself is not needed: the graphs are written by hand with its patterns: images [N, H, W, C], a transpose before and after
each convolution, biases that are added to the last axis, a reshape to a shape that the graph computes, means with squeezed axes.
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

TARGET = Path(__file__).parents[2] / "src/test/resources/onnx/models"
GENERATOR = np.random.default_rng(5)
TO_FIRST, TO_LAST = [0, 3, 1, 2], [0, 2, 3, 1]


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.count = [], [], 0

    def constant(self, value, dtype="float32"):
        self.count += 1
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype=dtype), "const_%d" % self.count))
        return self.constants[-1].name

    def weights(self, *shape):
        return self.constant(GENERATOR.uniform(-0.5, 0.5, shape))

    def add(self, operator, *inputs, **attributes):
        self.count += 1
        name = "%s__%d" % (operator, self.count)
        self.nodes.append(helper.make_node(operator, list(inputs), [name + ":0"], name, **attributes))
        return name + ":0"

    def save(self, name, opset, shape, output, out_shape):
        graph = helper.make_graph(
            self.nodes,
            "tf2onnx",
            [helper.make_tensor_value_info("input:0", TensorProto.FLOAT, ["unk__1", *shape])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["unk__2", *out_shape])],
            self.constants,
        )
        model = helper.make_model(graph, producer_name="tf2onnx", opset_imports=[helper.make_opsetid("", opset)], ir_version=7)
        onnx.checker.check_model(model, full_check=True)
        x = GENERATOR.uniform(-1, 1, (3, *shape)).astype("float32")
        y = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"input:0": x})[0]
        (TARGET / (name + ".old.onnx")).write_bytes(model.SerializeToString())
        np.save(TARGET / (name + ".inputs.npy"), x)
        np.save(TARGET / (name + ".outputs.npy"), y)
        print(name, "opset", opset, y.shape)


def classifier():
    g = Graph()
    x = g.add("Transpose", "input:0", perm=TO_FIRST)
    x = g.add("Conv", x, g.weights(4, 3, 3, 3), auto_pad="SAME_UPPER", strides=[2, 2])
    x = g.add("Transpose", x, perm=TO_LAST)
    x = g.add("Add", x, g.weights(4))
    x = g.add("Clip", x, g.constant(0), g.constant(6))
    x = g.add("Transpose", x, perm=TO_FIRST)
    kernel = g.add("Reshape", g.weights(3, 3, 4, 2), g.constant([3, 3, 1, 8], "int64"))
    kernel = g.add("Transpose", kernel, perm=[3, 2, 0, 1])
    x = g.add("Conv", x, kernel, group=4, auto_pad="SAME_UPPER")
    x = g.add("BatchNormalization", x, g.weights(8), g.weights(8), g.weights(8), g.constant(GENERATOR.uniform(1, 2, 8)))
    x = g.add("Relu", x)
    x = g.add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2], auto_pad="VALID")
    x = g.add("Transpose", x, perm=TO_LAST)
    shape = g.add("Cast", g.add("Shape", x), to=TensorProto.INT32)
    batch = g.add("Slice", shape, g.constant([0], "int64"), g.constant([1], "int64"), g.constant([0], "int64"))
    batch = g.add("Squeeze", batch, g.constant([0], "int64"))
    batch = g.add("Unsqueeze", batch, g.constant([0], "int64"))
    shape = g.add("Concat", batch, g.constant([48], "int32"), axis=0)
    x = g.add("Reshape", x, g.add("Cast", shape, to=TensorProto.INT64))
    x = g.add("MatMul", x, g.weights(48, 5))
    x = g.add("Add", x, g.weights(5))
    g.save("tf", 13, (12, 8, 3), g.add("Softmax", x, axis=-1), (5,))


def excite():
    """Means with squeezed axes, a reshape to [N, 1, 1, C], products with the last axis, a resize with scales for [N, C, H, W]."""
    g = Graph()
    x = g.add("Transpose", "input:0", perm=TO_FIRST)
    x = g.add("Conv", x, g.weights(6, 2, 3, 3), pads=[0, 0, 1, 1], strides=[2, 2])
    x = g.add("Transpose", x, perm=TO_LAST)
    s = g.add("ReduceMean", x, axes=[1, 2], keepdims=0)
    s = g.add("Reshape", s, g.constant([-1, 1, 1, 6], "int64"))
    s = g.add("Transpose", s, perm=TO_FIRST)
    s = g.add("Relu", g.add("Conv", s, g.weights(2, 6, 1, 1), g.weights(2)))
    s = g.add("Sigmoid", g.add("Conv", s, g.weights(6, 2, 1, 1), g.weights(6)))
    s = g.add("Transpose", s, perm=TO_LAST)
    x = g.add("Mul", x, s)
    x = g.add("Transpose", x, perm=TO_FIRST)
    x = g.add("Resize", x, g.constant([]), g.constant([1, 1, 2, 2]), mode="linear", coordinate_transformation_mode="half_pixel")
    x = g.add("ConvTranspose", x, g.weights(6, 3, 3, 3), strides=[2, 2], auto_pad="SAME_UPPER")
    x = g.add("Transpose", x, perm=TO_LAST)
    x = g.add("Pad", x, g.constant([0, 1, 2, 0, 0, 1, 0, 0], "int64"), mode="reflect")
    x = g.add("Slice", x, *(g.constant(v, "int64") for v in ([0, 1, 0], [2 ** 31 - 1, -1, 2], [1, 2, 3], [2, 1, 1])))
    g.save("tfimages", 12, (9, 7, 2), g.add("Concat", x, x, axis=-1), (9, 12, 4))


classifier()
excite()
