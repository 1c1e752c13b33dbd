package cnnlab.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelLoader;
import cnnlab.model.GraphEnds;
import cnnlab.model.file.ModelFileException;
import cnnlab.onnx.layer.Operators;
import cnnlab.scratch.OnnxCase;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import cnnlab.text.TextTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ONNX project's tests of its operators, read as files of one node: the first input is the
 * model's, the others are initialisers, or all are parts of the model's input. A test without an
 * axis for a batch gets one in front, and its axes count from there. Both engines give what ONNX
 * expects, or the file is refused; {@code onnx/read.txt} lists which, and why.
 */
class OnnxNodeTest {
  private static final double TOLERANCE = 1e-5;

  /** Its expected means have four decimals only; this case has ONNX's own tolerance. */
  private static final String FOUR_DECIMALS = "test_averagepool_2d_ceil_last_window_starts_on_pad";

  private static final double ONNX_TOLERANCE = 1e-3;

  @TempDir private Path folder;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  @Test
  void nodesComputeWhatOnnxExpects() throws IOException {
    Map<String, List<String>> leftOut = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    TextTable table = new TextTable().left("operator").right("cases").right("run");
    int all = 0;
    int run = 0;
    for (String operator : Operators.names()) {
      if (OnnxNodeTest.class.getResource("/onnx/" + operator.toLowerCase() + ".json") == null) {
        continue;
      }
      List<OnnxCase> cases = OnnxCase.of(operator);
      int ran = 0;
      for (OnnxCase c : cases) {
        String reason = run(c, wrong);
        if (reason == null) {
          ran++;
        } else {
          leftOut.computeIfAbsent(reason, r -> new ArrayList<>()).add(c.name());
        }
      }
      table.row(operator, String.valueOf(cases.size()), String.valueOf(ran));
      all += cases.size();
      run += ran;
    }
    table.row("all", String.valueOf(all), String.valueOf(run));
    StringBuilder text = new StringBuilder(table + "\n");
    leftOut.forEach(
        (reason, names) -> {
          text.append("\n").append(reason).append(":\n");
          names.forEach(name -> text.append("  ").append(name).append("\n"));
        });
    Files.writeString(Path.of("target/onnx-read.txt"), text);
    assertThat(wrong).isEmpty();
    assertThat(text.toString()).as("target/onnx-read.txt").isEqualTo(recorded());
  }

  private static String recorded() throws IOException {
    try (InputStream in = OnnxNodeTest.class.getResourceAsStream("/onnx/read.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Null when it ran. */
  private String run(OnnxCase c, List<String> wrong) throws IOException {
    if (c.expandedFrom() != null) {
      return "the case it expands, with the same data, is there";
    }
    if (c.inputs().isEmpty()) {
      return "it has no input";
    }
    if (Stream.concat(c.inputs().stream(), Stream.of(c.output(0)))
        .anyMatch(t -> t.values() == null)) {
      return "more than 4,096 values";
    }
    if (!c.input(0).type().equals("float32") && !NodeModel.COPIES.contains(c.operator())) {
      return "the input is no float32";
    }
    String reason = null;
    for (NodeModel.Form form : NodeModel.Form.values()) {
      String refused = null;
      boolean tried = false;
      int outputs = c.operator().equals("Split") ? c.outputs().size() : 1;
      for (int k = 0; k < outputs && refused == null; k++) {
        NodeModel model = NodeModel.of(c, form, k);
        tried = model != null;
        refused = tried ? run(c, model, c.output(k).values(), wrong) : "";
      }
      if (tried && refused == null) {
        return null;
      }
      reason = reason == null && tried ? refused : reason;
    }
    return reason == null ? "it has no axis for a batch" : reason;
  }

  private String run(OnnxCase c, NodeModel made, float[] expected, List<String> wrong)
      throws IOException {
    Path file = folder.resolve("case.onnx");
    Files.write(file, made.bytes());
    LoadedModel model;
    try {
      model = ModelLoader.open(file);
    } catch (ModelFileException e) {
      return e.getMessage()
          .substring(file.toString().length() + 2)
          .replace("node 'raw'", "node 'y'")
          .replaceAll(" \\[.*", " …");
    }
    int n = made.examples();
    float[] x = model.input().channelsFirst(made.input(), n);
    float[] wanted = model.output().channelsFirst(expected, n);
    Shape s = model.input().shape();
    var input = GraphEnds.input(model.graph(), x, n, s.channels(), s.height(), s.width());
    check(c, "DL4J", wanted, model.graph().outputSingle(input).dup('c').data().asFloat(), wrong);
    float[] ours =
        GraphCompiler.compile(model.graph(), s, Kernels.best())
            .predict(model.input().channelsFirst(made.input(), n), n);
    check(c, "from scratch", wanted, ours, wrong);
    return null;
  }

  private static void check(
      OnnxCase c, String engine, float[] expected, float[] found, List<String> wrong) {
    double tolerance = c.name().equals(FOUR_DECIMALS) ? ONNX_TOLERANCE : TOLERANCE;
    boolean same = expected.length == found.length;
    for (int i = 0; same && i < expected.length; i++) {
      same =
          Math.abs(expected[i] - found[i]) <= tolerance * Math.max(1, Math.abs(expected[i]))
              || Float.compare(expected[i], found[i]) == 0;
    }
    if (!same) {
      wrong.add(
          "%s, %s: %s, expected %s"
              .formatted(
                  c.name(),
                  engine,
                  Arrays.toString(Arrays.copyOf(found, 8)),
                  Arrays.toString(Arrays.copyOf(expected, 8))));
    }
  }
}
