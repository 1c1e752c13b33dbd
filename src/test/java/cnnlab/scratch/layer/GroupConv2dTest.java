package cnnlab.scratch.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.scratch.Network;
import cnnlab.scratch.TestNetworks;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.train.Backpropagation;
import cnnlab.scratch.train.Objective;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Group convolution against the sum of its definition, over the elements of the group; and the
 * equivariance that the definition is made for.
 */
class GroupConv2dTest {
  private static final int TURNS = 4;
  private static final int ORIENTATIONS = 8;

  /** An offset or a position relative to a centre, in halves of a pixel. */
  private record Point(int row, int column) {
    /** A quarter turn anticlockwise, on a picture whose rows count downwards. */
    Point turned() {
      return new Point(-column, row);
    }

    Point mirrored() {
      return new Point(row, -column);
    }

    /** Element 4m + q: m mirrorings, then q quarter turns. */
    Point by(int g) {
      Point p = g >= TURNS ? mirrored() : this;
      for (int turn = 0; turn < g % TURNS; turn++) {
        p = p.turned();
      }
      return p;
    }
  }

  /** The element that does to every point what b and then a do. */
  private static int product(int a, int b) {
    Point p = new Point(1, 2);
    for (int g = 0; g < ORIENTATIONS; g++) {
      if (p.by(g).equals(p.by(b).by(a))) {
        return g;
      }
    }
    throw new AssertionError();
  }

  private static int inverse(int g) {
    for (int h = 0; h < ORIENTATIONS; h++) {
      if (product(h, g) == 0) {
        return h;
      }
    }
    throw new AssertionError();
  }

  @Test
  void theEightSymmetriesAreAGroup() {
    Set<Point> images = new HashSet<>();
    for (int g = 0; g < ORIENTATIONS; g++) {
      images.add(new Point(1, 2).by(g));
      assertThat(SquareSymmetry.of(g).index()).isEqualTo(g);
      assertThat(SquareSymmetry.of(g).inverse().index()).isEqualTo(inverse(g));
      for (int h = 0; h < ORIENTATIONS; h++) {
        assertThat(SquareSymmetry.of(g).after(SquareSymmetry.of(h)).index())
            .isEqualTo(product(g, h));
      }
    }
    assertThat(images).hasSize(ORIENTATIONS);
    // A quarter turn anticlockwise: the right column becomes the top row.
    assertThat(SquareSymmetry.of(1).sources(2)).containsExactly(1, 3, 0, 2);
    assertThat(SquareSymmetry.of(TURNS).sources(2)).containsExactly(1, 0, 3, 2);
  }

  /**
   * y[o, g](p) = b[o] + Σ over channels c, orientations h, offsets d of w[o, c, g⁻¹h](g⁻¹d) · x[c,
   * h](p + d), and max(·, 0).
   */
  private static double definition(
      GroupConv2d layer, float[] w, float[] x, Shape image, int o, int g, int row, int column) {
    int in = layer.lifting() ? 1 : ORIENTATIONS;
    int half = layer.side() / 2;
    int back = inverse(g);
    int biases = layer.outChannels() * layer.inChannels() * in * layer.side() * layer.side();
    double sum = layer.bias() ? w[biases + o] : 0;
    for (int c = 0; c < layer.inChannels(); c++) {
      for (int h = 0; h < in; h++) {
        int relative = layer.lifting() ? 0 : product(back, h);
        for (int down = -half; down <= half; down++) {
          for (int across = -half; across <= half; across++) {
            int i = row + down;
            int j = column + across;
            if (i < 0 || i >= image.height() || j < 0 || j >= image.width()) {
              continue;
            }
            Point d = new Point(down, across).by(back);
            int kernel = (o * layer.inChannels() + c) * in + relative;
            int weight =
                (kernel * layer.side() + d.row() + half) * layer.side() + d.column() + half;
            int pixel = ((c * in + h) * image.height() + i) * image.width() + j;
            sum += (double) w[weight] * x[pixel];
          }
        }
      }
    }
    return layer.relu() ? Math.max(sum, 0) : sum;
  }

