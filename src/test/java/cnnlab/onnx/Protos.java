package cnnlab.onnx;

import java.util.List;
import java.util.function.Consumer;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TensorShapeProto.Dimension;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/** Small ONNX models made by hand. */
public final class Protos {
  private Protos() {}

  /** A model with the input x and the output y. */
  public static byte[] model(int opset, List<Integer> input, Consumer<GraphProto.Builder> content) {
    return model(opset, input, "y", content).build().toByteArray();
  }

  static ModelProto.Builder model(
      int opset, List<Integer> input, String output, Consumer<GraphProto.Builder> content) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("g")
            .addInput(value("x", TensorProto.DataType.FLOAT_VALUE, input))
            .addOutput(value(output, TensorProto.DataType.FLOAT_VALUE, List.of()));
    content.accept(graph);
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph);
  }

  /** A value; the size −1 is left open. */
  static ValueInfoProto value(String name, int type, List<Integer> shape) {
    TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
    for (int d : shape) {
      sizes.addDim(
          d < 0 ? Dimension.newBuilder().setDimParam("N") : Dimension.newBuilder().setDimValue(d));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(sizes)))
        .build();
  }

  /** A node with the name of its output. */
  public static NodeProto node(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setName(output)
        .setOpType(operator)
        .addAllInput(inputs)
        .addOutput(output)
        .addAllAttribute(List.of(attributes))
        .build();
  }

  public static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  public static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  public static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  public static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder made =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long v : values) {
      made.addInts(v);
    }
    return made.build();
  }

  public static TensorProto floats(String name, float[] values, long... shape) {
    TensorProto.Builder made = tensor(name, TensorProto.DataType.FLOAT_VALUE, shape);
    for (float v : values) {
      made.addFloatData(v);
    }
    return made.build();
  }

  public static TensorProto longs(String name, long[] values, long... shape) {
    TensorProto.Builder made = tensor(name, TensorProto.DataType.INT64_VALUE, shape);
    for (long v : values) {
      made.addInt64Data(v);
    }
    return made.build();
  }

  static TensorProto.Builder tensor(String name, int type, long... shape) {
    TensorProto.Builder made = TensorProto.newBuilder().setName(name).setDataType(type);
    for (long d : shape) {
      made.addDims(d);
    }
    return made;
  }
}
