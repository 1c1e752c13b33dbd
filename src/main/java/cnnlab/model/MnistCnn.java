package cnnlab.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The lab's Task 1 network (TNM112, lab 2) for MNIST, 4,266 parameters:
 *
 * <pre>
 *   input [N, 1, 28, 28]
 *   conv1   Conv 4@3x3, same, ReLU   [N, 4, 28, 28]      40
 *   pool1   MaxPool 2x2              [N, 4, 14, 14]
 *   conv2   Conv 8@3x3, same, ReLU   [N, 8, 14, 14]     296
 *   pool2   MaxPool 2x2              [N, 8, 7, 7]
 *   flatten                          [N, 392]
 *   dense   Dense 10, softmax        [N, 10]          3,930
 * </pre>
 *
 * <p>Glorot-uniform weights and zero biases, the defaults of Keras; categorical cross-entropy.
 */
public final class MnistCnn {
  public static final int HEIGHT = 28;
  public static final int WIDTH = 28;
  public static final int CLASSES = 10;

  private MnistCnn() {}

  /**
   * Creates a graph with random weights.
   *
   * @param seed the seed of the initial weights
   * @param updater the optimiser
   */
  public static ComputationGraph create(long seed, IUpdater updater) {
    ComputationGraph graph = new ComputationGraph(configuration(seed, updater));
    graph.init();
    return graph;
  }

  /** The size of the graph; nothing is allocated. */
  public static GraphSize size() {
    return GraphSize.of(configuration(0, new Adam()), InputType.convolutional(HEIGHT, WIDTH, 1));
  }

  private static ComputationGraphConfiguration configuration(long seed, IUpdater updater) {
    var builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER_UNIFORM)
            .updater(updater)
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(HEIGHT, WIDTH, 1))
            .addLayer("conv1", Pieces.conv3x3(4), "input")
            .addLayer("pool1", Pieces.maxPool2x2(), "conv1")
            .addLayer("conv2", Pieces.conv3x3(8), "pool1")
            .addLayer("pool2", Pieces.maxPool2x2(), "conv2")
            .addVertex(
                "flatten",
                new PreprocessorVertex(new CnnToFeedForwardPreProcessor(HEIGHT / 4, WIDTH / 4, 8)),
                "pool2")
            .addLayer("dense", Pieces.classifier(CLASSES, 0).build(), "flatten")
            .setOutputs("dense");
    return builder.build();
  }
}
