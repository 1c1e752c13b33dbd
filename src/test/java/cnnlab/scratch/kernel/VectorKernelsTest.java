package cnnlab.scratch.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import cnnlab.scratch.Network;
import cnnlab.scratch.TestNetworks;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GaussianDropout;
import cnnlab.scratch.layer.GaussianNoise;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.SpatialDropout;
import cnnlab.scratch.layer.ZeroPad2d;
import cnnlab.scratch.train.Backpropagation;
import cnnlab.scratch.train.GradientClip;
import cnnlab.scratch.train.NetworkTrainer;
import cnnlab.scratch.train.Objective;
import cnnlab.scratch.train.Optimizer;
import cnnlab.scratch.train.Penalty;
import cnnlab.scratch.train.Schedule;
import cnnlab.scratch.train.WeightDecay;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast kernels against the plain loops: outputs, losses and every gradient. */
class VectorKernelsTest {
  private static final double TOLERANCE = 2e-5;
  private static final Kernels REFERENCE = new ReferenceKernels();

  @BeforeAll
  static void vectorModule() {
    assumeThat(Kernels.best().name())
        .as("run the tests with --add-modules jdk.incubator.vector to test the vector kernels")
        .isEqualTo("vector");
  }

  static List<Conv2d> convolutions() {
    List<Conv2d> cases = new ArrayList<>();
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (Padding padding :
            new Padding[] {Padding.SAME, Padding.VALID, new Padding.Explicit(2, 0, 1, 3)}) {
          int out = new int[] {1, 3, 4, 5, 8}[(kernel + stride) % 5];
          Window window = new Window(kernel, Math.max(1, kernel - 1), stride, 1, padding);
          cases.add(new Conv2d(stride + 1, out, window, kernel != 2, stride != 2));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void convolution(Conv2d conv) {
    compare(
        Network.builder(new Shape(conv.inChannels(), 9, 7))
            .add("first", square(conv.inChannels(), conv.inChannels()))
            .add("conv", conv)
            .add("flatten", new Flatten()));
  }

  @Test
  void dilatedConvolutions() {
    for (Padding padding :
        new Padding[] {Padding.SAME, Padding.VALID, new Padding.Explicit(2, 0, 1, 3)}) {
      for (int stride = 1; stride <= 2; stride++) {
        Window window = new Window(3, 2, stride, 1, padding, 2, 3);
        compare(
            Network.builder(new Shape(2, 9, 7))
                .add("first", square(2, 3))
                .add("conv", new Conv2d(3, 5, window, true, true))
                .add("flatten", new Flatten()));
      }
    }
  }

  private static Conv2d square(int in, int out) {
    return new Conv2d(in, out, Window.square(3, 1, Padding.SAME), true, true);
  }

  @Test
  void narrowImages() {
    compare(
        Network.builder(new Shape(2, 5, 3))
            .add("a", square(2, 4))
            .add("b", square(4, 6))
            .add("flatten", new Flatten()));
  }

  /** More positions than one tile of the weight gradient has. */
  @Test
  void largeImages() {
    compare(
        Network.builder(new Shape(2, 13, 11))
            .add("a", square(2, 5))
            .add("b", square(5, 6))
            .add("mean", new AvgPool2d(Window.square(2, 2, Padding.VALID), false))
            .add("c", square(6, 8))
            .add("flatten", new Flatten()));
  }

  @Test
  void poolingWithOverlapAndPadding() {
    for (Padding padding : new Padding[] {Padding.SAME, Padding.VALID}) {
      for (int kernel = 1; kernel <= 3; kernel++) {
        for (int stride = 1; stride <= 3; stride++) {
          Window window = Window.square(kernel, stride, padding);
          compare(
              Network.builder(new Shape(2, 8, 7))
                  .add("conv", square(2, 4))
                  .add("max", new MaxPool2d(window))
                  .add("flatten", new Flatten()));
          compare(
              Network.builder(new Shape(2, 8, 7))
                  .add("conv", square(2, 4))
                  .add("mean", new AvgPool2d(window, kernel == 2))
                  .add("flatten", new Flatten()));
        }
      }
    }
  }

  @Test
  void depthwiseConvolutions() {
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int multiplier : new int[] {1, 2, 5}) {
        for (Padding padding : new Padding[] {Padding.SAME, Padding.VALID}) {
          Window window = new Window(kernel, Math.max(1, kernel - 1), 1 + kernel % 2, 1, padding);
          compare(
              Network.builder(new Shape(2, 9, 7))
                  .add("conv", square(2, 4))
                  .add(
                      "depthwise",
                      new DepthwiseConv2d(4, multiplier, window, kernel != 2, kernel != 3))
                  .add("flatten", new Flatten()));
        }
      }
    }
  }

