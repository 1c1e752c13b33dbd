package cnnlab.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.GaussianDropout;
import cnnlab.scratch.layer.GaussianNoise;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.SpatialDropout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreGradientTest {
  private static final Window WINDOW = Window.square(3, 1, Padding.SAME);

  private static Network random(long seed, int steps, Kernels kernels) {
    Network.Builder builder = RandomNetworks.classifier(seed, steps);
    return builder.build(TestNetworks.parameters(builder, seed), kernels);
  }

  /**
   * Every layer of random networks, in double precision. The layers after the changed one run as at
   * inference, so what replaces them for the backward pass is tested too. Kinks, such as that of
   * ReLU at 0, have another difference on each side and are left out.
   */
  @Test
  void gradientsAreTheDifferencesOfTheScores() {
    TreeSet<String> kinds = new TreeSet<>();
    int[] smoothAndKinks = new int[2];
    for (int seed = 0; seed < 150; seed++) {
      Network network = random(seed, 1 + seed % 7, new ReferenceKernels());
      double[] x = DoubleCopy.widen(TestGraphs.random(network.inputShape().size(), seed));
      cnnlab.scratch64.Network exact = DoubleCopy.of(network);
      for (String layer : cnnlab.scratch64.ScoreGradient.layers(exact)) {
        differences(exact, layer, x, seed % 5, smoothAndKinks);
        network.nodes().forEach(n -> kinds.add(n.layer().getClass().getSimpleName()));
      }
    }
    assertThat(smoothAndKinks[0]).isGreaterThan(4 * smoothAndKinks[1]);
    assertThat(kinds)
        .contains("BatchNorm", "Dropout", "Concatenate", "ElementwiseMerge", "PRelu", "Softmax")
        .contains("Conv2d", "DepthwiseConv2d", "MaxPool2d", "AvgPool2d", "ScaleShift", "ZeroPad2d");
  }

  private static void differences(
      cnnlab.scratch64.Network network, String layer, double[] x, int c, int[] count) {
    var result = new cnnlab.scratch64.ScoreGradient(network, layer).of(x, 1, c);
    int at = network.nodes().stream().map(n -> n.name()).toList().indexOf(layer);
    double[][] outputs = network.activations(x, 1).values().toArray(double[][]::new);
    assertThat(result.maps()).isEqualTo(outputs[at]);
    double score = result.scores()[c];
    int step = Math.max(1, outputs[at].length / 20);
    for (int i = 0; i < outputs[at].length; i += step) {
      double h = 1e-6 * Math.max(1, Math.abs(outputs[at][i]));
      double right = (score(network, x, outputs, at, i, h, c) - score) / h;
      double left = (score - score(network, x, outputs, at, i, -h, c)) / h;
      double tolerance = 1e-4 * Math.max(1, Math.max(Math.abs(left), Math.abs(right)));
      boolean kink = Math.abs(left - right) > tolerance;
      count[kink ? 1 : 0]++;
      if (!kink) {
        assertThat(result.gradients()[i])
            .as("value %d of %s in %s", i, layer, network.nodes())
            .isCloseTo((left + right) / 2, within(tolerance));
      }
    }
  }

  /** The score with one value of a layer changed: the later layers alone, one after another. */
  private static double score(
      cnnlab.scratch64.Network network,
      double[] x,
      double[][] outputs,
      int at,
      int i,
      double h,
      int c) {
    double[][] changed = outputs.clone();
    changed[at] = outputs[at].clone();
    changed[at][i] += h;
    var nodes = network.nodes();
    for (int k = at + 1; k < nodes.size() - 1; k++) {
      var node = nodes.get(k);
      var in = node.inputs();
      if (node.layer().isView()) {
        changed[k] = changed[in.get(0)];
        continue;
      }
      changed[k] = outputs[k].clone();
      var context =
          new cnnlab.scratch64.layer.LayerContext(
              network.kernels(),
              node,
              new cnnlab.scratch64.layer.LayerContext.Tensors(
                  in.stream()
                      .map(j -> j < 0 ? network.inputShape() : nodes.get(j).shape())
                      .toArray(cnnlab.scratch64.layer.Shape[]::new),
                  in.stream().map(j -> j < 0 ? x : changed[j]).toArray(double[][]::new),
                  changed[k],
                  null,
                  null),
              network.parameters(),
              null,
              null);
      context.groups = new cnnlab.scratch64.kernel.Range(0, 1);
      context.batch = new cnnlab.scratch64.layer.LayerContext.Batch(1, 0, 0);
      context.scratchpad = new cnnlab.scratch64.kernel.Scratchpad();
      node.layer().forward(context);
    }
    return changed[nodes.size() - 2][c];
  }

  @Test
  void floatGradientsAreTheDoubleOnes() {
    for (int seed = 0; seed < 60; seed++) {
      for (Kernels kernels : List.of(new ReferenceKernels(), Kernels.best())) {
        Network network = random(seed, 1 + seed % 6, kernels);
        List<String> layers = ScoreGradient.layers(network);
        if (layers.isEmpty()) {
          continue;
        }
        float[] x = TestGraphs.random(network.inputShape().size(), seed);
        int c = seed % 5;
        String first = layers.get(0);
        double[] exact =
            new cnnlab.scratch64.ScoreGradient(DoubleCopy.of(network), first)
                .of(DoubleCopy.widen(x), 1, c)
                .gradients();
        double largest = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
        float[] ours = new ScoreGradient(network, first).of(x, 1, c).gradients();
        for (int i = 0; i < ours.length; i++) {
          assertThat((double) ours[i])
              .as("seed %d", seed)
              .isCloseTo(exact[i], within(1e-4 * largest + 1e-9));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void batchNormalisationHasItsRunningAverages(boolean vectors) {
    Network.Builder builder =
        Network.builder(new Shape(2, 4, 5))
            .add("conv", new Conv2d(2, 3, WINDOW, true, false))
            .add("norm", new BatchNorm(3, 1e-3, 0.9))
            .add("global", new GlobalAvgPool2d())
            .add("logits", new Dense(3, 2, true, false))
            .add("softmax", new Softmax());
    float[] p = TestNetworks.parameters(builder, 5);
    Network network = builder.build(p, vectors ? Kernels.best() : new ReferenceKernels());
    int norm = network.nodes().get(1).parameterOffset();
    int dense = network.nodes().get(3).parameterOffset();
    float[] before = p.clone();
    var result = new ScoreGradient(network, "conv").of(TestGraphs.random(40, 1), 1, 1);
    for (int i = 0; i < 3 * 20; i++) {
      int c = i / 20;
      double expected = p[dense + 2 * c + 1] / 20 * p[norm + c] / Math.sqrt(p[norm + 9 + c] + 1e-3);
      assertThat((double) result.gradients()[i]).isCloseTo(expected, within(1e-6));
    }
    assertThat(p).as("averages are not updated").isEqualTo(before);
  }

  @Test
  void scoresAreThoseOfPrediction() {
    for (int seed = 0; seed < 60; seed++) {
      Network network = random(seed, 1 + seed % 6, Kernels.best());
      List<String> layers = ScoreGradient.layers(network);
      if (layers.isEmpty()) {
        continue;
      }
      int n = 3;
      float[] x = TestGraphs.random(n * network.inputShape().size(), seed);
      var result = new ScoreGradient(network, layers.get(0)).of(x, n, new int[n]);
      assertThat(result.scores()).isEqualTo(network.activations(x, n).get("logits"));
      assertThat(result.maps()).isEqualTo(network.activations(x, n).get(layers.get(0)));
    }
  }

  /** What is random in training is the identity, and the last activation is not in the score. */
  @Test
  void noiseIsOffAndTheLastActivationIsLeftOut() {
    for (var last : List.of(new Softmax(), new LogSoftmax(), new Activate(Activation.SIGMOID))) {
      Network.Builder builder =
          Network.builder(new Shape(1, 3, 3))
              .add("conv", new Conv2d(1, 2, WINDOW, false, false))
              .add("a", new Dropout(0.3))
              .add("b", new GaussianDropout(0.3))
              .add("c", new SpatialDropout(0.3))
              .add("d", new GaussianNoise(4))
              .add("global", new GlobalAvgPool2d())
              .add("logits", new Dense(2, 2, false, false))
              .add("last", last);
      Network network = builder.build(TestNetworks.parameters(builder, 2), Kernels.best());
      var result = new ScoreGradient(network, "conv").of(TestGraphs.random(9, 4), 1, 0);
      assertThat(ScoreGradient.layers(network)).containsExactly("conv", "a", "b", "c", "d");
      for (int i = 0; i < 18; i++) {
        double weight = network.parameters()[18 + 2 * (i / 9)];
        assertThat((double) result.gradients()[i]).isCloseTo(weight / 9, within(1e-7));
      }
    }
  }

  @Test
  void neitherTheOtherImagesNorThreadsNorTheCallBeforeMatter() {
    Network network = random(28, 6, Kernels.best());
    String layer = ScoreGradient.layers(network).get(0);
    int size = network.inputShape().size();
    int n = 2 * Kernels.MICRO_BATCH + 5;
    float[] x = TestGraphs.random(n * size, 9);
    int[] classes = IntStream.range(0, n).map(i -> i % 5).toArray();
    float[] together = new ScoreGradient(network, layer).of(x, n, classes).gradients();
    List<float[]> each = new ArrayList<>();
    for (int t = 0; t < n; t++) {
      each.add(null);
    }
    try (ThreadTeam team = new ThreadTeam(4)) {
      ThreadLocal<ScoreGradient> own =
          ThreadLocal.withInitial(() -> new ScoreGradient(network, layer));
      team.run(
          n,
          (i, pad) ->
              each.set(
                  i,
                  own.get()
                      .of(Arrays.copyOfRange(x, i * size, (i + 1) * size), 1, classes[i])
                      .gradients()));
    }
    for (int i = 0; i < n; i++) {
      int one = together.length / n;
      assertThat(each.get(i)).isEqualTo(Arrays.copyOfRange(together, i * one, (i + 1) * one));
    }
  }

  @Test
  void aLayerWithoutMapsIsRefusedWithThoseThatHaveThem() {
    Network.Builder builder =
        Network.builder(new Shape(1, 4, 4))
            .add("conv1", new Conv2d(1, 2, WINDOW, false, true))
            .add("conv2", new Conv2d(2, 3, WINDOW, false, true))
            .add("aside", new Conv2d(2, 3, WINDOW, false, true), "conv1")
            .add("global", new GlobalMaxPool2d(), "conv2")
            .add("logits", new Dense(3, 2, false, false))
            .add("softmax", new Softmax());
    Network network = builder.build(TestNetworks.parameters(builder, 2), Kernels.best());
    assertThat(ScoreGradient.layers(network)).containsExactly("conv1", "conv2");
    assertThatThrownBy(() -> new ScoreGradient(network, "global"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "layer 'global' (GlobalMaxPool2d, [3]) has no spatial extent; choose one of conv1, conv2");
    assertThatThrownBy(() -> new ScoreGradient(network, "conv3"))
        .hasMessage("there is no layer 'conv3'; choose one of conv1, conv2");
    assertThatThrownBy(() -> new ScoreGradient(network, "aside"))
        .hasMessage("the class scores do not depend on layer 'aside'; choose one of conv1, conv2");
    ScoreGradient gradient = new ScoreGradient(network, "conv2");
    assertThat(gradient.layer()).isEqualTo("conv2");
    assertThat(gradient.shape()).isEqualTo(new Shape(3, 4, 4));
    assertThatThrownBy(() -> gradient.of(new float[16], 1, 2))
        .hasMessage("class 2, expected 0 to 1: the network has 2 scores");
    assertThatThrownBy(() -> gradient.of(new float[32], 2, 1)).hasMessage("1 classes for 2 images");
    assertThatThrownBy(() -> gradient.of(new float[16], 2, 0, 0)).hasMessageContaining("16");
    Network.Builder dense =
        Network.builder(new Shape(2, 1, 1)).add("logits", new Dense(2, 2, false, false));
    Network flat = dense.build(new float[4], Kernels.best());
    assertThatThrownBy(() -> new ScoreGradient(flat, "conv"))
        .hasMessage("there is no layer 'conv', and no other layer has spatial extent");
    Network.Builder maps =
        Network.builder(new Shape(1, 4, 4)).add("conv1", new Conv2d(1, 2, WINDOW, false, true));
    Network image = maps.build(TestNetworks.parameters(maps, 1), Kernels.best());
    assertThatThrownBy(() -> ScoreGradient.layers(image)).hasMessageContaining("expected a layer");
  }
}
