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
 * <p>Source: <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>, opset 18.
 */
public final class OnnxExport {
  /** The ending of the files. */
  public static final String NAME = ".onnx";

  private static final long OPSET = 18;
  private static final long FORMAT = 8;
  private static final int FLOAT = 1;

  private OnnxExport() {}

  /**
   * A model to write.
   *
   * @param network the network
   * @param input one input
   * @param output one output; null for that of the network, an image in the input's order
   */
  public record Source(Network network, End input, End output) {}

  /**
   * The shape of an input or output, without the batch.
   *
   * @param sizes [C, H, W] or [C, W] if {@code channelsFirst}, else [H, W, C] or [H, W]; [F]
   * @param channelsFirst whether the channels of an image come first
   */
  public record End(List<Integer> sizes, boolean channelsFirst) {
    private boolean isVector() {
      return sizes.size() == 1;
    }
  }

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
    graph.addInput(value(input, source.input.sizes()));
    OnnxTranslation.Output made =
        OnnxTranslation.add(
            source.network, nodes, first(nodes, input, source), source.input.isVector());
    End end = source.output == null ? end(source, made.vector()) : source.output;
    last(graph, nodes, source.network.outputShape(), made, end, output);
    graph.addOutput(value(output, end.sizes()));
    return ModelProto.newBuilder()
        .setIrVersion(FORMAT)
        .setProducerName("cnnlab")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(graph)
        .build();
  }

  private static End end(Source source, boolean vector) {
    Shape shape = source.network.outputShape();
    boolean first = source.input.channelsFirst();
    return new End(
        vector
            ? List.of(shape.size())
            : first
                ? List.of(shape.channels(), shape.height(), shape.width())
                : List.of(shape.height(), shape.width(), shape.channels()),
        first);
  }

  /**
   * Adds the operator that gives the output of the file: the network's in the order of the file.
   */
  private static void last(
      GraphProto.Builder graph,
      OnnxNodes nodes,
      Shape shape,
      OnnxTranslation.Output made,
      End end,
      String output) {
    String tensor = made.tensor();
    boolean turned =
        !made.vector() && !end.channelsFirst() && shape.channels() > 1 && shape.plane() > 1;
    boolean sameAxes = made.vector() ? end.isVector() : end.sizes().size() == 3;
    if (turned && sameAxes) {
      graph.addNode(
          node("Transpose", tensor, output).addAttribute(OnnxNodes.list("perm", 0, 2, 3, 1)));
    } else if (sameAxes && (made.vector() || end.channelsFirst())) {
      graph.addNode(node("Identity", tensor, output));
    } else {
      long[] sizes = new long[end.sizes().size() + 1];
      for (int i = 1; i < sizes.length; i++) {
        sizes[i] = end.sizes().get(i - 1);
      }
      String to = nodes.integers("output.shape", sizes);
      graph.addNode(node("Reshape", tensor, output).addInput(to));
    }
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
    int axes = source.input.sizes().size();
    if (axes == 1 || source.input.channelsFirst() && axes == 3) {
      return input;
    } else if (axes == 2) {
      // [N, C, W] becomes [N, C, 1, W], and [N, H, W] becomes [N, 1, H, W].
      String axis = nodes.integers("input.axis", source.input.channelsFirst() ? 2 : 1);
      return nodes.add("Unsqueeze", "input/image", List.of(input, axis));
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
