package cnnlab.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The report's Task 3 network (TNM112, lab 2) for patches of lymph nodes, 924,874 parameters:
 *
 * <pre>
 *   input [N, 3, 32, 32]
 *   conv1     Conv 8@3x3, same, ReLU          [N, 8, 32, 32]      224
 *   conv2     Conv 8@3x3, same, ReLU          [N, 8, 32, 32]      584
 *   pool1     MaxPool 2x2                     [N, 8, 16, 16]
 *   pool2     MaxPool 2x2                     [N, 8, 8, 8]
 *   conv3     Conv 16@3x3, same, ReLU         [N, 16, 8, 8]     1,168
 *   conv4     Conv 16@3x3, same, ReLU         [N, 16, 8, 8]     2,320
 *   pool3     MaxPool 2x2                     [N, 16, 4, 4]
 *   flatten                                   [N, 256]
 *   dense1    Dense 512, ReLU, L1 and L2      [N, 512]        131,584
 *   dense2    Dense 512, ReLU, L1 and L2      [N, 512]        262,656
 *   dropout1  Dropout 2 %
 *   dense3    Dense 512, ReLU, L1 and L2      [N, 512]        262,656
 *   dropout2  Dropout 2 %
 *   dense4    Dense 512, ReLU, L1 and L2      [N, 512]        262,656
 *   out       Dense 2, softmax                [N, 2]            1,026
 * </pre>
 *
 * <p>Glorot-uniform weights and zero biases, the defaults of Keras; categorical cross-entropy. The
 * penalties are {@code L1L2(0.0002, 0.001)} of Keras, on weights but not on biases; DL4J halves the
 * squares, so its factor is twice as large.
 */
public final class LymphNodeCnn {
  public static final int CHANNELS = 3;
  public static final int HEIGHT = 32;
  public static final int WIDTH = 32;
  public static final int CLASSES = 2;

  /** The factor of Σ|w|. */
  public static final double L1 = 0.0002;

  /** The factor of Σw², as in Keras. */
  public static final double KERAS_L2 = 0.001;

  /** The report's dropout probability, as in Keras: the probability to drop a value. */
  public static final double DROPOUT = 0.02;

  static final InputType INPUT = InputType.convolutional(HEIGHT, WIDTH, CHANNELS);

  private static final int FEATURES = 512;

  private LymphNodeCnn() {}

  /**
   * Creates a graph with random weights.
   *
   * @param seed the seed of the initial weights
   * @param updater the optimiser
   * @param dropout the probability to drop a value, in [0, 1); {@link #DROPOUT} in the report, 0
   *     for none
   */
  public static ComputationGraph create(long seed, IUpdater updater, double dropout) {
    ComputationGraph graph = new ComputationGraph(configuration(seed, updater, dropout));
    graph.init();
    return graph;
  }

  /** The size of the graph; nothing is allocated. */
  public static GraphSize size() {
    return GraphSize.of(configuration(0, new Adam(), DROPOUT), INPUT);
  }

  private static ComputationGraphConfiguration configuration(
      long seed, IUpdater updater, double dropout) {
    var builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER_UNIFORM)
            .updater(updater)
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(INPUT)
            .addLayer("conv1", Pieces.conv3x3(8), "input")
            .addLayer("conv2", Pieces.conv3x3(8), "conv1")
            .addLayer("pool1", Pieces.maxPool2x2(), "conv2")
            .addLayer("pool2", Pieces.maxPool2x2(), "pool1")
            .addLayer("conv3", Pieces.conv3x3(16), "pool2")
            .addLayer("conv4", Pieces.conv3x3(16), "conv3")
            .addLayer("pool3", Pieces.maxPool2x2(), "conv4")
            .addVertex(
                "flatten",
                new PreprocessorVertex(new CnnToFeedForwardPreProcessor(HEIGHT / 8, WIDTH / 8, 16)),
                "pool3")
            .addLayer("dense1", dense(), "flatten")
            .addLayer("dense2", dense(), "dense1")
            .addLayer("dropout1", dropout(dropout), "dense2")
            .addLayer("dense3", dense(), "dropout1")
            .addLayer("dropout2", dropout(dropout), "dense3")
            .addLayer("dense4", dense(), "dropout2")
            .addLayer("out", Pieces.classifier(CLASSES, 0).build(), "dense4")
            .setOutputs("out");
    return builder.build();
  }

  private static DenseLayer dense() {
    return new DenseLayer.Builder()
        .nOut(FEATURES)
        .activation(Activation.RELU)
        .l1(L1)
        .l2(2 * KERAS_L2)
        .build();
  }

  private static DropoutLayer dropout(double probability) {
    // DL4J expects the probability to keep a value; null means no dropout.
    return new DropoutLayer.Builder(probability == 0 ? null : new Dropout(1 - probability)).build();
  }
}
