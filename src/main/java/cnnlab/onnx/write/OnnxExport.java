package cnnlab.onnx.write;

import cnnlab.io.AtomicFile;
import cnnlab.model.file.ModelFileException;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Shape;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * Writes a model for inference as an ONNX file, which ONNX Runtime and others run.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>, opset 17.
 */
public final class OnnxExport {
  /** The ending of the files. */
  public static final String NAME = ".onnx";

  private static final long OPSET = 17;
  private static final long FORMAT = 8;
  private static final int FLOAT = 1;

  private OnnxExport() {}

  /**
   * A model to write.
   *
   * @param network the network
   * @param input shape of one input: [C, H, W] if {@code channelsFirst}, else [H, W, C] or [H, W];
   *     [F]
   * @param channelsFirst whether images enter and leave as [N, C, H, W], else as [N, H, W, C]
   */
  public record Source(Network network, List<Integer> input, boolean channelsFirst) {}

  /** Whether a file has a name of this format. */
  public static boolean writes(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(NAME);
  }

  /**
   * Writes a file atomically.
   *
   * @param file created or replaced
   * @throws ModelFileException when a layer cannot be written; the message names it
   * @throws IOException when it cannot be written
   */
  public static void write(Path file, Source source) throws IOException {
    ModelProto model = model(source);
    AtomicFile.write(
        file,
        temporary -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
            model.writeTo(out);
          }
        });
  }

  private static ModelProto model(Source source) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("model");
    OnnxNodes nodes = new OnnxNodes(graph);
    String input = nodes.unique("input");
    String output = nodes.unique("output");
    graph.addInput(value(input, source.input));
    boolean vectors = source.input.size() == 1;
    OnnxTranslation.Output made =
        OnnxTranslation.add(source.network, nodes, first(nodes, input, source), vectors);
    Shape shape = source.network.outputShape();
    boolean turned = !made.vector() && !source.channelsFirst;
    graph.addNode(
        turned
            ? node("Transpose", made.tensor(), output)
                .addAttribute(OnnxNodes.list("perm", 0, 2, 3, 1))
            : node("Identity", made.tensor(), output));
    graph.addOutput(
        value(
            output,
            made.vector()
                ? List.of(shape.size())
                : turned
                    ? List.of(shape.height(), shape.width(), shape.channels())
                    : List.of(shape.channels(), shape.height(), shape.width())));
    return ModelProto.newBuilder()
        .setIrVersion(FORMAT)
        .setProducerName("cnnlab")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(graph)
        .build();
  }

  private static onnx.Onnx.NodeProto.Builder node(String operator, String from, String to) {
    return onnx.Onnx.NodeProto.newBuilder()
        .setName(to)
        .setOpType(operator)
        .addInput(from)
        .addOutput(to);
  }

  /** The tensor that the network reads: images [N, C, H, W]. */
  private static String first(OnnxNodes nodes, String input, Source source) {
    if (source.channelsFirst || source.input.size() == 1) {
      return input;
    } else if (source.input.size() == 2) {
      String axis = nodes.integers("input.axis", 1);
      return nodes.add("Unsqueeze", "input/channel", List.of(input, axis));
    }
    return nodes.add(
        "Transpose", "input/channels_first", List.of(input), OnnxNodes.list("perm", 0, 3, 1, 2));
  }

  private static ValueInfoProto value(String name, List<Integer> sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("N");
    sizes.forEach(size -> shape.addDimBuilder().setDimValue(size));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(shape)))
        .build();
  }
}