  @ParameterizedTest
  @CsvSource({
    "true, 1, true, false",
    "true, 3, false, true",
    "true, 5, true, true",
    "false, 1, false, false",
    "false, 3, true, true",
    "false, 5, true, false",
  })
  void isTheSumOfItsDefinition(boolean lifting, int side, boolean bias, boolean relu) {
    GroupConv2d layer = new GroupConv2d(2, 3, side, lifting, bias, relu);
    Shape image = new Shape(2, 6, 5);
    Shape in = lifting ? image : new Shape(2, ORIENTATIONS * 6, 5);
    Network.Builder builder = Network.builder(in).add("layer", layer);
    assertThat(TestNetworks.lastShape(builder)).isEqualTo(new Shape(3, ORIENTATIONS * 6, 5));
    float[] w = TestGraphs.random(builder.parameterCount(), 1);
    float[] x = TestGraphs.random(in.size(), 2);
    for (Kernels kernels : new Kernels[] {new ReferenceKernels(), Kernels.best()}) {
      float[] y = builder.build(w, kernels).predict(x, 1);
      int at = 0;
      for (int o = 0; o < 3; o++) {
        for (int g = 0; g < ORIENTATIONS; g++) {
          for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 5; j++) {
              assertThat((double) y[at++])
                  .as("%s: channel %d, orientation %d, (%d, %d)", kernels.name(), o, g, i, j)
                  .isCloseTo(definition(layer, w, x, image, o, g, i, j), within(1e-4));
            }
          }
        }
      }
    }
  }

  /** Square planes [planes, side, side], each transformed by g. */
  static float[] transformed(float[] x, int side, int g) {
    float[] out = new float[x.length];
    int area = side * side;
    for (int i = 0; i < x.length; i++) {
      int at = i % area;
      Point p = new Point(2 * (at / side) - (side - 1), 2 * (at % side) - (side - 1)).by(g);
      int row = (p.row() + side - 1) / 2;
      int column = (p.column() + side - 1) / 2;
      out[i - at + row * side + column] = x[i];
    }
    return out;
  }

  /**
   * Feature maps [channels, 8, side, side] that a transformed image has: orientation h is at gh.
   */
  static float[] moved(float[] y, int side, int g) {
    float[] turned = transformed(y, side, g);
    float[] out = new float[y.length];
    int area = side * side;
    for (int plane = 0; plane < y.length / area; plane++) {
      int to = plane - plane % ORIENTATIONS + product(g, plane % ORIENTATIONS);
      System.arraycopy(turned, plane * area, out, to * area, area);
    }
    return out;
  }

  private static Network.Builder network(int side) {
    return Network.builder(new Shape(2, side, side))
        .add("lift", new GroupConv2d(2, 3, 3, true, true, true))
        .add("norm", new BatchNorm(3, 1e-3, 0.9))
        .add("group", new GroupConv2d(3, 4, 3, false, true, true))
        .add("pool", new AvgPool2d(Window.square(2, 2, Padding.VALID), false))
        .add("point", new GroupConv2d(4, 2, 1, false, false, false))
        .add("global", new GlobalAvgPool2d());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void turningTheImageTurnsTheFeatureMapsAndPermutesTheirOrientations(int side) {
    Network.Builder builder = network(side);
    float[] parameters = TestNetworks.parameters(builder, 3);
    float[] x = TestGraphs.random(2 * side * side, 4);
    for (Kernels kernels : new Kernels[] {new ReferenceKernels(), Kernels.best()}) {
      Network network = builder.build(parameters, kernels);
      var upright = network.activations(x, 1);
      for (int g = 0; g < ORIENTATIONS; g++) {
        var turned = network.activations(transformed(x, side, g), 1);
        for (String node : new String[] {"lift", "norm", "group"}) {
          TestGraphs.assertClose(node, moved(upright.get(node), side, g), turned.get(node), 1e-5);
        }
        for (String node : new String[] {"pool", "point"}) {
          TestGraphs.assertClose(
              node, moved(upright.get(node), side / 2, g), turned.get(node), 1e-5);
        }
        TestGraphs.assertClose("global", upright.get("global"), turned.get("global"), 1e-5);
      }
    }
  }

  @Test
  void plainLoopsAndVectorsAgreeInTrainingOnAnyNumberOfThreads() {
    int n = 2 * Kernels.MICRO_BATCH + 5;
    Network.Builder builder =
        network(6).add("out", new Dense(2, 3, true, false)).add("softmax", new Softmax());
    float[] parameters = TestNetworks.parameters(builder, 5);
    float[] x = TestGraphs.random(n * 2 * 36, 6);
    float[] y = TestNetworks.targets(n, 3, 7);
    float[] plain =
        gradients(builder.build(parameters.clone(), new ReferenceKernels()), x, y, n, 1);
    Network fast = builder.build(parameters.clone(), Kernels.best());
    float[] one = gradients(fast, x, y, n, 1);
    TestNetworks.assertSameGradients(fast, plain, one, 1e-4);
    Network again = builder.build(parameters.clone(), Kernels.best());
    assertThat(gradients(again, x, y, n, 3)).containsExactly(one);
  }

  private static float[] gradients(Network network, float[] x, float[] y, int n, int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      Backpropagation b =
          new Backpropagation(network, Objective.CATEGORICAL_CROSS_ENTROPY, n, team, false);
      b.run(x, y, n, 0, 0);
      return b.gradients().clone();
    }
  }

  /** The filter bank is made anew for each batch. */
  @Test
  void changedWeightsCount() {
    Network.Builder builder =
        Network.builder(new Shape(1, 3, 3))
            .add("lift", new GroupConv2d(1, 1, 1, true, false, false));
    Network network = builder.build(new float[] {2}, new ReferenceKernels());
    cnnlab.scratch.Inference inference = new cnnlab.scratch.Inference(network);
    float[] x = TestGraphs.random(9, 1);
    float[] out = new float[72];
    inference.run(x, 0, 1, out);
    assertThat(out[71]).isEqualTo(2 * x[8]);
    network.parameters()[0] = 3;
    inference.run(x, 0, 1, out);
    assertThat(out[71]).isEqualTo(3 * x[8]);
  }

  @Test
  void refusesWhatHasNoEightOrientations() {
    assertThatThrownBy(() -> new GroupConv2d(1, 1, 2, true, false, false))
        .hasMessageContainingAll("2x2", "odd");
    assertThatThrownBy(() -> new GroupConv2d(1, 0, 3, true, false, false))
        .hasMessageContainingAll("1 to 0 channels", "at least 1");
    Network.Builder builder = Network.builder(new Shape(2, 12, 4));
    assertThatThrownBy(() -> builder.add("a", new GroupConv2d(2, 1, 3, false, false, false)))
        .hasMessageContainingAll("layer 'a'", "multiple of 8", "[2, 12, 4]");
    assertThatThrownBy(() -> builder.add("b", new GroupConv2d(3, 1, 3, true, false, false)))
        .hasMessageContainingAll("layer 'b'", "3 input channels");
  }
}
