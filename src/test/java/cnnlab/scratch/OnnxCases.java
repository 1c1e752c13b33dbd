package cnnlab.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.text.TextTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The ONNX project's cases of some operators, with a list of those that run and why others do not.
 */
public final class OnnxCases {
  private OnnxCases() {}

  /** Runs a case. */
  @FunctionalInterface
  public interface Runner {
    /**
     * Runs a case and compares its outputs.
     *
     * @param wrong receives what differs
     * @return null when it ran, else why it was left out
     */
    String run(OnnxCase c, List<String> wrong) throws IOException;
  }

  /**
   * Runs all cases of the operators that have any. None may be wrong, and the list of those that
   * ran must be the recorded one, {@code onnx/NAME.txt}; it is written to {@code
   * target/onnx-NAME.txt}.
   *
   * @param which selects the cases
   */
  public static void check(
      String name, Collection<String> operators, Predicate<OnnxCase> which, Runner runner)
      throws IOException {
    Map<String, List<String>> leftOut = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    TextTable table = new TextTable().left("operator").right("cases").right("run");
    int all = 0;
    int run = 0;
    for (String operator : operators) {
      String file = "/onnx/" + operator.toLowerCase(Locale.ROOT) + ".json";
      if (OnnxCases.class.getResource(file) == null) {
        continue;
      }
      List<OnnxCase> cases = OnnxCase.of(operator).stream().filter(which).toList();
      int ran = 0;
      for (OnnxCase c : cases) {
        String reason = runner.run(c, wrong);
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
          names.forEach(c -> text.append("  ").append(c).append("\n"));
        });
    Path written = Path.of("target/onnx-%s.txt".formatted(name));
    Files.writeString(written, text);
    assertThat(wrong).isEmpty();
    try (InputStream in = OnnxCases.class.getResourceAsStream("/onnx/%s.txt".formatted(name))) {
      assertThat(text.toString())
          .as(written.toString())
          .isEqualTo(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Whether values are equal but for rounding, relative to values above 1. */
  public static boolean same(float[] expected, float[] found, double tolerance) {
    boolean same = expected.length == found.length;
    for (int i = 0; same && i < expected.length; i++) {
      same =
          Math.abs(expected[i] - found[i]) <= tolerance * Math.max(1, Math.abs(expected[i]))
              || Float.compare(expected[i], found[i]) == 0;
    }
    return same;
  }

  /** The first values, for messages. */
  public static String first(float[] values) {
    return Arrays.toString(Arrays.copyOf(values, Math.min(values.length, 8)));
  }
}
