package cnnlab.scratch.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.scratch.OnnxCase;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.OnnxLayers;
import cnnlab.text.TextTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The ONNX project's tests of its operators, as far as the engine's layers can express them: the
 * plain loops and the fast kernels give the outputs that ONNX expects.
 */
class OnnxConformanceTest {
  private static final List<String> OPERATORS =
      List.of(
          "Conv",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "Gemm",
          "Flatten",
          "Relu",
          "LeakyRelu",
          "Elu",
          "Gelu",
          "Sigmoid",
          "Tanh",
          "Softmax",
          "BatchNormalization",
          "Add");

  /** ONNX itself allows 1e-3 of each value, and 1e-7. */
  private static final double RELATIVE = 1e-5;

  private static final double ABSOLUTE = 1e-7;

  /**
   * Its expected means have four decimals only and are rounded up (0.284044 as 0.2841): this case
   * has ONNX's own tolerance.
   */
  private static final String FOUR_DECIMALS = "test_averagepool_2d_ceil_last_window_starts_on_pad";

  private static final double ONNX_RELATIVE = 1e-3;

  private static final int EXPECTED_TO_RUN = 78;

  private final List<OnnxCase> done = new ArrayList<>();

  @TestFactory
  Stream<DynamicTest> everyCase() {
    List<Kernels> kernels = new ArrayList<>(List.of(new ReferenceKernels()));
    if (!Kernels.best().name().equals(kernels.get(0).name())) {
      kernels.add(Kernels.best());
    }
    List<OnnxCase> cases = OPERATORS.stream().flatMap(o -> OnnxCase.of(o).stream()).toList();
    Stream<DynamicTest> run =
        cases.stream()
            .filter(c -> OnnxLayers.reasonToLeaveOut(c).isEmpty())
            .map(c -> DynamicTest.dynamicTest(c.name(), () -> run(c, kernels)));
    return Stream.concat(
        run,
        Stream.of(
            DynamicTest.dynamicTest("what ran and what did not", () -> account(cases, kernels))));
  }

  private void run(OnnxCase c, List<Kernels> kernels) {
    double relative = c.name().equals(FOUR_DECIMALS) ? ONNX_RELATIVE : RELATIVE;
    for (Kernels k : kernels) {
      String what = c.name() + " on " + k.name();
      List<float[]> outputs = OnnxLayers.compute(c, k);
      assertThat(outputs).hasSameSizeAs(c.outputs());
      for (int i = 0; i < outputs.size(); i++) {
        assertClose(what, c.output(i).values(), outputs.get(i), relative);
      }
    }
    done.add(c);
  }

  private static void assertClose(String what, float[] expected, float[] actual, double relative) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double allowed = ABSOLUTE + relative * Math.abs(expected[i]);
      assertThat((double) actual[i])
          .as("%s, value %d", what, i)
          .isBetween(expected[i] - allowed, expected[i] + allowed);
    }
  }

  /** Runs last: dynamic tests run in order. */
  private void account(List<OnnxCase> cases, List<Kernels> kernels) throws IOException {
    String account = table(cases);
    System.out.println(
        "kernels: " + kernels.stream().map(Kernels::name).toList() + "\n\n" + account);
    try (InputStream in = getClass().getResourceAsStream("/onnx/conformance.txt")) {
      byte[] expected = Objects.requireNonNull(in, "conformance.txt").readAllBytes();
      assertThat(account).isEqualTo(new String(expected, StandardCharsets.UTF_8));
    }
    assertThat(done).doesNotHaveDuplicates().hasSize(EXPECTED_TO_RUN);
  }

  private String table(List<OnnxCase> cases) {
    TextTable counts = new TextTable().left("operator").right("cases").right("run");
    Map<String, List<String>> leftOut = new TreeMap<>();
    for (String operator : OPERATORS) {
      counts.row(
          operator,
          "" + cases.stream().filter(c -> c.operator().equals(operator)).count(),
          "" + done.stream().filter(c -> c.operator().equals(operator)).count());
    }
    counts.row("all", "" + cases.size(), "" + done.size());
    for (OnnxCase c : cases) {
      OnnxLayers.reasonToLeaveOut(c)
          .ifPresent(r -> leftOut.computeIfAbsent(r, k -> new ArrayList<>()).add(c.name()));
    }
    TextTable reasons = new TextTable().right("left out").left("because");
    StringBuilder names = new StringBuilder();
    leftOut.forEach(
        (reason, list) -> {
          reasons.row("" + list.size(), reason);
          names.append('\n').append(reason).append(":\n  ").append(String.join("\n  ", list));
          names.append('\n');
        });
    return counts + "\n" + reasons + names;
  }
}
