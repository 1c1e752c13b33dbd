package cnnlab.model;

import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.layer.ChannelSoftmax;
import cnnlab.model.layer.ChannelsLastFlatten;
import cnnlab.model.layer.GroupConvolution;
import cnnlab.model.shape.AxisPermutation;
import cnnlab.model.shape.AxisRegrouping;
import cnnlab.model.shape.BilinearResize;
import cnnlab.model.shape.ChannelSelection;
import cnnlab.model.shape.ChannelsLastReshape;
import cnnlab.model.shape.Repetition;
import cnnlab.model.shape.Resampling;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The inputs and outputs of a graph, which files of DL4J do not describe. */
public final class GraphEnds {
  private GraphEnds() {}

  /**
   * Whether a graph with one input reads vectors [N, F] rather than images [N, C, H, W]: whether
   * the first layer after the input that determines it is one for vectors.
   */
  public static boolean takesVectors(ComputationGraph graph) {
    return firstBehindInput(graph, vertex -> readsVectors(vertex)).orElse(false);
  }

  /** The answer of the first vertex after the input, breadth first, that has one. */
  private static <T> Optional<T> firstBehindInput(
      ComputationGraph graph, Function<GraphVertex, T> answer) {
    ComputationGraphConfiguration conf = graph.getConfiguration();
    Deque<String> open = new ArrayDeque<>(conf.getNetworkInputs());
    Set<String> seen = new HashSet<>(open);
    while (!open.isEmpty()) {
      String from = open.poll();
      for (Map.Entry<String, List<String>> entry : conf.getVertexInputs().entrySet()) {
        if (!entry.getValue().contains(from) || !seen.add(entry.getKey())) {
          continue;
        }
        T found = answer.apply(conf.getVertices().get(entry.getKey()));
        if (found != null) {
          return Optional.of(found);
        }
        open.add(entry.getKey());
      }
    }
    return Optional.empty();
  }

  /** Null for vertices that accept both. */
  private static Boolean readsVectors(GraphVertex vertex) {
    if (vertex instanceof PreprocessorVertex v) {
      return readsVectors(v.getPreProcessor());
    }
    if (!(vertex instanceof LayerVertex v)) {
      return null;
    }
    if (v.getPreProcessor() != null) {
      return readsVectors(v.getPreProcessor());
    }
    Layer layer = v.getLayerConf().getLayer();
    if (layer instanceof DenseLayer || layer instanceof OutputLayer || layer instanceof LossLayer) {
      return true;
    }
    if (layer instanceof PReLULayer prelu) {
      return prelu.getInputShape() == null ? null : prelu.getInputShape().length == 1;
    }
    boolean images =
        layer instanceof ConvolutionLayer
            || layer instanceof GroupConvolution
            || layer instanceof CnnLossLayer
            || layer
                .getClass()
                .getSimpleName()
                .matches(".*(Subsampling|ZeroPadding|Pooling|Upsampling|Cropping).*");
    return images ? false : null;
  }

  private static Boolean readsVectors(InputPreProcessor preprocessor) {
    if (preprocessor instanceof ChannelsLastReshape reshape) {
      return reshape.takesVectors();
    }
    if (preprocessor instanceof AxisRegrouping regrouping) {
      return regrouping.takesVectors();
    }
    return preprocessor instanceof CnnToFeedForwardPreProcessor
            || preprocessor instanceof ChannelsLastFlatten
            || preprocessor instanceof Repetition
            || preprocessor instanceof AxisPermutation
            || preprocessor instanceof BilinearResize
            || preprocessor instanceof Resampling
            || preprocessor instanceof ChannelSelection
        ? false
        : null;
  }

  /**
   * An input array of the rank that a graph expects.
   *
   * @param x values [n, C, H, W]; not copied
   * @param n how many
   */
  public static INDArray input(
      ComputationGraph graph, float[] x, int n, int channels, int height, int width) {
    long[] shape =
        height == 1 && width == 1 && takesVectors(graph)
            ? new long[] {n, channels}
            : new long[] {n, channels, height, width};
    return Nd4j.create(x, shape, 'c');
  }

  /**
   * The number of features or channels that the first layer with weights expects; 0 if no layer
   * gives it.
   */
  public static int inputSize(ComputationGraph graph) {
    return firstBehindInput(graph, vertex -> inputSizeOf(vertex)).orElse(0);
  }

  private static Integer inputSizeOf(GraphVertex vertex) {
    return vertex instanceof LayerVertex v
            && v.getLayerConf().getLayer() instanceof FeedForwardLayer layer
            && layer.getNIn() > 0
        ? Math.toIntExact(layer.getNIn())
        : null;
  }

  /** Whether the last activation is a softmax or a sigmoid. */
  public static boolean endsInProbabilities(ComputationGraph graph) {
    IActivation last = last(graph);
    return last instanceof ActivationSoftmax
        || last instanceof ChannelSoftmax
        || last instanceof ActivationSigmoid;
  }

  /**
   * The last activation in lower case, such as {@code softmax}; {@code identity} if there is none.
   */
  public static String lastActivation(ComputationGraph graph) {
    IActivation last = last(graph);
    return last == null
        ? "identity"
        : last.getClass()
            .getSimpleName()
            .replaceFirst("^(Activation|Channel)(?=.)", "")
            .toLowerCase(Locale.ROOT);
  }

  /**
   * The last activation, searched backwards from the output through vertices that change nothing.
   */
  private static IActivation last(ComputationGraph graph) {
    ComputationGraphConfiguration conf = graph.getConfiguration();
    String at = conf.getNetworkOutputs().get(0);
    while (!conf.getNetworkInputs().contains(at)) {
      GraphVertex vertex = conf.getVertices().get(at);
      if (vertex instanceof PreprocessorVertex v) {
        if (v.getPreProcessor() instanceof ChannelAffine) {
          return null;
        }
      } else if (vertex instanceof LayerVertex v) {
        Layer layer = v.getLayerConf().getLayer();
        if (!passes(layer)) {
          return layer instanceof BaseLayer b
              ? b.getActivationFn()
              : layer instanceof ActivationLayer a ? a.getActivationFn() : null;
        }
      } else {
        return null;
      }
      at = conf.getVertexInputs().get(at).get(0);
    }
    return null;
  }

  private static boolean passes(Layer layer) {
    if (layer instanceof DropoutLayer) {
      return true;
    }
    IActivation activation =
        layer instanceof LossLayer loss
            ? loss.getActivationFn()
            : layer instanceof CnnLossLayer loss
                ? loss.getActivationFn()
                : layer instanceof ActivationLayer a ? a.getActivationFn() : null;
    return activation instanceof ActivationIdentity;
  }
}
