package cnnlab.onnx;

import static cnnlab.onnx.Protos.floats;
import static cnnlab.onnx.Protos.integer;
import static cnnlab.onnx.Protos.integers;
import static cnnlab.onnx.Protos.longs;
import static cnnlab.onnx.Protos.model;
import static cnnlab.onnx.Protos.node;
import static cnnlab.onnx.Protos.number;
import static cnnlab.onnx.Protos.tensor;
import static cnnlab.onnx.Protos.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.file.ModelFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged, hostile and unsupported files give one clear error. */
class OnnxRefusedTest {
  private static final List<Integer> VECTORS = List.of(-1, 3);
  private static final List<Integer> IMAGES = List.of(-1, 2, 5, 5);

  @TempDir private Path folder;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  private void refused(byte[] model, String... words) throws IOException {
    Path file = folder.resolve("m.onnx");
    Files.write(file, model);
    assertThatThrownBy(() -> OnnxFile.read(file))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(words);
  }

  private void refused(List<Integer> input, Consumer<GraphProto.Builder> content, String... words)
      throws IOException {
    refused(model(18, input, content), words);
  }

  @Test
  void noModel() throws IOException {
    refused(new byte[0], "not an ONNX model");
    refused("PK\3\4 a zip archive".getBytes(), "not an ONNX model");
    refused("version https://git-lfs.github.com/spec/v1\n".getBytes(), "git lfs pull");
    byte[] whole = Files.readAllBytes(OnnxModels.folder().resolve("lenet.old.onnx"));
    refused(java.util.Arrays.copyOf(whole, whole.length / 2), "not an ONNX model", "truncated");
  }

