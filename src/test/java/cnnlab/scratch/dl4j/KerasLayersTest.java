package cnnlab.scratch.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.scratch.Network;
import cnnlab.scratch.Workspace;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GaussianDropout;
import cnnlab.scratch.layer.GaussianNoise;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.MatrixProduct;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.Permute;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.SpatialDropout;
import cnnlab.scratch.layer.ZeroPad2d;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The layers that Keras models need, against values computed by hand. */
class KerasLayersTest {
  private static final Kernels KERNELS = new ReferenceKernels();

  private static float[] run(Shape in, Layer layer, float[] x, float... parameters) {
    int n = x.length / in.size();
    return Network.builder(in).add("layer", layer).build(parameters, KERNELS).predict(x, n);
  }

  @Test
  void depthwiseConvolutionKeepsChannelsApart() {
    // Channel 0 is 1 2, channel 1 is 3 4; two kernels of one row each, the first two for channel 0.
    DepthwiseConv2d conv =
        new DepthwiseConv2d(2, 2, new Window(1, 2, 1, 1, Padding.VALID), true, false);
    float[] x = {1, 2, 3, 4};
    float[] parameters = {1, 0, 0, 1, 10, 1, -1, 1, 0.5f, 0, 0, 100};
    assertThat(run(new Shape(2, 1, 2), conv, x, parameters)).containsExactly(1.5f, 2, 34, 101);
  }

  /** Against a convolution whose kernels are zero for all channels but one. */
  @Test
  void depthwiseConvolutionIsAConvolutionWithZeros() {
    Shape in = new Shape(3, 6, 5);
    for (Padding padding : new Padding[] {Padding.SAME, Padding.VALID}) {
      Window window = new Window(3, 2, 2, 1, padding);
      DepthwiseConv2d depthwise = new DepthwiseConv2d(3, 2, window, true, true);
      float[] w = TestGraphs.random(depthwise.parameterCount(), 1);
      Conv2d full = new Conv2d(3, 6, window, true, true);
      float[] v = new float[full.parameterCount()];
      for (int o = 0; o < 6; o++) {
        System.arraycopy(w, o * 6, v, (o * 3 + o / 2) * 6, 6);
        v[6 * 3 * 6 + o] = w[6 * 6 + o];
      }
      float[] x = TestGraphs.random(2 * in.size(), 2);
      TestGraphs.assertClose("y", run(in, full, x, v), run(in, depthwise, x, w), 1e-6);
    }
  }

  @Test
  void aDilatedKernelHasGaps() {
    Conv2d conv = new Conv2d(1, 1, new Window(1, 2, 1, 1, Padding.VALID, 1, 3), false, false);
    assertThat(run(new Shape(1, 1, 5), conv, new float[] {1, 2, 3, 4, 5}, 1, 10))
        .containsExactly(41, 52);
    assertThatThrownBy(() -> new MaxPool2d(conv.window())).hasMessageContaining("no dilation");
  }

  @Test
  void combinedByHand() {
    assertThat(combined(ElementwiseMerge.Op.ADD)).containsExactly(8, -3);
    assertThat(combined(ElementwiseMerge.Op.SUBTRACT)).containsExactly(-4, 7);
    assertThat(combined(ElementwiseMerge.Op.MULTIPLY)).containsExactly(12, -10);
    assertThat(combined(ElementwiseMerge.Op.AVERAGE)).containsExactly(4, -1.5f);
    assertThat(combined(ElementwiseMerge.Op.MAXIMUM)).containsExactly(6, 2);
  }

  /** Of 2, 2 and 6, -5. */
  private static float[] combined(ElementwiseMerge.Op op) {
    return Network.builder(Shape.vector(2))
        .add("a", new ScaleShift(new float[] {0}, new float[] {2}))
        .add("both", new ElementwiseMerge(op), "a", Network.INPUT)
        .build(new float[0], KERNELS)
        .predict(new float[] {6, -5}, 1);
  }

