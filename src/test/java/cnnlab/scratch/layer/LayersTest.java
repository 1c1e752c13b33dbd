package cnnlab.scratch.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.metric.ClassMetrics;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Window;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each layer against values computed by hand and against a second loop written another way. */
class LayersTest {
  private static final Kernels KERNELS = new ReferenceKernels();

  private static float[] run(Shape in, Layer layer, float[] x, float... parameters) {
    int n = x.length / in.size();
    return Network.builder(in).add("layer", layer).build(parameters, KERNELS).predict(x, n);
  }

  @Test
  void convolutionByHand() {
    // 1 2 3      the kernel 1 0   is laid on without flipping: y = x[i, j] + 2 x[i+1, j+1] + bias
    // 4 5 6                 0 2
    // 7 8 9
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    Conv2d conv = new Conv2d(1, 1, Window.square(2, 1, Padding.VALID), true, false);
    assertThat(run(new Shape(1, 3, 3), conv, x, 1, 0, 0, 2, 0.5f))
        .containsExactly(11.5f, 14.5f, 20.5f, 23.5f);
  }

  @Test
  void sameConvolutionPadsBottomAndRightFirst() {
    float[] x = {1, 2, 3, 4};
    Conv2d conv = new Conv2d(1, 1, Window.square(2, 1, Padding.SAME), false, false);
    assertThat(run(new Shape(1, 2, 2), conv, x, 1, 10, 100, 1000))
        .containsExactly(4321, 402, 43, 4);
  }

  @Test
  void reluInAConvolutionCutsBelowZero() {
    Conv2d conv = new Conv2d(1, 1, Window.square(1, 1, Padding.VALID), true, true);
    assertThat(run(new Shape(1, 1, 2), conv, new float[] {1, -1}, 2, 1)).containsExactly(3, 0);
  }