  @Test
  void missingFileAndFolder() {
    assertThatThrownBy(() -> OnnxFile.read(folder.resolve("none.onnx")))
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> OnnxFile.read(folder)).hasMessageContaining("is not a file");
  }

  @Test
  void otherOperatorSets() throws IOException {
    Consumer<GraphProto.Builder> relu = g -> g.addNode(node("Relu", "y", List.of("x")));
    refused(model(10, VECTORS, relu), "operator set 10", "11 to 22");
    refused(model(23, VECTORS, relu), "operator set 23");
    refused(
        VECTORS,
        g -> g.addNode(node("Relu", "y", List.of("x")).toBuilder().setDomain("com.microsoft")),
        "com.microsoft");
  }

  @Test
  void nodesThatDependOnThemselves() throws IOException {
    refused(
        VECTORS,
        g ->
            g.addNode(node("Add", "a", List.of("x", "b")))
                .addNode(node("Relu", "b", List.of("a")))
                .addNode(node("Relu", "y", List.of("b"))),
        "in a circle");
  }

  @Test
  void missingNames() throws IOException {
    refused(
        VECTORS,
        g -> g.addNode(node("Add", "y", List.of("x", "w"))),
        "node 'y' (Add)",
        "reads 'w'");
    refused(VECTORS, g -> g.addNode(node("Relu", "z", List.of("x"))), "output 'y'");
  }

  @Test
  void duplicateNames() throws IOException {
    refused(
        VECTORS,
        g -> g.addNode(node("Relu", "y", List.of("x"))).addNode(node("Tanh", "y", List.of("x"))),
        "also one of node 'y'");
    refused(
        VECTORS,
        g ->
            g.addInitializer(floats("w", new float[1], 1))
                .addInitializer(floats("w", new float[1], 1))
                .addNode(node("Add", "y", List.of("x", "w"))),
        "two initialisers have the name 'w'");
    refused(VECTORS, g -> g.addNode(node("Relu", "x", List.of("x"))), "the name of an input");
    refused(
        VECTORS,
        g -> g.addNode(node("Elu", "y", List.of("x"), number("alpha", 1), number("alpha", 2))),
        "two attributes have the name 'alpha'");
  }

  @Test
  void wrongTypes() throws IOException {
    refused(
        VECTORS,
        g -> g.addNode(node("Elu", "y", List.of("x"), integer("alpha", 1))),
        "alpha is of type INT; expected FLOAT");
    refused(
        VECTORS,
        g ->
            g.addInitializer(tensor("w", TensorProto.DataType.STRING_VALUE, 1))
                .addNode(node("Add", "y", List.of("x", "w"))),
        "initialiser 'w' has type STRING");
    refused(
        VECTORS,
        g ->
            g.setInput(0, value("x", TensorProto.DataType.INT64_VALUE, VECTORS))
                .addNode(node("Relu", "y", List.of("x"))),
        "input 'x' has type INT64; expected FLOAT");
  }

  @Test
  void wrongSizes() throws IOException {
    refused(
        VECTORS,
        g ->
            g.addInitializer(floats("w", new float[2], 3))
                .addNode(node("Add", "y", List.of("x", "w"))),
        "has 2 values; its shape [3] requires 3");
    refused(
        VECTORS,
        g ->
            g.addInitializer(tensor("w", 1, 1L << 40, 1L << 40))
                .addNode(node("Add", "y", List.of("x", "w"))),
        "initialiser 'w'",
        "Java's memory");
    refused(
        VECTORS,
        g -> g.addInitializer(tensor("w", 1, -3)).addNode(node("Add", "y", List.of("x", "w"))),
        "none negative");
    refused(
        List.of(-1, 1 << 14, 1 << 14, 1),
        g -> g.addNode(node("Relu", "y", List.of("x"))),
        "the limit is");
    refused(List.of(-1, 3, -1, 5), g -> g.addNode(node("Relu", "y", List.of("x"))), "[?, 3, ?, 5]");
  }

  @Test
  void constantsThatBecomeTooLarge() throws IOException {
    refused(
        VECTORS,
        g ->
            g.addInitializer(longs("s", new long[] {1 << 20, 1 << 20}, 2))
                .addNode(node("ConstantOfShape", "w", List.of("s")))
                .addNode(node("Add", "y", List.of("x", "w"))),
        "node 'w' (ConstantOfShape)",
        "at most");
  }

  /** Each doubles: small in the file, large in the memory. */
  @Test
  void manyConstantsTogether() throws IOException {
    refused(
        VECTORS,
        g -> {
          g.addInitializer(longs("s", new long[] {1 << 24}, 1));
          g.addNode(node("ConstantOfShape", "c0", List.of("s")));
          for (int i = 0; i < 100; i++) {
            g.addNode(node("Neg", "c" + (i + 1), List.of("c" + i)));
          }
          g.addNode(node("Add", "y", List.of("x", "c100")));
        },
        "together");
  }

  @Test
  void unsupported() throws IOException {
    refused(
        IMAGES,
        g -> g.addNode(node("Det", "y", List.of("x"))),
        "node 'y' (Det)",
        "the supported operators are",
        "Conv");
    refused(
        IMAGES,
        g -> g.addNode(node("Softmax", "y", List.of("x"), integer("axis", 0))),
        "axis is 0",
        "has the batch there");
    refused(
        VECTORS,
        g -> g.addNode(node("Relu", "y", List.of("x"), integer("made_up", 2))),
        "[made_up]");
    refused(
        VECTORS,
        g -> g.addInput(value("x", 1, VECTORS)).addNode(node("Relu", "y", List.of("x"))),
        "two inputs have the name 'x'");
    refused(
        VECTORS,
        g -> g.addInput(value("z", 1, IMAGES)).addNode(node("Concat", "y", List.of("x", "z"))),
        "'y' (Concat)");
    refused(
        IMAGES,
        g ->
            g.addInitializer(floats("w", new float[3 * 9], 3, 1, 3, 3))
                .addNode(node("Conv", "y", List.of("x", "w"))),
        "do not fit 2 channels");
  }

  /** The batch may move in files of one example alone, and the output needs it in front. */
  @Test
  void batchesInOtherPlaces() throws IOException {
    NodeProto turn = node("Transpose", "t", List.of("x"), integers("perm", 1, 0, 2, 3));
    refused(
        IMAGES,
        g -> g.addNode(turn).addNode(node("Relu", "y", List.of("t"))),
        "node 't' (Transpose)",
        "perm is [1, 0, 2, 3]",
        "export the model with one example and without dynamic axes");
    List<Integer> one = new ArrayList<>(IMAGES);
    one.set(0, 1);
    refused(
        one,
        g -> g.addNode(turn).addNode(node("Relu", "y", List.of("t"))),
        "the output 'y' has the shape [2, 1,",
        "without the batch in front");
    refused(
        one,
        g ->
            g.addInitializer(floats("w", new float[18], 1, 2, 3, 3))
                .addNode(turn)
                .addNode(node("Conv", "y", List.of("t", "w"))),
        "an input of node 'y' (Conv) has the shape [2, 1,",
        "without the batch in front");
  }

  @Test
  void productsThatDoNotFit() throws IOException {
    refused(
        VECTORS,
        g -> g.addNode(node("MatMul", "y", List.of("x", "x"))),
        "node 'y' (MatMul)",
        "expected matrices [N, M, K] and [N, K, P]");
  }

  /** Millions of fields of two bytes, which would become large objects. */
  @Test
  void manyEmptyNodes() throws IOException {
    ByteArrayOutputStream graph = new ByteArrayOutputStream();
    byte[] emptyNodes = new byte[1 << 16];
    for (int i = 0; i < emptyNodes.length; i += 2) {
      emptyNodes[i] = 0x0A;
    }
    for (int i = 0; i < 64; i++) {
      graph.write(emptyNodes);
    }
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    model.write(new byte[] {0x08, 8, 0x3A});
    int length = graph.size();
    for (; length > 127; length >>>= 7) {
      model.write(length & 127 | 128);
    }
    model.write(length);
    model.write(graph.toByteArray());
    refused(model.toByteArray(), "fields of nodes");
  }

  private byte[] external(String location, long length) {
    return model(
        18,
        VECTORS,
        g ->
            g.addInitializer(
                    tensor("w", 1, 3)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", location))
                        .addExternalData(entry("offset", "4"))
                        .addExternalData(entry("length", String.valueOf(length))))
                .addNode(node("Add", "y", List.of("x", "w"))));
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  @Test
  void weightsInAnotherFile() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 4; i++) {
      data.putFloat(i);
    }
    Files.write(folder.resolve("w.data"), data.array());
    Path file = folder.resolve("good.onnx");
    Files.write(file, external("w.data", 12));
    assertThat(
            OnnxFile.read(file)
                .graph()
                .outputSingle(org.nd4j.linalg.factory.Nd4j.zeros(1, 3))
                .data()
                .asFloat())
        .containsExactly(1, 2, 3);
    refused(external("none.data", 12), "no such file beside the model");
    refused(external("w.data", 8), "length is 8 bytes", "require 12");
  }

  @Test
  void weightsOutsideOfTheFolder() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path secret = Files.write(folder.resolve("secret.data"), new byte[16]);
    Path file = inner.resolve("m.onnx");
    Files.createSymbolicLink(inner.resolve("link.data"), secret);
    Files.createSymbolicLink(inner.resolve("up"), folder);
    for (String location :
        List.of(
            "../secret.data",
            secret.toString(),
            "x/../../secret.data",
            "link.data",
            "up/secret.data")) {
      Files.write(file, external(location, 12));
      assertThatThrownBy(() -> OnnxFile.read(file))
          .as(location)
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("outside the model's folder");
    }
  }

  @Test
  void trainingInformationAndSubgraphs() throws IOException {
    ModelProto.Builder model =
        model(18, VECTORS, "y", g -> g.addNode(node("Relu", "y", List.of("x"))));
    refused(
        model
            .clone()
            .addTrainingInfo(onnx.Onnx.TrainingInfoProto.newBuilder())
            .build()
            .toByteArray(),
        "for training");
    refused(
        VECTORS,
        g ->
            g.addNode(
                node(
                    "If",
                    "y",
                    List.of("x"),
                    onnx.Onnx.AttributeProto.newBuilder()
                        .setName("then_branch")
                        .setType(onnx.Onnx.AttributeProto.AttributeType.GRAPH)
                        .setG(GraphProto.newBuilder())
                        .build())),
        "a graph inside a node");
  }
}