  @Test
  void nothingIsBroadcast() {
    List<Shape> shapes = List.of(new Shape(3, 2, 2), Shape.vector(3));
    assertThatThrownBy(() -> new ElementwiseMerge(ElementwiseMerge.Op.MULTIPLY).outputShape(shapes))
        .hasMessageContainingAll("Multiply", "nothing is broadcast", "[3, 2, 2]", "[3]");
    assertThatThrownBy(() -> new Concatenate().outputShape(shapes))
        .hasMessageContaining("one height and width");
    List<Shape> three = List.of(Shape.vector(2), Shape.vector(2), Shape.vector(2));
    assertThatThrownBy(() -> new ElementwiseMerge(ElementwiseMerge.Op.SUBTRACT).outputShape(three))
        .hasMessageContaining("takes two inputs");
  }

  /** Two images of two rows: in each row [2, 1] · [1, 2], a matrix of all products. */
  @Test
  void matricesByHand() {
    Network network =
        Network.builder(new Shape(1, 2, 2))
            .add("right", new Permute(2, 1, 0), Network.INPUT)
            .add("product", new MatrixProduct(), Network.INPUT, "right")
            .build(new float[0], KERNELS);
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8};
    assertThat(network.predict(x, 2))
        .containsExactly(1, 2, 9, 12, 2, 4, 12, 16, 25, 30, 49, 56, 30, 36, 56, 64);
    assertThatThrownBy(
            () ->
                Network.builder(new Shape(1, 2, 2))
                    .add("product", new MatrixProduct(), Network.INPUT, Network.INPUT))
        .hasMessageContaining("two inputs [K, B, M] and [P, B, K], not [[1, 2, 2], [1, 2, 2]]");
  }

  @Test
  void concatenatedImageByImage() {
    float[] y =
        Network.builder(new Shape(1, 1, 2))
            .add("twice", new ScaleShift(new float[] {2}, new float[] {0}))
            .add("both", new Concatenate(), Network.INPUT, "twice", Network.INPUT)
            .build(new float[0], KERNELS)
            .predict(new float[] {1, 2, 5, 6}, 2);
    assertThat(y).containsExactly(1, 2, 2, 4, 1, 2, 5, 6, 10, 12, 5, 6);
  }

  @Test
  void zerosAroundAnImage() {
    ZeroPad2d pad = new ZeroPad2d(1, 2, 0, 1);
    assertThat(run(new Shape(1, 1, 2), pad, new float[] {3, 4}))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 3, 4, 0);
    assertThatThrownBy(() -> new ZeroPad2d(0, -1, 0, 0)).hasMessageContaining("negative");
  }

  @Test
  void globalMaximumFlattenAndAffine() {
    Shape in = new Shape(2, 1, 2);
    float[] x = {-3, -1, 7, 2};
    assertThat(run(in, new GlobalMaxPool2d(), x)).containsExactly(-1, 7);
    assertThat(run(in, new FlattenChannelsLast(), x)).containsExactly(-3, 7, -1, 2);
    assertThat(run(in, new ScaleShift(new float[] {2, 10}, new float[] {1}), x))
        .containsExactly(-5, -1, 71, 21);
    assertThatThrownBy(() -> run(in, new ScaleShift(new float[3], new float[1]), x))
        .hasMessageContainingAll("3 numbers", "2 channels");
  }

  @Test
  void preluByHand() {
    float[] x = {-2, 3, -4, -1};
    assertThat(run(new Shape(2, 1, 2), new PRelu(new Shape(2, 1, 1)), x, 0.5f, 0.25f))
        .containsExactly(-1, 3, -1, -0.25f);
    assertThat(run(new Shape(2, 1, 2), new PRelu(new Shape(1, 1, 2)), x, 0.5f, 0.25f))
        .containsExactly(-1, 3, -2, -0.25f);
    assertThatThrownBy(() -> run(new Shape(2, 1, 2), new PRelu(new Shape(2, 2, 1)), x, 0, 0, 0, 0))
        .hasMessageContaining("slopes [2, 2, 1]");
  }

  @Test
  void logarithmsOfSoftmaxDoNotOverflow() {
    float[] y = run(Shape.vector(3), new LogSoftmax(), new float[] {1000, 1000, -1000});
    assertThat(y[0]).isCloseTo((float) -Math.log(2), within(1e-4f));
    assertThat(y[2]).isCloseTo((float) (-2000 - Math.log(2)), within(1e-3f));
  }

  @Test
  void generalReluAndHardSigmoid() {
    Activation relu = Activation.relu(3, 0.5, 1);
    assertThat(relu.apply(5)).isEqualTo(3);
    assertThat(relu.apply(2)).isEqualTo(2);
    assertThat(relu.apply(1)).isZero();
    assertThat(relu.apply(-1)).isEqualTo(-1);
    Activation sigmoid = new Activation(Activation.Kind.HARD_SIGMOID, 0.2f);
    assertThat(sigmoid.apply(1)).isCloseTo(0.7f, within(1e-7f));
    assertThat(sigmoid.apply(-3)).isZero();
    assertThat(new Activation(Activation.Kind.SOFTPLUS, 0).apply(100)).isEqualTo(100);
  }

  private static final int IMAGES = 500;
  private static final Shape IMAGE = new Shape(4, 2, 2);

  /** The output of a layer in training for an input of ones. */
  private static float[] trained(Layer layer) {
    Network network = Network.builder(IMAGE).add("layer", layer).build(new float[0], KERNELS);
    Workspace workspace = new Workspace(network, IMAGES, true, false);
    workspace.begin(IMAGES, 3, 5);
    float[] x = new float[IMAGES * IMAGE.size()];
    java.util.Arrays.fill(x, 1);
    float[] y = new float[x.length];
    for (int microBatch = 0; microBatch < workspace.microBatchCount(); microBatch++) {
      workspace.load(x, 0, microBatch);
      layer.forward(workspace.context(microBatch, 0, new Scratchpad()));
      workspace.store(0, y, 0, microBatch);
    }
    return y;
  }

  @Test
  void noiseHasTheMeanAndDeviationItSays() {
    // Of 8,000 values: standard errors 0.0056 of the mean and 0.004 of the deviation.
    assertMoments(trained(new GaussianNoise(0.5)), 1, 0.5);
    assertMoments(trained(new GaussianDropout(0.2)), 1, 0.5);
    assertMoments(trained(new Dropout(0.8)), 1, 0.5);
    assertThatThrownBy(() -> new GaussianNoise(-1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> new GaussianDropout(1)).hasMessageContaining("in [0, 1)");
    assertThatThrownBy(() -> new SpatialDropout(0)).hasMessageContaining("spatial dropout");
  }

  private static void assertMoments(float[] y, double mean, double deviation) {
    double sum = 0;
    double squares = 0;
    for (float v : y) {
      sum += v;
      squares += ((double) v - mean) * (v - mean);
    }
    assertThat(sum / y.length).isCloseTo(mean, within(0.02));
    assertThat(Math.sqrt(squares / y.length)).isCloseTo(deviation, within(0.02));
  }

  @Test
  void spatialDropoutDropsWholeChannels() {
    float[] y = trained(new SpatialDropout(0.75));
    int kept = 0;
    for (int plane = 0; plane < IMAGES * 4; plane++) {
      for (int p = 1; p < 4; p++) {
        assertThat(y[plane * 4 + p]).isEqualTo(y[plane * 4]);
      }
      kept += y[plane * 4] == 0 ? 0 : 1;
      assertThat(y[plane * 4]).isIn(0f, (float) (1 / 0.75));
    }
    assertThat(kept / (IMAGES * 4.0)).isCloseTo(0.75, within(0.04));
  }
}