  @Test
  void convolutionAgainstScatteredSums() {
    Random random = new Random(5);
    for (int kernel = 1; kernel <= 4; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (Padding padding : new Padding[] {Padding.SAME, Padding.VALID}) {
          for (int size : new int[] {5, 8}) {
            Window window = new Window(kernel, 3, stride, 1, padding);
            check(new Conv2d(3, 2, window, true, false), new Shape(3, size, size + 1), random);
          }
        }
      }
    }
  }

  /** Every input pixel is added to every output that it reaches: the same sum in another order. */
  private static void check(Conv2d conv, Shape in, Random random) {
    Window.Geometry g = conv.window().on(in.height(), in.width());
    float[] x = TestGraphs.random(2 * in.size(), random.nextLong());
    float[] w = TestGraphs.random(conv.parameterCount(), random.nextLong());
    Shape out = conv.outputShape(java.util.List.of(in));
    double[] y = new double[2 * out.size()];
    int bias = w.length - conv.outChannels();
    for (int k = 0; k < y.length; k++) {
      y[k] = w[bias + k / out.plane() % out.channels()];
    }
    for (int k = 0; k < x.length; k++) {
      int column = k % in.width();
      int row = k / in.width() % in.height();
      int c = k / in.plane() % in.channels();
      int n = k / in.size();
      for (int o = 0; o < out.channels(); o++) {
        for (int u = 0; u < g.kernelHeight(); u++) {
          for (int v = 0; v < g.kernelWidth(); v++) {
            int i = row + g.top() - u;
            int j = column + g.left() - v;
            if (i % g.strideHeight() == 0 && j % g.strideWidth() == 0) {
              i /= g.strideHeight();
              j /= g.strideWidth();
              if (i >= 0 && i < out.height() && j >= 0 && j < out.width()) {
                int weight = ((o * in.channels() + c) * g.kernelHeight() + u) * g.kernelWidth() + v;
                y[((n * out.channels() + o) * out.height() + i) * out.width() + j] +=
                    (double) w[weight] * x[k];
              }
            }
          }
        }
      }
    }
    float[] actual = run(in, conv, x, w);
    for (int k = 0; k < y.length; k++) {
      assertThat((double) actual[k]).as("%s at %d", conv, k).isCloseTo(y[k], within(1e-5));
    }
  }

  @Test
  void denseByHand() {
    Dense dense = new Dense(2, 3, true, false);
    // Weights [in, out]: the first row belongs to the first input.
    assertThat(run(Shape.vector(2), dense, new float[] {1, 2, -1, 0}, 1, 2, 3, 10, 20, 30, 5, 6, 7))
        .containsExactly(26, 48, 70, 4, 4, 4);
    assertThat(run(Shape.vector(1), new Dense(1, 2, false, true), new float[] {3}, 1, -1))
        .containsExactly(3, 0);
  }

  @Test
  void maxPoolingByHand() {
    float[] x = {1, -2, -3, -4, 5, 6, -7, -8, -9};
    Shape in = new Shape(1, 3, 3);
    assertThat(run(in, new MaxPool2d(Window.square(2, 2, Padding.VALID)), x)).containsExactly(5);
    // Padding is ignored, also where all values are negative.
    assertThat(run(in, new MaxPool2d(Window.square(2, 2, Padding.SAME)), x))
        .containsExactly(5, 6, -7, -9);
  }

  @Test
  void averagePoolingWithAndWithoutThePaddingInItsDivisor() {
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    Shape in = new Shape(1, 3, 3);
    Window window = Window.square(2, 2, Padding.SAME);
    assertThat(run(in, new AvgPool2d(window, false), x)).containsExactly(3, 4.5f, 7.5f, 9);
    assertThat(run(in, new AvgPool2d(window, true), x)).containsExactly(3, 2.25f, 3.75f, 2.25f);
    assertThat(run(in, new GlobalAvgPool2d(), x)).containsExactly(5);
  }

  @Test
  void batchNormalisationByHand() {
    // gamma 2, beta 1, mean 3, var 4, eps 0: y = 2 (x - 3) / 2 + 1
    BatchNorm norm = new BatchNorm(1, 0, 0.9);
    assertThat(run(new Shape(1, 1, 2), norm, new float[] {3, 5}, 2, 1, 3, 4)).containsExactly(1, 3);
  }

  @Test
  void softmaxIsStableAndSumsToOne() {
    float[] p = run(Shape.vector(3), new Softmax(), new float[] {1000, 1000, -1000, 0, 1, 2});
    assertThat(p[0]).isEqualTo(0.5f);
    assertThat(p[2]).isZero();
    assertThat(p[3] + p[4] + p[5]).isCloseTo(1, within(1e-6f));
    assertThat(p[5] / p[4]).isCloseTo((float) Math.E, within(1e-5f));
  }

  @Test
  void additionFlattenAndDropoutAtInference() {
    float[] x = {1, 2, 3, 4};
    Network network =
        Network.builder(new Shape(1, 2, 2))
            .add("drop", new Dropout(0.5))
            .add("add", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "drop", Network.INPUT)
            .add("flat", new Flatten())
            .build(new float[0], KERNELS);
    assertThat(network.predict(x, 1)).containsExactly(2, 4, 6, 8);
    assertThat(network.outputShape()).isEqualTo(Shape.vector(4));
  }

  @ParameterizedTest
  @EnumSource(Activation.Kind.class)
  void derivativesAreThoseOfTheFunctions(Activation.Kind kind) {
    Activation f = new Activation(kind, 0.3f);
    for (float x : new float[] {-3.7f, -1.1f, -0.4f, 0.3f, 0.9f, 2.6f}) {
      double h = 1e-2;
      double slope = (f.apply((float) (x + h)) - f.apply((float) (x - h))) / (2 * h);
      assertThat((double) f.derivative(x)).as("%s at %s", kind, x).isCloseTo(slope, within(1e-3));
    }
  }

  @Test
  void activationsByTheirDefinitions() {
    assertThat(Activation.SIGMOID.apply(0)).isEqualTo(0.5f);
    assertThat(Activation.leakyRelu(0.2).apply(-2)).isEqualTo(-0.4f);
    assertThat(Activation.elu(2).apply(-1)).isCloseTo(-1.2642411f, within(1e-6f));
    // x·Φ(x) with Φ(1) = 0.841344746068543, Φ(-2) = 0.022750131948179.
    assertThat(Activation.GELU.apply(1)).isCloseTo(0.84134475f, within(1e-7f));
    assertThat(Activation.GELU.apply(-2)).isCloseTo(-0.04550026f, within(1e-8f));
  }

  @Test
  void normalDistributionToTwelveDigits() {
    assertThat(NormalDistribution.cumulative(0)).isEqualTo(0.5);
    assertThat(NormalDistribution.cumulative(1)).isCloseTo(0.841344746068542949, within(1e-14));
    assertThat(NormalDistribution.cumulative(-3)).isCloseTo(0.00134989803163009453, within(1e-16));
    assertThat(NormalDistribution.cumulative(-6)).isCloseTo(9.86587645037698e-10, within(1e-21));
    assertThat(NormalDistribution.cumulative(4)).isCloseTo(0.999968328758166880, within(1e-14));
  }

  @Test
  void crossEntropyAndAccuracy() {
    float[] p = {0.5f, 0.5f, 0.9f, 0.1f, 1, 0};
    int[] labels = {0, 1, 1};
    double expected = -(Math.log(0.5) + Math.log(0.1f) + Math.log(1e-7)) / 3;
    assertThat(ClassMetrics.crossEntropy(p, labels, 2)).isCloseTo(expected, within(1e-12));
    assertThat(ClassMetrics.accuracy(p, labels, 2)).isEqualTo(1 / 3.0);
    assertThatThrownBy(() -> ClassMetrics.crossEntropy(p, new int[] {0, 2, 0}, 2))
        .hasMessageContaining("label 2 of image 1");
  }

  @Test
  void aNetworkNamesTheLayerThatDoesNotFit() {
    Network.Builder builder = Network.builder(new Shape(1, 4, 4));
    Conv2d conv = new Conv2d(3, 2, Window.square(3, 1, Padding.SAME), true, true);
    assertThatThrownBy(() -> builder.add("conv9", conv))
        .hasMessageContaining("conv9")
        .hasMessageContaining("3 input channels");
    assertThatThrownBy(
            () -> builder.add("add", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "nowhere"))
        .hasMessageContaining("'nowhere'");
    builder.add("pool", new GlobalAvgPool2d());
    assertThatThrownBy(() -> builder.add("pool", new GlobalAvgPool2d()))
        .hasMessageContaining("two layers 'pool'");
    assertThatThrownBy(() -> builder.build(new float[3], KERNELS))
        .hasMessageContaining("3 parameters given, the layers have 0");
    assertThatThrownBy(() -> builder.build(new float[0], KERNELS).predict(new float[15], 1))
        .hasMessageContaining("15 values are not 1 images of [1, 4, 4]");
  }
}
