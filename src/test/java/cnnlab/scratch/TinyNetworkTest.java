package cnnlab.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.train.Backpropagation;
import cnnlab.scratch.train.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The walk-through of docs/from-scratch.md is right, and the document shows the tested code. */
class TinyNetworkTest {
  private static final Path PAGE = Path.of("docs/from-scratch.md");
  private static final Path SOURCE = Path.of("src/test/java/cnnlab/scratch/TinyNetwork.java");
  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

  private final float[] x = new float[12 * 36];
  private final int[] labels = new int[12];

  /** A horizontal line (class 0) or a vertical one (class 1) in each of six places. */
  TinyNetworkTest() {
    for (int n = 0; n < 12; n++) {
      labels[n] = n % 2;
      for (int i = 0; i < 6; i++) {
        x[n * 36 + (labels[n] == 0 ? n / 2 * 6 + i : i * 6 + n / 2)] = 1;
      }
    }
  }

  /** Random parameters from which training succeeds; from some others the loss stays at 0.375. */
  private static TinyNetwork initialised() {
    TinyNetwork network = new TinyNetwork();
    Random random = new Random(2);
    for (int i = 0; i < network.parameters.length; i++) {
      network.parameters[i] = (float) (0.3 * random.nextGaussian());
    }
    return network;
  }

  @Test
  void learnsToTellLinesApart() {
    TinyNetwork network = initialised();
    double first = network.step(x, labels, 0.5f);
    double last = first;
    for (int step = 0; step < 200; step++) {
      last = network.step(x, labels, 0.5f);
    }
    assertThat(first).isBetween(0.5, 1.0);
    assertThat(last).isLessThan(0.01);
  }

  /** With a learning rate of 1, a step changes the parameters by minus the gradient. */
  @Test
  void lossAndGradientsAreTheEngines() {
    TinyNetwork tiny = initialised();
    float[] before = tiny.parameters.clone();
    Network network =
        Network.builder(new Shape(1, 6, 6))
            .add("conv", new Conv2d(1, 2, Window.square(3, 1, Padding.VALID), true, true))
            .add("pool", new MaxPool2d(Window.square(2, 2, Padding.VALID)))
            .add("flatten", new Flatten())
            .add("dense", new Dense(8, 2, true, false))
            .add("softmax", new Softmax())
            .build(before.clone(), new ReferenceKernels());
    float[] targets = new float[24];
    for (int n = 0; n < 12; n++) {
      targets[2 * n + labels[n]] = 1;
    }
    try (ThreadTeam team = new ThreadTeam(1)) {
      Backpropagation engine =
          new Backpropagation(network, Objective.CATEGORICAL_CROSS_ENTROPY, 12, team, false);
      double expected = engine.run(x, targets, 12, 0, 0);
      assertThat(tiny.step(x, labels, 1)).isCloseTo(expected, within(1e-6));
      for (int i = 0; i < before.length; i++) {
        assertThat(before[i] - tiny.parameters[i])
            .as("gradient %s", i)
            .isCloseTo(engine.gradients()[i], within(1e-6f));
      }
    }
  }

  @Test
  void theDocumentShowsThisCode() throws IOException {
    String shown =
        JAVA.matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult block) -> block.group(1))
            .collect(Collectors.joining());
    String source = Files.readString(SOURCE);
    assertThat(lines(shown)).isEqualTo(lines(source.substring(source.indexOf("final class"))));
  }

  /** Without indentation and empty lines. */
  private static String lines(String code) {
    return code.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }
}
