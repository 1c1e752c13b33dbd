package cnnlab.model;

import cnnlab.model.layer.GroupConvolution;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A small residual network with pre-activation blocks, for lymph node patches [N, 3, 32, 32] (He et
 * al. 2016, "Identity mappings in deep residual networks", ECCV):
 *
 * <pre>
 *   stem      Conv w1@3x3, same                       [N, w1, 32, 32]
 *   pool0     AvgPool 2x2, with pooledStem            [N, w1, 16, 16]
 *   stage i   blocks x:  x + Conv(ReLU(BN(Conv(ReLU(BN(x))))))   all wi@3x3, same
 *             (where the width changes: Conv wi@1x1 of ReLU(BN(x)) in place of x)
 *   pool i    AvgPool 2x2 between two stages
 *   head      BN, ReLU, global average pooling, dropout, Dense 2, softmax
 * </pre>
 *
 * <p>He-normal weights; convolutions have no bias, because batch normalisation follows.
 *
 * <p>An equivariant network has group convolutions over p4m (Cohen and Welling 2016, "Group
 * equivariant convolutional networks", ICML; on these patches Veeling et al. 2018, "Rotation
 * equivariant CNNs for digital pathology", MICCAI) in their place: w channels have w·8 feature
 * maps, which lie as [N, w, 8·H, W], see {@link GroupConvolution}. Its output is the same for the
 * eight orientations of a patch. A 3x3 convolution of v to w channels has 8·9·v·w weights and
 * computes what one of 8v to 8w channels does.
 */
public final class LymphNodeResNet {
  private static final int HALVINGS = 5;
  private static final int KERNEL = 3;

  private LymphNodeResNet() {}

  /**
   * The architecture.
   *
   * @param widths channels of the stages, such as [20, 40, 80]; one to four
   * @param blocks residual blocks in each stage, at least 1
   * @param pooledStem whether the stages start at 16x16 instead of 32x32, which is four times as
   *     fast
   * @param dropout the probability to drop a value before the last layer, in [0, 1)
   * @param equivariant whether the convolutions are group convolutions; widths then count channels
   *     of eight orientations
   */
  public record Shape(
      List<Integer> widths, int blocks, boolean pooledStem, double dropout, boolean equivariant) {
    /**
     * @throws IllegalArgumentException when there are no stages, or too many for 32x32 pixels
     */
    public Shape {
      widths = List.copyOf(widths);
      if (widths.isEmpty() || widths.size() >= HALVINGS || blocks < 1) {
        throw new IllegalArgumentException(
            "widths %s with %d blocks each found, one to four widths and at least 1 block expected"
                .formatted(widths, blocks));
      }
    }

    /** A network with ordinary convolutions. */
    public Shape(List<Integer> widths, int blocks, boolean pooledStem, double dropout) {
      this(widths, blocks, pooledStem, dropout, false);
    }

    private FeedForwardLayer stem() {
      int first = widths.get(0);
      return equivariant ? new GroupConvolution(first, KERNEL, true, false) : conv(first, KERNEL);
    }

    private FeedForwardLayer convolution(int width, int side) {
      return equivariant ? new GroupConvolution(width, side, false, false) : conv(width, side);
    }
  }

  /**
   * Creates a graph with random weights.
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
    return GraphSize.of(configuration(0, shape, new Adam(), 0), LymphNodeCnn.INPUT);
  }

  private static ComputationGraphConfiguration configuration(
      long seed, Shape shape, IUpdater updater, double weightDecay) {
    var conf =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.RELU)
            .updater(updater);
    if (weightDecay > 0) {
      conf.weightDecay(weightDecay, true);
    }
    GraphBuilder builder = conf.graphBuilder().addInputs("input").setInputTypes(LymphNodeCnn.INPUT);
    String last = "stem";
    int channels = shape.widths.get(0);
    builder.addLayer(last, shape.stem(), "input");
    if (shape.pooledStem) {
      last = pool(builder, 0, last);
    }
    for (int s = 0; s < shape.widths.size(); s++) {
      if (s > 0) {
        last = pool(builder, s, last);
      }
      int width = shape.widths.get(s);
      for (int b = 1; b <= shape.blocks; b++) {
        last = block(builder, "block%s_%s".formatted(s + 1, b), last, shape, channels, width);
        channels = width;
      }
    }
    last = Pieces.batchNormRelu(builder, "head", last);
    OutputLayer out =
        Pieces.classifier(LymphNodeCnn.CLASSES, shape.dropout)
            .weightInit(WeightInit.XAVIER_UNIFORM)
            .build();
    builder
        .addLayer("global", new GlobalPoolingLayer(PoolingType.AVG), last)
        .addLayer("out", out, "global")
        .setOutputs("out");
    return builder.build();
  }

  private static String block(
      GraphBuilder builder, String name, String input, Shape shape, int channels, int width) {
    String active = Pieces.batchNormRelu(builder, name + "_a", input);
    builder.addLayer(name + "_conv1", shape.convolution(width, KERNEL), active);
    String second = Pieces.batchNormRelu(builder, name + "_b", name + "_conv1");
    builder.addLayer(name + "_conv2", shape.convolution(width, KERNEL), second);
    String shortcut = input;
    if (channels != width) {
      shortcut = name + "_shortcut";
      builder.addLayer(shortcut, shape.convolution(width, 1), active);
    }
    builder.addVertex(
        name, new ElementWiseVertex(ElementWiseVertex.Op.Add), shortcut, name + "_conv2");
    return name;
  }

  private static ConvolutionLayer conv(int filters, int side) {
    return new ConvolutionLayer.Builder(side, side)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same)
        .hasBias(false)
        .activation(Activation.IDENTITY)
        .build();
  }

  private static String pool(GraphBuilder builder, int number, String input) {
    String name = "pool" + number;
    builder.addLayer(
        name,
        new SubsamplingLayer.Builder(PoolingType.AVG)
            .kernelSize(2, 2)
            .stride(2, 2)
            .convolutionMode(ConvolutionMode.Truncate)
            .build(),
        input);
    return name;
  }
}