  @Test
  void branchesAndLayersOfKeras() {
    compare(
        Network.builder(new Shape(2, 6, 5))
            .add("rescale", new ScaleShift(new float[] {0.5f, 2}, new float[] {0.1f, -1}))
            .add("noise", new GaussianNoise(0.1))
            .add("a", square(2, 4))
            .add("prelu", new PRelu(new Shape(4, 1, 5)))
            .add("drop", new SpatialDropout(0.7))
            .add("b", square(4, 4))
            .add("factors", new GaussianDropout(0.2))
            .add(
                "product",
                new ElementwiseMerge(ElementwiseMerge.Op.MULTIPLY),
                "factors",
                "prelu",
                "a")
            .add("largest", new ElementwiseMerge(ElementwiseMerge.Op.MAXIMUM), "product", "b", "a")
            .add("mean", new ElementwiseMerge(ElementwiseMerge.Op.AVERAGE), "largest", "b")
            .add("difference", new ElementwiseMerge(ElementwiseMerge.Op.SUBTRACT), "mean", "prelu")
            .add("both", new Concatenate(), "difference", "b", "rescale")
            .add("shares", new Softmax())
            .add("pad", new ZeroPad2d(1, 0, 0, 2))
            .add("log", new LogSoftmax())
            .add("flat", new FlattenChannelsLast())
            .add("max", new GlobalMaxPool2d(), "both")
            .add("features", new Concatenate(), "max", "flat"));
  }

  @Test
  void denseLayersOfAllWidths() {
    for (int in : new int[] {1, 5, 8, 13, 70}) {
      for (int out : new int[] {1, 7, 8, 10, 64, 70, 130}) {
        compare(
            Network.builder(Shape.vector(in))
                .add("a", new Dense(in, out, true, true))
                .add("b", new Dense(out, in, false, false)));
      }
    }
  }

  @Test
  void aResidualNetworkWithBatchNormalisation() {
    compare(residual());
  }

  static Network.Builder residual() {
    return Network.builder(new Shape(3, 8, 6))
        .add("stem", square(3, 8))
        .add("norm", new BatchNorm(8, 1e-3, 0.9))
        .add("relu", new Activate(Activation.RELU))
        .add("drop", new Dropout(0.8))
        .add("conv", square(8, 8))
        .add("norm2", new BatchNorm(8, 1e-3, 0.9))
        .add("add", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "norm2", "norm", "stem")
        .add("gelu", new Activate(Activation.GELU))
        .add("pool", new AvgPool2d(Window.square(2, 2, Padding.VALID), false))
        .add("global", new GlobalAvgPool2d());
  }

  /** 37 images: more than one micro-batch, and a last group that is not full. */
  private static void compare(Network.Builder builder) {
    int features = TestNetworks.lastShape(builder).size();
    builder.add("logits", new Dense(features, 5, true, false)).add("softmax", new Softmax());
    int n = 37;
    float[] parameters = TestNetworks.parameters(builder, 1);
    Network a = builder.build(parameters.clone(), REFERENCE);
    Network b = builder.build(parameters.clone(), Kernels.best());
    float[] x = TestGraphs.random(n * a.inputShape().size(), 2);
    TestGraphs.assertClose("output", a.predict(x, n), b.predict(x, n), TOLERANCE);
    try (ThreadTeam team = new ThreadTeam(2)) {
      Backpropagation p =
          new Backpropagation(a, Objective.CATEGORICAL_CROSS_ENTROPY, n, team, true);
      Backpropagation q =
          new Backpropagation(b, Objective.CATEGORICAL_CROSS_ENTROPY, n, team, true);
      float[] y = TestNetworks.targets(n, 5, 3);
      double expected = p.run(x, y, n, 4, 5);
      assertThat(q.run(x, y, n, 4, 5))
          .isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-5));
      TestGraphs.assertClose("input", p.inputGradient(n), q.inputGradient(n), TOLERANCE);
      TestNetworks.assertSameGradients(a, p.gradients(), q.gradients(), TOLERANCE);
      TestGraphs.assertClose("averages", a.parameters(), b.parameters(), TOLERANCE);
      // A second, smaller batch in the same memory.
      double again = p.run(x, y, 5, 5, 5);
      assertThat(q.run(x, y, 5, 5, 5))
          .isCloseTo(again, org.assertj.core.api.Assertions.within(1e-5));
      TestNetworks.assertSameGradients(a, p.gradients(), q.gradients(), TOLERANCE);
    }
  }

  @Test
  void theNumberOfThreadsChangesNoBit() {
    for (Kernels kernels : new Kernels[] {REFERENCE, Kernels.best()}) {
      float[] one = train(kernels, 1);
      assertThat(train(kernels, 2)).containsExactly(one);
      assertThat(train(kernels, 3)).containsExactly(one);
    }
  }

  private static float[] train(Kernels kernels, int threads) {
    Network.Builder builder = residual();
    builder.add("logits", new Dense(8, 5, true, false)).add("softmax", new Softmax());
    Network network = builder.build(TestNetworks.parameters(builder, 1), kernels);
    NetworkTrainer.Options options =
        new NetworkTrainer.Options(
            Objective.CATEGORICAL_CROSS_ENTROPY,
            new Optimizer.Adam(new Schedule.Constant(1e-2), 0.9, 0.999, 1e-7),
            List.of(new Penalty(0, 200, 1e-3, 1e-2)),
            List.of(new WeightDecay(0, 100, 1e-3)),
            List.of(new GradientClip(0, 150, 1e-2)),
            0.9,
            100,
            7);
    try (ThreadTeam team = new ThreadTeam(threads)) {
      NetworkTrainer trainer = new NetworkTrainer(network, options, team);
      float[] x = TestGraphs.random(100 * network.inputShape().size(), 2);
      float[] y = TestNetworks.targets(100, 5, 3);
      for (int step = 0; step < 5; step++) {
        trainer.step(x, y, 100 - step);
      }
      return trainer.inferenceParameters().clone();
    }
  }
}
