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
import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Set;
import java.util.TreeMap;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ONNX project's tests of its operators, read as files of one node: the first input is the
 * model's, the others are initialisers. Both engines give what ONNX expects, or the file is
 * refused; {@code onnx/read.txt} lists which, and why.
 */
class OnnxNodeTest {
  private static final Set<String> REALS =
      Set.of("alpha", "beta", "gamma", "epsilon", "momentum", "ratio");

  /** Its operator set is newer; these operators have not changed since. */
  private static final int OPSET = 22;

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
    if (!c.input(0).type().equals("float32") || c.input(0).values() == null) {
      return c.input(0).values() == null ? "more than 4,096 values" : "the input is no float32";
    }
    Path file = folder.resolve("case.onnx");
    Files.write(file, model(c));
    LoadedModel model;
    try {
      model = ModelLoader.open(file);
    } catch (ModelFileException e) {
      return e.getMessage().substring(file.toString().length() + 2).replaceAll(" \\[.*", " …");
    }
    int n = c.input(0).shape().get(0);
    float[] x = model.input().channelsFirst(c.input(0).values(), n);
    float[] expected = model.output().channelsFirst(c.output(0).values(), n);
    Shape s = model.input().shape();
    var input = GraphEnds.input(model.graph(), x, n, s.channels(), s.height(), s.width());
    check(c, "DL4J", expected, model.graph().outputSingle(input).dup('c').data().asFloat(), wrong);
    float[] ours =
        GraphCompiler.compile(model.graph(), s, Kernels.best())
            .predict(model.input().channelsFirst(c.input(0).values(), n), n);
    check(c, "from scratch", expected, ours, wrong);
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

  private static byte[] model(OnnxCase c) {
    List<AttributeProto> attributes = new ArrayList<>();
    c.attributes().properties().forEach(e -> attributes.add(attribute(e)));
    return Protos.model(
        OPSET,
        c.input(0).shape(),
        g -> {
          List<String> names = new ArrayList<>(List.of("x"));
          for (int i = 1; i < c.inputs().size(); i++) {
            OnnxCase.Tensor t = c.input(i);
            names.add(t.type().isEmpty() ? "" : "i" + i);
            if (!t.type().isEmpty()) {
              g.addInitializer(initialiser("i" + i, t));
            }
          }
          g.addNode(
              Protos.node(c.operator(), "y", names, attributes.toArray(AttributeProto[]::new)));
        });
  }

  private static TensorProto initialiser(String name, OnnxCase.Tensor t) {
    long[] shape = t.shape().stream().mapToLong(Integer::longValue).toArray();
    if (t.type().equals("float32")) {
      return Protos.floats(name, t.values(), shape);
    }
    if (t.type().equals("bool")) {
      TensorProto.Builder made = Protos.tensor(name, TensorProto.DataType.BOOL_VALUE, shape);
      for (float v : t.values()) {
        made.addInt32Data((int) v);
      }
      return made.build();
    }
    long[] values = new long[t.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) t.values()[i];
    }
    return Protos.longs(name, values, shape);
  }

  private static AttributeProto attribute(Map.Entry<String, JsonNode> entry) {
    JsonNode value = entry.getValue();
    if (value.isTextual()) {
      return Protos.text(entry.getKey(), value.asText());
    }
    if (value.isArray()) {
      long[] values = new long[value.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = value.get(i).asLong();
      }
      return Protos.integers(entry.getKey(), values);
    }
    return REALS.contains(entry.getKey())
        ? Protos.number(entry.getKey(), value.floatValue())
        : Protos.integer(entry.getKey(), value.asLong());
  }
}
