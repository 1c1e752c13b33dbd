package cnnlab.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.onnx.NodeModels;
import cnnlab.scratch.OnnxCase;
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
import org.junit.jupiter.api.Test;

/**
 * The ONNX project's tests of operators that are computed while reading, because they depend on
 * constants alone: all inputs are initialisers. {@code onnx/folded.txt} lists which are computed as
 * ONNX expects, and why others are not.
 */
class OnnxFoldingTest {
  private static final double TOLERANCE = 1e-6;

  @Test
  void constantsAreComputedAsOnnxExpects() throws IOException {
    Map<String, List<String>> leftOut = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    TextTable table = new TextTable().left("operator").right("cases").right("run");
    int all = 0;
    int run = 0;
    for (String operator : Folding.names()) {
      if (OnnxFoldingTest.class.getResource("/onnx/" + operator.toLowerCase() + ".json") == null) {
        continue;
      }
      int ran = 0;
      List<OnnxCase> cases =
          OnnxCase.of(operator).stream().filter(c -> c.expandedFrom() == null).toList();
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
    Files.writeString(Path.of("target/onnx-folded.txt"), text);
    assertThat(wrong).isEmpty();
    try (InputStream in = OnnxFoldingTest.class.getResourceAsStream("/onnx/folded.txt")) {
      assertThat(text.toString())
          .as("target/onnx-folded.txt")
          .isEqualTo(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Null when it ran. */
  private static String run(OnnxCase c, List<String> wrong) {
    for (List<OnnxCase.Tensor> tensors : List.of(c.inputs(), c.outputs())) {
      for (OnnxCase.Tensor t : tensors) {
        if (t.values() == null) {
          return "more than 4,096 values";
        }
        if (!t.type().isEmpty()
            && !t.type().matches("float32|int(8|16|32|64)|uint(8|16|32)|bool")) {
          return "numbers of a type that is not kept";
        }
      }
    }
    try {
      OnnxGraph graph = OnnxGraph.of(NodeModels.constants(c), null);
      OnnxNode node = graph.nodes().get(0);
      List<Tensor> in = new ArrayList<>();
      node.inputs().forEach(name -> in.add(name.isEmpty() ? null : graph.initialiser(name)));
      List<Tensor> found = Folding.computeAll(node, in);
      node.requireAllRead();
      for (int k = 0; k < Math.min(found.size(), c.outputs().size()); k++) {
        compare(c, c.output(k), found.get(k), wrong);
      }
      return null;
    } catch (OnnxFault e) {
      return e.getMessage().replaceAll(" \\[.*", " …");
    }
  }

  private static void compare(
      OnnxCase c, OnnxCase.Tensor expected, Tensor found, List<String> wrong) {
    float[] values = found.floats();
    float[] wanted = expected.values();
    boolean same =
        Arrays.equals(
                found.shape(), expected.shape().stream().mapToLong(Integer::longValue).toArray())
            && found.isReal() == expected.type().startsWith("float");
    for (int i = 0; same && i < wanted.length; i++) {
      same =
          Math.abs(values[i] - wanted[i]) <= TOLERANCE * Math.max(1, Math.abs(wanted[i]))
              || Float.compare(values[i], wanted[i]) == 0;
    }
    if (!same) {
      wrong.add(
          "%s: %s %s, expected %s %s"
              .formatted(
                  c.name(),
                  found,
                  Arrays.toString(Arrays.copyOf(values, Math.min(values.length, 8))),
                  expected.shape(),
                  Arrays.toString(Arrays.copyOf(wanted, Math.min(wanted.length, 8)))));
    }
  }
}
