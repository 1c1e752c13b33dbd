package cnnlab.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Minimal graphs with one or two randomly initialised layers of each kind, for the report's check
 * of single layers.
 */
public final class SingleLayerGraphs {
  /** The key of the single convolution, for which the report gives a figure. */
  public static final String CONV = "conv";

  private static final String INPUT = "input";

  private SingleLayerGraphs() {}

  /**
   * One graph for each of {@code conv}, {@code two convs}, {@code pool}, {@code flatten} and {@code
   * dense}.
   *
   * @param seed the seed of the parameters; weights are Glorot-uniform, biases normal with mean 0
   *     and standard deviation 1
   * @param channels C of the image
   * @param height H of the image
   * @param width W of the image
   */
  public static Map<String, ComputationGraph> all(long seed, int channels, int height, int width) {
    InputType image = InputType.convolutional(height, width, channels);
    var flatten = new PreprocessorVertex(new CnnToFeedForwardPreProcessor(height, width, channels));
    Map<String, ComputationGraph> graphs = new LinkedHashMap<>();
    graphs.put(
        CONV, init(seed, start(seed, image).addLayer("conv", Pieces.conv3x3(4), INPUT), "conv"));
    graphs.put(
        "two convs",
        init(
            seed,
            start(seed, image)
                .addLayer("conv1", Pieces.conv3x3(4), INPUT)
                .addLayer("conv2", Pieces.conv3x3(8), "conv1"),
            "conv2"));
    graphs.put(
        "pool",
        init(
            seed,
            start(seed, image)
                .addLayer(
                    "pool",
                    new SubsamplingLayer.Builder(PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build(),
                    INPUT),
            "pool"));
    graphs.put(
        "flatten", init(seed, start(seed, image).addVertex("flatten", flatten, INPUT), "flatten"));
    graphs.put(
        "dense",
        init(
            seed,
            start(seed, image)
                .addVertex("flatten", flatten.clone(), INPUT)
                .addLayer(
                    "dense",
                    new DenseLayer.Builder().nOut(10).activation(Activation.SOFTMAX).build(),
                    "flatten"),
            "dense"));
    return graphs;
  }

  private static GraphBuilder start(long seed, InputType image) {
    return new NeuralNetConfiguration.Builder()
        .seed(seed)
        .weightInit(WeightInit.XAVIER_UNIFORM)
        .graphBuilder()
        .addInputs(INPUT)
        .setInputTypes(image)
        .validateOutputLayerConfig(false);
  }

  private static ComputationGraph init(long seed, GraphBuilder builder, String output) {
    ComputationGraph graph = new ComputationGraph(builder.setOutputs(output).build());
    graph.init();
    Nd4j.getRandom().setSeed(seed);
    graph
        .paramTable()
        .forEach(
            (name, values) -> {
              if (name.endsWith("_b")) {
                INDArray normal = Nd4j.randn(values.shape());
                values.assign(normal);
              }
            });
    return graph;
  }
}
