package cnnlab.onnx.write;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.ByteString;

/** Collects the nodes and constants of an ONNX graph. Each node has one output, of its own name. */
final class OnnxNodes {
  private final GraphProto.Builder graph;
  private final Set<String> names = new HashSet<>();

  OnnxNodes(GraphProto.Builder graph) {
    this.graph = graph;
  }

  /** Adds a node and returns its output. */
  String add(String operator, String name, List<String> inputs, AttributeProto... attributes) {
    String unique = unique(name);
    NodeProto.Builder node = NodeProto.newBuilder().setName(unique).setOpType(operator);
    inputs.forEach(node::addInput);
    node.addOutput(unique);
    for (AttributeProto attribute : attributes) {
      node.addAttribute(attribute);
    }
    graph.addNode(node);
    return unique;
  }

  /** A name that no node, input or constant has yet. */
  String unique(String name) {
    String unique = name;
    for (int i = 1; !names.add(unique); i++) {
      unique = name + "_" + i;
    }
    return unique;
  }

  /** Adds a float constant and returns its name. */
  String constant(String name, float[] values, int from, int... shape) {
    int size = 1;
    for (int each : shape) {
      size *= each;
    }
    ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, from, size);
    return constant(name, 1, bytes, shape);
  }

  /** Adds a single number. */
  String number(String name, float value) {
    return constant(name, new float[] {value}, 0);
  }

  /** Adds whole numbers: a shape, axes or paddings. */
  String integers(String name, long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant(name, 7, bytes, values.length);
  }

  /**
   * @param type {@code TensorProto.DataType}: 1 for float, 7 for int64
   */
  private String constant(String name, int type, ByteBuffer bytes, int... shape) {
    String unique = unique(name);
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(unique).setDataType(type);
    for (int size : shape) {
      tensor.addDims(size);
    }
    graph.addInitializer(tensor.setRawData(ByteString.copyFrom(bytes.array())));
    return unique;
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto decimal(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto list(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }
}
