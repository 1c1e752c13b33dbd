package cnnlab.scratch.dl4j;

import cnnlab.crosscheck.LibraryActivations;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small DL4J graphs with random parameters, to compare with. */
public final class TestGraphs {
  private TestGraphs() {}

  /** A builder for graphs with the input {@code input}. */
  public static GraphBuilder builder(Shape in) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .weightInit(WeightInit.XAVIER_UNIFORM)
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(in.height(), in.width(), in.channels()))
        .validateOutputLayerConfig(false);
  }

  /** A graph of one layer named {@code layer}. */
  public static ComputationGraph single(Shape in, Layer layer) {
    return init(builder(in).addLayer("layer", layer, "input"), "layer");
  }

  /** Initialises a graph; every parameter becomes random, variances positive. */
  public static ComputationGraph init(GraphBuilder builder, String output) {
    ComputationGraph graph = new ComputationGraph(builder.setOutputs(output).build());
    graph.init();
    Random random = new Random(11);
    graph
        .paramTable()
        .forEach(
            (name, values) -> {
              for (long i = 0; i < values.length(); i++) {
                double v = random.nextGaussian() * 0.5;
                values.putScalar(i, name.endsWith("_var") ? 0.5 + v * v : v);
              }
            });
    return graph;
  }

  /** Normal random values. */
  public static float[] random(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** Asserts that every layer which both have agrees to {@code tolerance} of the largest value. */
  public static Network assertSame(
      ComputationGraph graph, Shape in, Kernels kernels, int n, double tolerance) {
    Network network = GraphCompiler.compile(graph, in, kernels);
    float[] x = random(n * in.size(), 3);
    INDArray images = Nd4j.create(x, new long[] {n, in.channels(), in.height(), in.width()}, 'c');
    Map<String, INDArray> expected = LibraryActivations.of(graph, images);
    Map<String, float[]> actual = network.activations(x, n);
    actual.forEach(
        (name, ours) -> {
          if (expected.containsKey(name)) {
            assertClose(name, expected.get(name).dup('c').data().asFloat(), ours, tolerance);
          }
        });
    Assertions.assertThat(actual).containsKey(graph.getConfiguration().getNetworkOutputs().get(0));
    return network;
  }

  /** Asserts max |a − b| ≤ tolerance · max(|a|, 1e-3). */
  public static void assertClose(String what, float[] expected, float[] actual, double tolerance) {
    Assertions.assertThat(actual).as(what).hasSameSizeAs(expected);
    double scale = 1e-3;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      double d = Math.abs((double) expected[i] - actual[i]);
      worst = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(worst, d);
    }
    Assertions.assertThat(worst / scale).as(what).isLessThanOrEqualTo(tolerance);
  }

  /** One convolution, and a softmax over the given number of classes. */
  public static ComputationGraph small(Shape image, int classes) {
    return init(
        builder(image)
            .addLayer(
                "conv",
                new ConvolutionLayer.Builder(3, 3).nOut(3).activation(Activation.RELU).build(),
                "input")
            .addLayer(
                "out",
                new OutputLayer.Builder().nOut(classes).activation(Activation.SOFTMAX).build(),
                "conv"),
        "out");
  }

  /** Two dense layers on vectors. */
  public static ComputationGraph vectors(int features, int classes) {
    return init(
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.feedForward(features))
            .addLayer(
                "dense",
                new DenseLayer.Builder().nOut(5).activation(Activation.TANH).build(),
                "input")
            .addLayer(
                "out",
                new OutputLayer.Builder().nOut(classes).activation(Activation.SOFTMAX).build(),
                "dense"),
        "out");
  }
}
