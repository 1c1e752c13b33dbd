package cnnlab.onnx;

import static cnnlab.onnx.Protos.floats;
import static cnnlab.onnx.Protos.integers;
import static cnnlab.onnx.Protos.longs;
import static cnnlab.onnx.Protos.model;
import static cnnlab.onnx.Protos.node;
import static cnnlab.onnx.Protos.tensor;
import static cnnlab.onnx.Protos.text;
import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.Outcome;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.keras.ProcessorTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import onnx.Onnx.GraphProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code compare} and {@code predict} answer to ONNX files, good and hostile. */
class OnnxCommandTest {
  private static final List<Integer> VECTORS = List.of(-1, 3);
  private static final List<Integer> IMAGES = List.of(-1, 2, 64, 64);
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"unet.old", "resized.new", "waves.old", "tfimages.old", "shuffle.new"})
  void goodFiles(String name) {
    Path file = OnnxModels.folder().resolve(name + ".onnx");
    String x = OnnxModels.inputs(file).toString();
    Outcome compared =
        Outcome.of(
            "compare",
            file.toString(),
            "--inputs",
            x,
            "--expected",
            OnnxModels.outputs(file).toString());
    assertThat(compared.code()).as(compared.err()).isZero();
    Path y = folder.resolve("y.npy");
    Outcome predicted =
        Outcome.of("predict", file.toString(), "--inputs", x, "--out", y.toString());
    assertThat(predicted.code()).as(predicted.err()).isZero();
    NpyArray expected = NpyFile.read(OnnxModels.outputs(file));
    assertThat(NpyFile.read(y).shape()).isEqualTo(expected.shape());
  }

  private static byte[] of(List<Integer> input, Consumer<GraphProto.Builder> content) {
    return model(18, input, content);
  }

  private static byte[] external(String location) {
    return of(
        VECTORS,
        g ->
            g.addInitializer(
                    tensor("w", 1, 3)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(
                            StringStringEntryProto.newBuilder()
                                .setKey("location")
                                .setValue(location)))
                .addNode(node("Add", "y", List.of("x", "w"))));
  }

  /** Files that must be refused, and a word of the answer. */
  private static Map<String, Map.Entry<byte[], String>> hostile() {
    Map<String, Map.Entry<byte[], String>> files = new TreeMap<>();
    files.put(
        "circle",
        Map.entry(
            of(
                VECTORS,
                g ->
                    g.addNode(node("Add", "a", List.of("x", "b")))
                        .addNode(node("Relu", "b", List.of("a")))
                        .addNode(node("Relu", "y", List.of("b")))),
            "in a circle"));
    files.put(
        "missing",
        Map.entry(of(VECTORS, g -> g.addNode(node("Add", "y", List.of("x", "w")))), "reads 'w'"));
    files.put(
        "double",
        Map.entry(
            of(
                VECTORS,
                g ->
                    g.addNode(node("Relu", "y", List.of("x")))
                        .addNode(node("Tanh", "y", List.of("x")))),
            "also one of node 'y'"));
    files.put(
        "type",
        Map.entry(
            of(
                VECTORS,
                g ->
                    g.addInitializer(tensor("w", TensorProto.DataType.STRING_VALUE, 1))
                        .addNode(node("Add", "y", List.of("x", "w")))),
            "has type STRING"));
    files.put(
        "gigabytes",
        Map.entry(
            of(
                VECTORS,
                g ->
                    g.addInitializer(tensor("w", 1, 1 << 16, 1 << 15))
                        .addNode(node("Add", "y", List.of("x", "w")))),
            "Java's memory"));
    files.put(
        "overflow",
        Map.entry(
            of(
                VECTORS,
                g ->
                    g.addInitializer(tensor("w", 1, 1L << 40, 1L << 40))
                        .addNode(node("Add", "y", List.of("x", "w")))),
            "Java's memory"));
    files.put("parent", Map.entry(external("../w.data"), "outside the model's folder"));
    files.put("absolute", Map.entry(external("/etc/passwd"), "outside the model's folder"));
    files.put(
        "constants",
        Map.entry(
            of(
                VECTORS,
                g ->
                    g.addInitializer(longs("s", new long[] {1 << 14, 1 << 14}, 2))
                        .addNode(node("ConstantOfShape", "w", List.of("s")))
                        .addNode(node("Add", "y", List.of("x", "w")))),
            "at most"));
    files.put(
        "resize",
        Map.entry(
            of(
                IMAGES,
                g ->
                    g.addInitializer(longs("s", new long[] {1, 2, 65_536, 65_536}, 4))
                        .addNode(node("Resize", "y", List.of("x", "", "", "s")))),
            "Resize"));
    files.put(
        "scales",
        Map.entry(
            of(
                IMAGES,
                g ->
                    g.addInitializer(floats("s", new float[] {1, 1, Float.NaN, 1e30f}, 4))
                        .addNode(
                            node("Resize", "y", List.of("x", "", "s"), text("mode", "linear")))),
            "Resize"));
    files.put(
        "padding",
        Map.entry(
            of(
                IMAGES,
                g ->
                    g.addInitializer(
                            longs("p", new long[] {0, 0, 1L << 40, 0, 0, 0, Long.MIN_VALUE, 0}, 8))
                        .addNode(node("Pad", "y", List.of("x", "p")))),
            "pads"));
    files.put(
        "transposed",
        Map.entry(
            of(
                IMAGES,
                g ->
                    g.addInitializer(floats("w", new float[2], 2, 1, 1, 1))
                        .addNode(
                            node(
                                "ConvTranspose",
                                "y",
                                List.of("x", "w"),
                                integers("strides", 65_535, 65_535)))),
            "ConvTranspose"));
    files.put(
        "tiles",
        Map.entry(
            of(
                IMAGES,
                g ->
                    g.addInitializer(longs("r", new long[] {1, 1 << 12, 1 << 12, 1}, 4))
                        .addNode(node("Tile", "y", List.of("x", "r")))),
            "Tile"));
    files.put(
        "doubling",
        Map.entry(
            of(
                IMAGES,
                g -> {
                  g.addInitializer(longs("r", new long[] {1, 1, 2, 1}, 4));
                  g.addNode(node("Relu", "v0", List.of("x")));
                  for (int i = 0; i < 40; i++) {
                    g.addNode(node("Tile", "v" + (i + 1), List.of("v" + i, "r")));
                  }
                  g.addNode(node("Relu", "y", List.of("v40")));
                }),
            "Tile"));
    return files;
  }

  /** Runs both commands on every file of a folder and prints code, milliseconds and the answer. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    String x = folder.resolve("x.npy").toString();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList()) {
        for (String command : List.of("compare", "predict")) {
          long start = ProcessorTime.now();
          Outcome outcome =
              command.equals("compare")
                  ? Outcome.of(command, file.toString())
                  : Outcome.of(command, file.toString(), "--inputs", x, "--out", folder + "/y.csv");
          System.out.println(
              "%s\t%s\t%s\t%s\t%s"
                  .formatted(
                      file.getFileName(),
                      command,
                      outcome.code(),
                      ProcessorTime.since(start).toMillis(),
                      outcome.err().strip().replace('\n', '|')));
        }
      }
    }
  }

  /** With 512 MB of heap, each within 5 seconds of processor time. */
  @Test
  void hostileFilesAreRefusedInLittleMemory() throws IOException, InterruptedException {
    Map<String, Map.Entry<byte[], String>> hostile = hostile();
    for (var e : hostile.entrySet()) {
      Files.write(folder.resolve(e.getKey() + ".onnx"), e.getValue().getKey());
    }
    NpyFile.write(folder.resolve("x.npy"), new NpyArray(new int[] {1, 3}, new float[3]));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                OnnxCommandTest.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(out).isZero();
    List<String> seen = new ArrayList<>();
    for (String line : out.lines().filter(l -> l.contains(".onnx\t")).toList()) {
      String[] parts = line.split("\t");
      String name = parts[0].replace(".onnx", "");
      assertThat(parts[2]).as(line).isEqualTo("2");
      assertThat(Long.parseLong(parts[3])).as(line).isLessThan(SOON.toMillis());
      assertThat(parts[4])
          .as(line)
          .contains(hostile.get(name).getValue())
          .contains(name + ".onnx")
          .doesNotContain("\tat ", "Exception");
      seen.add(name + " " + parts[1]);
    }
    assertThat(seen).hasSize(2 * hostile.size());
    assertThat(folder.resolve("y.csv")).doesNotExist();
  }
}
