package cnnlab.model;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The lab's network extended by convolution blocks, for training on few digits (Task 2). A block
 * has one or more 3x3 convolutions (same padding, ReLU, optionally batch normalisation before the
 * ReLU). Max pooling 2x2 stands between two blocks and optionally after the last. Then follow
 * flatten or global average pooling, an optional dense layer with ReLU, dropout, and softmax over
 * ten classes.
 */
public final class SmallDigitsCnn {
  private SmallDigitsCnn() {}

  /**
   * The architecture.
   *
   * @param blocks filters of the convolutions of each block, such as [[24, 24], [48, 48], [96]]; at
   *     most four blocks
   * @param batchNorm whether convolutions are followed by batch normalisation
   * @param poolLast whether max pooling also follows the last block
   * @param globalPooling whether features are averaged over the image instead of flattened
   * @param dense units of the dense layer; 0 for none
   * @param dropout the probability to drop a value before the last layer, in [0, 1); 0 for none
   */
  public record Shape(
      List<List<Integer>> blocks,
      boolean batchNorm,
      boolean poolLast,
      boolean globalPooling,
      int dense,
      double dropout) {}

  /**
   * Creates a graph with Glorot-uniform weights, for images [N, 1, 28, 28].
   *
   * @param seed the seed of the initial weights
   * @param updater the optimiser
   * @param weightDecay decoupled weight decay (AdamW's λ), 0 for none
   */
  public static ComputationGraph create(
      long seed, Shape shape, IUpdater updater, double weightDecay) {
    ComputationGraph graph = new ComputationGraph(configuration(seed, shape, updater, weightDecay));
    graph.init();
    return graph;
  }

  /** The size of a graph of this shape; nothing is allocated. */
  public static GraphSize size(Shape shape) {
    return GraphSize.of(
        configuration(0, shape, new Adam(), 0),
        InputType.convolutional(MnistCnn.HEIGHT, MnistCnn.WIDTH, 1));
  }

  private static ComputationGraphConfiguration configuration(
      long seed, Shape shape, IUpdater updater, double weightDecay) {
    var conf =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER_UNIFORM)
            .updater(updater);
    if (weightDecay > 0) {
      conf.weightDecay(weightDecay, true);
    }
    GraphBuilder builder =
        conf.graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(MnistCnn.HEIGHT, MnistCnn.WIDTH, 1));
    String last = "input";
    int side = MnistCnn.HEIGHT;
    int channels = 1;
    for (int b = 0; b < shape.blocks.size(); b++) {
      List<Integer> filters = shape.blocks.get(b);
      for (int c = 0; c < filters.size(); c++) {
        last = conv(builder, "conv%s_%s".formatted(b + 1, c + 1), filters.get(c), shape, last);
        channels = filters.get(c);
      }
      if (shape.poolLast || b < shape.blocks.size() - 1) {
        builder.addLayer("pool" + (b + 1), Pieces.maxPool2x2(), last);
        last = "pool" + (b + 1);
        side /= 2;
      }
    }
    last = head(builder, shape, last, side, channels);
    return builder
        .addLayer("out", Pieces.classifier(MnistCnn.CLASSES, shape.dropout).build(), last)
        .setOutputs("out")
        .build();
  }

  private static String conv(
      GraphBuilder builder, String name, int filters, Shape shape, String input) {
    builder.addLayer(
        name,
        new ConvolutionLayer.Builder(3, 3)
            .nOut(filters)
            .convolutionMode(ConvolutionMode.Same)
            .hasBias(!shape.batchNorm)
            .activation(shape.batchNorm ? Activation.IDENTITY : Activation.RELU)
            .build(),
        input);
    return shape.batchNorm ? Pieces.batchNormRelu(builder, name, name) : name;
  }

  private static String head(
      GraphBuilder builder, Shape shape, String last, int side, int channels) {
    String features = "flatten";
    if (shape.globalPooling) {
      features = "global";
      builder.addLayer(features, new GlobalPoolingLayer(PoolingType.AVG), last);
    } else {
      builder.addVertex(
          features,
          new PreprocessorVertex(new CnnToFeedForwardPreProcessor(side, side, channels)),
          last);
    }
    if (shape.dense == 0) {
      return features;
    }
    builder.addLayer(
        "dense",
        new DenseLayer.Builder().nOut(shape.dense).activation(Activation.RELU).build(),
        features);
    return "dense";
  }
}
