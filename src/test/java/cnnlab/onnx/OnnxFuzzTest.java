package cnnlab.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.keras.ProcessorTime;
import cnnlab.model.file.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;

/**
 * Files with random bytes changed, and models with random parts changed, are read correctly or
 * refused with one clear error, without a hang, another exception or running out of memory.
 */
class OnnxFuzzTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final List<String> MODELS =
      List.of(
          "mobile.old.onnx",
          "dense.new.onnx",
          "windows.old.onnx",
          "activations.new.onnx",
          "shuffle.new.onnx",
          "resized.old.onnx",
          "groups.old.onnx",
          "tfimages.old.onnx");

  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("onnx-fuzz");
    Dl4jRuntime.configure(true, 1);
    // ND4J takes a few seconds before the first graph.
    OnnxFile.read(OnnxModels.folder().resolve("mobile.old.onnx"));
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    for (Path file : Files.list(folder).toList()) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  @Property(tries = 300, seed = "1")
  void damagedFiles(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 7) int which,
      @ForAll @IntRange(min = 1, max = 10) int bytes)
      throws IOException {
    byte[] whole = Files.readAllBytes(OnnxModels.folder().resolve(MODELS.get(which)));
    Random random = new Random(seed);
    byte[] damaged =
        random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole;
    for (int i = 0; i < bytes && damaged.length > 0; i++) {
      int at = random.nextInt(damaged.length);
      damaged[at] =
          random.nextBoolean()
              ? (byte) (damaged[at] ^ 1 << random.nextInt(8))
              : (byte) List.of(0, 1, 0x7F, 0x80, 0xFF).get(random.nextInt(5)).intValue();
    }
    require(damaged);
  }

  /** Well-formed files whose numbers, names and nodes are wrong. */
  @Property(tries = 300, seed = "2")
  void changedModels(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 7) int which,
      @ForAll @IntRange(min = 1, max = 4) int changes)
      throws IOException {
    ModelProto.Builder model =
        ModelProto.parseFrom(Files.readAllBytes(OnnxModels.folder().resolve(MODELS.get(which))))
            .toBuilder();
    Random random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      change(model.getGraphBuilder(), random);
    }
    require(model.build().toByteArray());
  }

  private static void change(GraphProto.Builder graph, Random random) {
    long number =
        List.of(-1L, 0L, 1L, 2L, 7L, 1L << 20, 1L << 31, Long.MAX_VALUE).get(random.nextInt(8));
    int at = random.nextInt(graph.getNodeCount());
    NodeProto.Builder node = graph.getNodeBuilder(at);
    switch (random.nextInt(7)) {
      case 0 -> graph.removeNode(at);
      case 1 -> node.setOpType(graph.getNode(random.nextInt(graph.getNodeCount())).getOpType());
      case 2 -> {
        if (node.getInputCount() > 0) {
          NodeProto other = graph.getNode(random.nextInt(graph.getNodeCount()));
          node.setInput(random.nextInt(node.getInputCount()), other.getOutput(0));
        }
      }
      case 3 -> {
        if (node.getAttributeCount() > 0) {
          AttributeProto.Builder a =
              node.getAttributeBuilder(random.nextInt(node.getAttributeCount()));
          if (a.getIntsCount() > 0) {
            a.setInts(random.nextInt(a.getIntsCount()), number);
          } else {
            a.setI(number).setF(number);
          }
        }
      }
      case 4 -> {
        if (node.getInputCount() > 0) {
          node.addInput(node.getInput(0));
        }
      }
      default -> {
        TensorProto.Builder t =
            graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
        if (random.nextBoolean() && t.getDimsCount() > 0) {
          t.setDims(random.nextInt(t.getDimsCount()), number);
        } else {
          t.setDataType(random.nextInt(18));
        }
      }
    }
  }

  private static void require(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("a.onnx"), content);
    long start = ProcessorTime.now();
    try {
      assertThat(OnnxFile.read(file).graph().numParams()).isNotNegative();
    } catch (ModelFileException e) {
      assertThat(e).hasMessageStartingWith(file + ": ");
      assertThat(e.getMessage()).hasSizeLessThan(3000).doesNotContain("\tat ");
    }
    assertThat(ProcessorTime.since(start)).isLessThan(SOON);
  }
}
