package cnnlab.scratch.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.engine.ScratchEngine;
import cnnlab.model.GraphEnds;
import cnnlab.model.GraphSize;
import cnnlab.model.LymphNodeCnn;
import cnnlab.model.LymphNodeResNet;
import cnnlab.model.file.ModelFileException;
import cnnlab.model.file.ModelFiles;
import cnnlab.model.layer.GroupConvolution;
import cnnlab.scratch.DoubleCopy;
import cnnlab.scratch.Network;
import cnnlab.scratch.TestNetworks;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.train.Backpropagation;
import cnnlab.scratch.train.Objective;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Group convolution as a layer of DL4J, and the equivariant network of Task 3. */
class GroupConvolutionTest {
  private static final Shape PATCH =
      new Shape(LymphNodeCnn.CHANNELS, LymphNodeCnn.HEIGHT, LymphNodeCnn.WIDTH);
  private static final int SYMMETRIES = 8;

  @TempDir Path temp;

  @AfterEach
  void asTheOtherTestsHaveIt() {
    Dl4jRuntime.configure(true, 1);
  }

  private static ComputationGraph equivariant(boolean pooledStem, int... widths) {
    List<Integer> list = Arrays.stream(widths).boxed().toList();
    LymphNodeResNet.Shape shape = new LymphNodeResNet.Shape(list, 1, pooledStem, 0, true);
    return LymphNodeResNet.create(1, shape, new Adam(1e-3), 0.01);
  }

  /** Layers with and without bias, with and without an activation; H is not W. */
  private static ComputationGraph layers(Shape in) {
    GroupConvolution relu = new GroupConvolution(3, 3, true, true);
    relu.setActivationFn(new ActivationReLU());
    // Normalisation cancels a bias before it: its gradient would consist of rounding errors only.
    GroupConvolution tanh = new GroupConvolution(2, 3, false, false);
    tanh.setActivationFn(new ActivationTanH());
    var builder =
        TestGraphs.builder(in)
            .addLayer("lift", relu, "input")
            .addLayer("tanh", tanh, "lift")
            .addLayer("norm", new BatchNormalization.Builder().build(), "tanh")
            .addLayer("plain", new GroupConvolution(4, 1, false, true), "norm")
            .addLayer("global", new GlobalPoolingLayer(PoolingType.AVG), "plain")
            .addLayer("out", Dl4jGradientTest.out(3), "global");
    return TestGraphs.init(builder, "out");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothEnginesAgreeInOutputsAndGradients(boolean oneDnn) {
    Dl4jRuntime.configure(oneDnn, 1);
    Shape in = new Shape(2, 6, 5);
    ComputationGraph graph = layers(in);
    TestGraphs.assertSame(graph, in, new ReferenceKernels(), 3, 1e-5);
    TestGraphs.assertSame(graph, in, Kernels.best(), 18, 1e-5);
    requireSameGradients(graph, in, 3, 21);
  }

  /**
   * The gradients of DL4J, plain loops and vectors against those in double precision. Behind global
   * pooling and normalisation the gradient of a channel is nearly constant and cancels, which float
   * sums of many pixels show (by as much with ordinary convolutions of as many channels); the plain
   * loops add in double.
   */
  private static void requireSameGradients(ComputationGraph graph, Shape in, int classes, int n) {
    float[] x = TestGraphs.random(n * in.size(), 2);
    float[] y = TestNetworks.targets(n, classes, 3);
    graph.setInputs(Nd4j.create(x, new long[] {n, in.channels(), in.height(), in.width()}, 'c'));
    graph.setLabels(Nd4j.create(y, new long[] {n, classes}, 'c'));
    graph.computeGradientAndScore();
    Map<String, INDArray> sums = graph.gradient().gradientForVariable();
    Network plain = GraphCompiler.compile(graph, in, new ReferenceKernels());
    double[] exact = exactGradients(plain, x, y, n);
    float[] loops = gradients(plain, x, y, n);
    float[] vectors = gradients(GraphCompiler.compile(graph, in, Kernels.best()), x, y, n);
    for (Node node : plain.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        if (p.trainable()) {
          String name = GraphCompiler.vertexOf(graph, node) + "_" + p.name();
          double[] expected = Arrays.copyOfRange(exact, at, at + p.size());
          float[] library = sums.get(name).dup('c').div(n).data().asFloat();
          requireClose(name + ", DL4J", expected, library, 1e-3);
          requireClose(name + ", vectors", expected, part(vectors, at, p), 1e-3);
          requireClose(name + ", plain loops", expected, part(loops, at, p), 2e-5);
        }
        at += p.size();
      }
    }
  }

  private static float[] part(float[] values, int at, Layer.Parameter p) {
    return Arrays.copyOfRange(values, at, at + p.size());
  }

