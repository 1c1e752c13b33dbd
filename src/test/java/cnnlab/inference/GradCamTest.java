package cnnlab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.metric.ClassMetrics;
import cnnlab.model.LymphNodeCnn;
import cnnlab.model.LymphNodeResNet;
import cnnlab.scratch.Network;
import cnnlab.scratch.ScoreGradient;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.SquareSymmetry;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class GradCamTest {
  private static final Shape PATCH =
      new Shape(LymphNodeCnn.CHANNELS, LymphNodeCnn.HEIGHT, LymphNodeCnn.WIDTH);

  private static Network residual() {
    ComputationGraph graph =
        LymphNodeResNet.create(
            3, new LymphNodeResNet.Shape(List.of(4, 8, 12), 1, true, 0.2), new Adam(), 0);
    Random random = new Random(4);
    graph
        .paramTable()
        .forEach(
            (name, values) -> {
              for (long i = 0; i < values.length(); i++) {
                if (name.endsWith("_var")) {
                  values.putScalar(i, 0.5 + random.nextDouble());
                } else if (name.endsWith("_mean") || name.endsWith("_beta")) {
                  values.putScalar(i, 0.3 * random.nextGaussian());
                } else if (name.endsWith("_gamma")) {
                  values.putScalar(i, 1 + 0.3 * random.nextGaussian());
                }
              }
            });
    return GraphCompiler.compile(graph, PATCH, Kernels.best());
  }

  private static String last(Network network) {
    List<String> layers = ScoreGradient.layers(network);
    return layers.get(layers.size() - 1);
  }

  /** With global average pooling, Grad-CAM is the class activation map divided by Z. */
  @Test
  void isTheClassActivationMapOfTheResidualNetwork() {
    Network network = residual();
    String layer = last(network);
    var nodes = network.nodes();
    int maps = nodes.stream().map(n -> n.name()).toList().indexOf(layer);
    assertThat(nodes.get(maps).shape()).isEqualTo(new Shape(12, 4, 4));
    int dense =
        nodes.stream()
            .filter(n -> n.layer() instanceof Dense)
            .findFirst()
            .orElseThrow()
            .parameterOffset();
    ScoreGradient gradient = new ScoreGradient(network, layer);
    for (int seed = 0; seed < 10; seed++) {
      float[] x = TestGraphs.random(PATCH.size(), seed);
      float[] a = network.activations(x, 1).get(layer);
      for (int c = 0; c < 2; c++) {
        GradCam map = GradCam.of(gradient, x, c);
        double score = network.parameters()[dense + 24 + c];
        for (int p = 0; p < 16; p++) {
          double cam = 0;
          for (int k = 0; k < 12; k++) {
            cam += (double) network.parameters()[dense + 2 * k + c] * a[k * 16 + p];
          }
          assertThat((double) map.map()[p]).isCloseTo(Math.max(0, cam / 16), within(1e-6));
          score += cam / 16;
        }
        // The map without max(0, .) sums up to the score, but for the bias.
        assertThat((double) map.score()).isCloseTo(score, within(1e-5));
        assertThat(map.target()).isEqualTo(c);
      }
    }
  }

  /** Turning a patch turns the map of an equivariant network, whose output is the same. */
  @Test
  void turnsWithThePatchInAnEquivariantNetwork() {
    Network network =
        GraphCompiler.compile(
            LymphNodeResNet.create(
                3, new LymphNodeResNet.Shape(List.of(2, 3), 1, true, 0, true), new Adam(), 0),
            PATCH,
            Kernels.best());
    ScoreGradient gradient = new ScoreGradient(network, last(network));
    assertThat(gradient.shape()).isEqualTo(new Shape(24, 8, 8));
    float[] x = TestGraphs.random(PATCH.size(), 5);
    // One class may have a map of zeros.
    for (GradCam map : List.of(GradCam.of(gradient, x, 0), GradCam.of(gradient, x, 1))) {
      assertThat(map.rows()).isEqualTo(8);
      assertThat(map.columns()).isEqualTo(8);
      for (int g = 1; g < SquareSymmetry.COUNT; g++) {
        int[] pixels = SquareSymmetry.of(g).sources(32);
        float[] turned = new float[x.length];
        for (int i = 0; i < x.length; i++) {
          turned[i] = x[i / 1024 * 1024 + pixels[i % 1024]];
        }
        GradCam again = GradCam.of(gradient, turned, map.target());
        int[] cells = SquareSymmetry.of(g).sources(8);
        double largest = largest(map);
        assertThat((double) again.score()).isCloseTo(map.score(), within(1e-4));
        for (int i = 0; i < cells.length; i++) {
          assertThat((double) again.map()[i])
              .isCloseTo(map.map()[cells[i]], within(1e-3 * largest + 1e-7));
        }
      }
    }
    assertThat(Math.max(largest(GradCam.of(gradient, x, 0)), largest(GradCam.of(gradient, x, 1))))
        .isGreaterThan(1e-4);
  }

  private static double largest(GradCam map) {
    return IntStream.range(0, map.map().length).mapToDouble(i -> map.map()[i]).max().orElseThrow();
  }

  @Test
  void isWhatPlainLoopsCompute() {
    Network network = residual();
    for (String layer : ScoreGradient.layers(network)) {
      ScoreGradient gradient = new ScoreGradient(network, layer);
      Shape shape = gradient.shape();
      float[] x = TestGraphs.random(PATCH.size(), 6);
      var result = gradient.of(x, 1, 1);
      GradCam map = GradCam.of(gradient, x, 1);
      assertThat(map.rows()).isEqualTo(shape.height());
      assertThat(map.columns()).isEqualTo(shape.width());
      for (int i = 0; i < shape.height(); i++) {
        for (int j = 0; j < shape.width(); j++) {
          double sum = 0;
          for (int k = 0; k < shape.channels(); k++) {
            double alpha = 0;
            for (int u = 0; u < shape.height(); u++) {
              for (int v = 0; v < shape.width(); v++) {
                alpha += result.gradients()[(k * shape.height() + u) * shape.width() + v];
              }
            }
            alpha /= shape.height() * shape.width();
            sum += alpha * result.maps()[(k * shape.height() + i) * shape.width() + j];
          }
          assertThat(map.map()[i * shape.width() + j])
              .isCloseTo((float) Math.max(0, sum), within(1e-6f));
        }
      }
    }
  }

  /**
   * The dense layers of the report's network by DL4J. Its gradient is that of the cross-entropy,
   * Σ_j (p[j] − t[j]) · ∂y[j]/∂A.
   */
  @Test
  void theReportsNetworkHasTheGradientsOfDl4j() {
    ComputationGraph graph = LymphNodeCnn.create(8, new Adam(), 0);
    Network network = GraphCompiler.compile(graph, PATCH, Kernels.best());
    assertThat(last(network)).isEqualTo("pool3");
    ScoreGradient gradient = new ScoreGradient(network, "pool3");
    assertThat(gradient.shape()).isEqualTo(new Shape(16, 4, 4));
    int n = 5;
    float[] x = TestGraphs.random(n * PATCH.size(), 2);
    var first = gradient.of(x, n, new int[n]);
    int[] ones = new int[n];
    Arrays.fill(ones, 1);
    float[] second = gradient.of(x, n, ones).gradients();
    float[] p = network.predict(x, n);
    INDArray labels = Nd4j.zeros(n, 2);
    for (int i = 0; i < n; i++) {
      labels.putScalar(i, i % 2, 1);
    }
    INDArray maps = Nd4j.create(first.maps(), new long[] {n, 256}, 'c');
    INDArray epsilon = denseLayers(graph).calculateGradients(maps, labels, null, null).getSecond();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < 256; k++) {
        double ours =
            (p[2 * i] - labels.getDouble(i, 0)) * first.gradients()[256 * i + k]
                + (p[2 * i + 1] - labels.getDouble(i, 1)) * second[256 * i + k];
        assertThat(epsilon.getDouble(i, k)).isCloseTo(ours, within(1e-5));
      }
    }
  }

  private static MultiLayerNetwork denseLayers(ComputationGraph graph) {
    List<String> names = List.of("dense1", "dense2", "dense3", "dense4", "out");
    var list = new NeuralNetConfiguration.Builder().updater(new Adam()).list();
    for (int l = 0; l < 4; l++) {
      int in = l == 0 ? 256 : 512;
      list.layer(new DenseLayer.Builder().nIn(in).nOut(512).activation(Activation.RELU).build());
    }
    MultiLayerConfiguration conf =
        list.layer(
                new OutputLayer.Builder().nIn(512).nOut(2).activation(Activation.SOFTMAX).build())
            .build();
    MultiLayerNetwork layers = new MultiLayerNetwork(conf);
    layers.init();
    for (int l = 0; l < names.size(); l++) {
      for (String array : List.of("W", "b")) {
        layers.getLayer(l).setParam(array, graph.getLayer(names.get(l)).getParam(array).dup());
      }
    }
    return layers;
  }

  /**
   * A network that sees the top right corner alone: PReLU with a slope of −1 there and 0 elsewhere
   * lets nothing else through. Occlusion and Grad-CAM both point there.
   */
  @Test
  void pointsAtTheCornerThatAloneCountsAsOcclusionDoes() {
    Shape shape = new Shape(1, 16, 16);
    Network.Builder builder =
        Network.builder(shape)
            .add("negative", new ScaleShift(new float[] {-1}, new float[1]))
            .add("mask", new PRelu(shape))
            .add("pool", new AvgPool2d(Window.square(4, 4, Padding.VALID), false))
            .add("global", new GlobalAvgPool2d())
            .add("logits", new Dense(1, 2, false, false))
            .add("softmax", new Softmax());
    float[] parameters = new float[256 + 2];
    for (int y = 0; y < 4; y++) {
      Arrays.fill(parameters, y * 16 + 12, y * 16 + 16, -1);
    }
    parameters[256 + 1] = 40;
    Network network = builder.build(parameters, Kernels.best());
    Random random = new Random(1);
    float[] image = new float[256];
    for (int i = 0; i < 256; i++) {
      image[i] = 0.8f + 0.2f * random.nextFloat();
    }
    GradCam map = GradCam.of(new ScoreGradient(network, last(network)), image, 1);
    assertThat(ClassMetrics.argmax(network.predict(image, 1), 0, 2)).isOne();
    assertThat(map.map()[3]).isPositive();
    for (int p = 0; p < 16; p++) {
      assertThat(map.map()[p] > 0).isEqualTo(p == 3);
    }
    OcclusionMap occlusion = OcclusionMap.of(network::predict, image, shape, 6, 2, new float[1]);
    assertThat(occlusion.predicted()).isOne();
    for (float[] each : List.of(map.onImage(shape), occlusion.onImage(shape, 6, 2))) {
      int peak = ClassMetrics.argmax(each, 0, 256);
      assertThat(peak / 16).isLessThan(4);
      assertThat(peak % 16).isGreaterThanOrEqualTo(12);
      for (int y = 0; y < 16; y++) {
        for (int x = 0; x < 16; x++) {
          if (y >= 9 || x < 7) {
            assertThat(each[y * 16 + x]).isZero();
          }
        }
      }
    }
  }

  @Test
  void isEnlargedBetweenTheCentresOfItsPixels() {
    GradCam map = new GradCam(1, 2, new float[] {0, 4}, 0, 1);
    assertThat(map.onImage(new Shape(3, 1, 8))).containsExactly(0, 0, 0.5f, 1.5f, 2.5f, 3.5f, 4, 4);
    assertThat(map.onImage(new Shape(1, 3, 2))).containsExactly(0, 4, 0, 4, 0, 4);
    GradCam square = new GradCam(2, 2, new float[] {0, 2, 4, 6}, 0, 1);
    float[] large = square.onImage(new Shape(1, 4, 4));
    assertThat(large[0]).isZero();
    assertThat(large[15]).isEqualTo(6);
    // A plane stays one: 2·u + 4·v.
    assertThat(large[4 + 1]).isEqualTo(0.25f * 2 + 0.25f * 4);
    assertThat(large[2 * 4 + 1]).isEqualTo(0.25f * 2 + 0.75f * 4);
    assertThat(square.onImage(new Shape(1, 2, 2))).containsExactly(square.map());
    assertThat(new GradCam(1, 1, new float[] {3}, 0, 1).onImage(new Shape(1, 2, 2)))
        .containsOnly(3);
  }

  @Test
  void refusesAnImageOfAnotherSizeAndAClassThatIsNotThere() {
    Network network = residual();
    ScoreGradient gradient = new ScoreGradient(network, last(network));
    assertThatThrownBy(() -> GradCam.of(gradient, new float[5], 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GradCam.of(gradient, new float[PATCH.size()], 2))
        .hasMessageContaining("expected 0 to 1");
  }
}