  private static void requireClose(String what, double[] expected, float[] found, double most) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(found).as(what).hasSize(expected.length);
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i]).as(what).isCloseTo(expected[i], within(most * largest));
    }
  }

  private static float[] gradients(Network network, float[] x, float[] y, int n) {
    try (ThreadTeam team = new ThreadTeam(1)) {
      var b = new Backpropagation(network, Objective.CATEGORICAL_CROSS_ENTROPY, n, team, false);
      b.run(x, y, n, 0, 0);
      return b.gradients();
    }
  }

  private static double[] exactGradients(Network network, float[] x, float[] y, int n) {
    try (var team = new cnnlab.scratch64.ThreadTeam(1)) {
      var b =
          new cnnlab.scratch64.train.Backpropagation(
              DoubleCopy.of(network),
              cnnlab.scratch64.train.Objective.CATEGORICAL_CROSS_ENTROPY,
              n,
              team,
              false);
      b.run(DoubleCopy.widen(x), DoubleCopy.widen(y), n, 0, 0);
      return b.gradients();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothEnginesAgreeOnTheEquivariantNetwork(boolean pooledStem) {
    ComputationGraph graph = equivariant(pooledStem, 2, 3);
    TestGraphs.assertSame(graph, PATCH, new ReferenceKernels(), 2, 1e-5);
    TestGraphs.assertSame(graph, PATCH, Kernels.best(), 9, 1e-5);
    if (pooledStem) {
      requireSameGradients(graph, PATCH, 2, 11);
    }
  }

  /** A few steps of Adam with weight decay from the same weights. */
  @Test
  void bothEnginesTrainAlike() {
    int n = 19;
    float[] x = TestGraphs.random(n * PATCH.size(), 4);
    float[] y = TestNetworks.targets(n, 2, 5);
    ComputationGraph ours = equivariant(true, 2, 3);
    ComputationGraph theirs = equivariant(true, 2, 3);
    assertThat(ours.params()).isEqualTo(theirs.params());
    INDArray images = Nd4j.create(x, new long[] {n, 3, 32, 32}, 'c');
    INDArray labels = Nd4j.create(y, new long[] {n, 2}, 'c');
    try (Engine engine =
        Engines.training(EngineKind.SCRATCH, ours, PATCH, Engines.Training.withDefaults(n, 1), 1)) {
      for (int step = 0; step < 3; step++) {
        theirs.fit(new INDArray[] {images}, new INDArray[] {labels});
        engine.trainBatch(x, y, n);
      }
      Engines.writeBack(engine, ours, PATCH);
    }
    float[] before = equivariant(true, 2, 3).params().dup().data().asFloat();
    float[] expected = theirs.params().dup().data().asFloat();
    float[] found = ours.params().dup().data().asFloat();
    assertThat(expected).isNotEqualTo(before);
    TestGraphs.assertClose("weights", expected, found, 1e-3);
  }

  /** Every symmetry, in both engines; the network must not be constant for that. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNetworkGivesTheSameOutputForAllOrientationsOfAPatch(boolean pooledStem) {
    ComputationGraph graph = equivariant(pooledStem, 2, 3, 4);
    int n = 3;
    float[] x = TestGraphs.random(n * PATCH.size(), 6);
    Network network = GraphCompiler.compile(graph, PATCH, Kernels.best());
    try (Engine dl4j = new Dl4jEngine(graph, 3, 32, 32);
        Engine scratch = ScratchEngine.forInference(network, 1)) {
      for (Engine engine : new Engine[] {dl4j, scratch}) {
        float[] upright = engine.predict(x, n);
        assertThat(upright[0]).isNotCloseTo(upright[2], within(1e-4f));
        for (int symmetry = 1; symmetry < SYMMETRIES; symmetry++) {
          float[] view = view(x, PATCH.height(), symmetry);
          assertThat(view).isNotEqualTo(x);
          assertThat(engine.predict(view, n)).containsExactly(upright, within(1e-5f));
        }
      }
    }
  }

  /**
   * Square planes: bit 0 exchanges left and right, bit 1 top and bottom, bit 2 rows and columns.
   */
  private static float[] view(float[] x, int side, int symmetry) {
    float[] out = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      int at = i % (side * side);
      int row = (symmetry & 2) == 0 ? at / side : side - 1 - at / side;
      int column = (symmetry & 1) == 0 ? at % side : side - 1 - at % side;
      out[i - at + ((symmetry & 4) == 0 ? row * side + column : column * side + row)] = x[i];
    }
    return out;
  }

  @Test
  void survivesSavingAndLoading() throws IOException {
    for (ComputationGraph graph : new ComputationGraph[] {equivariant(true, 2, 3), layers(PATCH)}) {
      Path file = temp.resolve("model.zip");
      ModelFiles.save(graph, file);
      ComputationGraph loaded = ModelFiles.load(file);
      assertThat(loaded.getConfiguration()).isEqualTo(graph.getConfiguration());
      assertThat(loaded.params()).isEqualTo(graph.params());
      INDArray x = Nd4j.create(TestGraphs.random(PATCH.size(), 1), new long[] {1, 3, 32, 32}, 'c');
      assertThat(loaded.outputSingle(x)).isEqualTo(graph.outputSingle(x));
      assertThat(GraphEnds.takesVectors(loaded)).isFalse();
      assertThat(loaded.clone().params()).isEqualTo(graph.params());
    }
  }

  /** Configurations of model files that no such layer has; the files are refused by name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"side\" : 3 -> \"side\" : 2",
        "\"side\" : 3 -> \"side\" : -1",
        "\"side\" : 3 -> \"side\" : 100001",
        "\"side\" : 3 -> \"side\" : 2147483647",
        "\"side\" : 3 -> \"side\" : \"three\"",
        "\"lifting\" : true -> \"lifting\" : false",
        "\"lifting\" : false -> \"lifting\" : true",
        "\"hasBias\" : false -> \"hasBias\" : true",
        "\"nin\" : 2 -> \"nin\" : -2",
        "\"nin\" : 2 -> \"nin\" : 9223372036854775807",
        "\"nout\" : 3 -> \"nout\" : 0",
        "\"nout\" : 3 -> \"nout\" : 5000000000",
      })
  void damagedModelFilesAreRefused(String change) throws IOException {
    Path file = temp.resolve("model.zip");
    ModelFiles.save(equivariant(true, 2, 3), file);
    String[] parts = change.split(" -> ");
    try (FileSystem zip = FileSystems.newFileSystem(file)) {
      Path configuration = zip.getPath("configuration.json");
      String json = Files.readString(configuration);
      assertThat(json).contains(parts[0]);
      Files.writeString(configuration, json.replace(parts[0], parts[1]));
    }
    assertThatThrownBy(() -> ModelFiles.load(file))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith(file.toString());
  }

  /** He et al. 2015: variance 2 / fan-in, which is 8·C·9, or C·9 in the stem. */
  @Test
  void initialWeightsHaveTheVarianceOfTheWholeFilters() {
    ComputationGraph graph = equivariant(true, 16, 16);
    assertThat(graph.getParam("block1_1_conv1_W").shape()).containsExactly(16, 16, 8, 3, 3);
    assertThat(deviation(graph.getParam("block1_1_conv1_W")))
        .isCloseTo(Math.sqrt(2.0 / (8 * 16 * 9)), within(0.002));
    assertThat(graph.getParam("stem_W").shape()).containsExactly(16, 3, 3, 3);
    assertThat(deviation(graph.getParam("stem_W"))).isCloseTo(Math.sqrt(2.0 / 27), within(0.03));
  }

  private static double deviation(INDArray values) {
    return Math.sqrt(values.mul(values).meanNumber().doubleValue());
  }

  @Test
  void sizesCountWeightsFilterBanksAndOrientations() {
    ComputationGraph graph = equivariant(true, 4, 8);
    int stem = 3 * 4 * 9;
    int first = 2 * 4 * 4 * 72 + 2 * 4 * 4;
    int second = 4 * 8 * 8 + 4 * 8 * 72 + 8 * 8 * 72 + 4 * 4 + 4 * 8;
    int head = 4 * 8 + 8 * 2 + 2;
    assertThat(graph.numParams()).isEqualTo(stem + first + second + head);
    GraphSize size = GraphSize.of(graph, 3, 32, 32);
    assertThat(size.parameters()).isEqualTo(graph.numParams());
    int filters = stem + 2 * 4 * 4 * 72 + 4 * 8 * 8 + 4 * 8 * 72 + 8 * 8 * 72;
    assertThat(size.expanded()).isEqualTo(8 * filters);
    assertThat(size.largest()).isEqualTo(4 * 8 * 32 * 32);
  }

  @Test
  void refusesWhatItCannotCompute() {
    assertThatThrownBy(() -> new GroupConvolution(4, 2, true, false))
        .hasMessageContainingAll("kernel side 2", "odd");
    assertThatThrownBy(() -> new GroupConvolution(0, 3, true, false))
        .hasMessageContainingAll("0 channels", "at least 1");
    assertThatThrownBy(
            () -> TestGraphs.single(new Shape(2, 12, 4), new GroupConvolution(1, 3, false, false)))
        .hasMessageContainingAll("layer", "multiple of 8", "12");
    var onVectors =
        TestGraphs.builder(new Shape(1, 4, 4))
            .addLayer("dense", new DenseLayer.Builder().nOut(4).build(), "input")
            .addLayer("group", new GroupConvolution(1, 3, true, false), "dense")
            .setOutputs("group");
    assertThatThrownBy(onVectors::build).hasMessageContainingAll("group", "takes images");
  }
}
