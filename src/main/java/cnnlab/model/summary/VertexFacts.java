package cnnlab.model.summary;

import cnnlab.model.layer.GroupConvolution;
import cnnlab.model.layer.PartialBatchNormalization;
import cnnlab.model.product.MatrixProduct;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The figures of one vertex of a graph. */
final class VertexFacts {
  /** Running averages, by DL4J's names. */
  private static final Set<String> AVERAGES = Set.of("mean", "var", "log10stdev");

  private static final String BIAS = "b";
  private static final String WORD_PARTS = "(?<=[a-z0-9])(?=[A-Z])";

  private final GraphVertex vertex;
  private final org.deeplearning4j.nn.graph.vertex.GraphVertex computed;

  VertexFacts(GraphVertex vertex, org.deeplearning4j.nn.graph.vertex.GraphVertex computed) {
    this.vertex = vertex;
    this.computed = computed;
  }

  private Layer layer() {
    return vertex instanceof LayerVertex v ? v.getLayerConf().getLayer() : null;
  }

  private Map<String, INDArray> parameters() {
    return computed.hasLayer() ? computed.getLayer().paramTable() : Map.of();
  }

  /** The number of weights that training changes. */
  long trainable() {
    return sum(true);
  }

  /** The number of stored values that training does not optimise. */
  long fixed() {
    return sum(false);
  }

  private long sum(boolean trained) {
    boolean frozen = layer() != null && layer().getClass().getSimpleName().startsWith("Frozen");
    return parameters().entrySet().stream()
        .filter(p -> !isConstant(p.getKey()))
        .filter(p -> trained != (frozen || AVERAGES.contains(p.getKey())))
        .mapToLong(p -> p.getValue().length())
        .sum();
  }

  /** Whether it is the scale or the shift that Keras would not store: always 1 or 0. */
  private boolean isConstant(String parameter) {
    return layer() instanceof PartialBatchNormalization norm
        && (parameter.equals("gamma") && !norm.gammaTrained()
            || parameter.equals("beta") && !norm.betaTrained());
  }

  /**
   * Multiply-accumulates of one example: the weights of a convolution times the positions at which
   * they are applied, or the weights of a dense layer.
   */
  long products(InputType in, InputType out) {
    if (vertex instanceof MatrixProduct && in instanceof InputTypeConvolutional left) {
      return left.getChannels() * out.arrayElementsPerExample();
    }
    Layer layer = layer();
    if (!(layer instanceof FeedForwardLayer) || layer instanceof BatchNormalization) {
      return 0;
    }
    long weights =
        parameters().entrySet().stream()
            .filter(p -> p.getKey().endsWith("W"))
            .mapToLong(p -> p.getValue().length())
            .sum();
    if (layer instanceof GroupConvolution) {
      // Each kernel is applied in eight orientations; the output has them one below the other.
      return weights * places(out);
    }
    boolean slides = layer instanceof ConvolutionLayer || out instanceof InputTypeConvolutional;
    return weights * (slides ? places(layer instanceof Deconvolution2D ? in : out) : 1);
  }

  private static long places(InputType type) {
    return type instanceof InputTypeConvolutional image ? image.getHeight() * image.getWidth() : 1;
  }

  /** The class and the most important settings. */
  String kind(InputType in) {
    List<String> words = new ArrayList<>();
    if (vertex instanceof PreprocessorVertex v) {
      return preprocessor(v.getPreProcessor());
    } else if (vertex instanceof ElementWiseVertex v) {
      return merged(v.getOp());
    } else if (vertex instanceof MergeVertex) {
      return "Concatenate";
    } else if (layer() == null) {
      return spaced(vertex.getClass().getSimpleName().replaceFirst("Vertex$", ""));
    }
    Layer layer = layer();
    if (layer instanceof DropoutLayer) {
      return layer.getIDropout() == null ? "Dropout" : dropout(layer.getIDropout());
    }
    words.add(name(layer) + window(layer));
    IActivation activation = activation(layer);
    if (activation != null && !(activation instanceof ActivationIdentity)) {
      words.add(function(activation));
    }
    if (((LayerVertex) vertex).getPreProcessor() != null) {
      words.add(
          "after "
              + preprocessor(((LayerVertex) vertex).getPreProcessor()).toLowerCase(Locale.ROOT));
    }
    if (layer.getIDropout() != null) {
      words.add("after " + dropout(layer.getIDropout()).toLowerCase(Locale.ROOT));
    }
    return String.join(", ", words);
  }

  private static String merged(ElementWiseVertex.Op op) {
    return switch (op) {
      case Product -> "Multiply";
      case Max -> "Maximum";
      default -> op.name();
    };
  }

  private static String name(Layer layer) {
    String simple = layer.getClass().getSimpleName();
    if (layer instanceof SubsamplingLayer pool) {
      return "Pooling " + label(pool.getPoolingType().name());
    } else if (layer instanceof GlobalPoolingLayer pool) {
      return "Global pooling " + label(pool.getPoolingType().name());
    }
    return spaced(simple.replaceFirst("(?<=.)Layer$", "").replaceFirst("2D$", ""));
  }

  private static String window(Layer layer) {
    if (layer instanceof ConvolutionLayer c) {
      return window(c.getKernelSize(), c.getStride(), c.getDilation(), c.getConvolutionMode());
    } else if (layer instanceof SubsamplingLayer p) {
      return window(p.getKernelSize(), p.getStride(), p.getDilation(), p.getConvolutionMode());
    } else if (layer instanceof GroupConvolution g) {
      return " %1$sx%1$s, 8 orientations".formatted(g.side());
    }
    return "";
  }

  private static String window(int[] kernel, int[] stride, int[] dilation, ConvolutionMode mode) {
    return " %sx%s".formatted(kernel[0], kernel[1])
        + (mode == ConvolutionMode.Same && kernel[0] * kernel[1] > 1 ? " same" : "")
        + (stride[0] > 1 || stride[1] > 1 ? ", stride %sx%s".formatted(stride[0], stride[1]) : "")
        + (dilation[0] > 1 || dilation[1] > 1
            ? ", dilation %sx%s".formatted(dilation[0], dilation[1])
            : "");
  }

  private static IActivation activation(Layer layer) {
    if (layer instanceof ActivationLayer a) {
      return a.getActivationFn();
    } else if (layer instanceof LossLayer loss) {
      return loss.getActivationFn();
    }
    return layer instanceof BaseLayer base && !(layer instanceof BatchNormalization)
        ? base.getActivationFn()
        : null;
  }

  private static String dropout(IDropout dropout) {
    return dropout instanceof Dropout d
        ? "Dropout " + (float) (1 - d.getP())
        : spaced(dropout.getClass().getSimpleName());
  }

  /** {@code ActivationReLU} becomes {@code relu}, {@code HardSilu} {@code hard silu}. */
  private static String function(IActivation activation) {
    String simple = activation.getClass().getSimpleName();
    return simple.startsWith("Activation")
        ? label(simple.substring("Activation".length()))
        : label(spaced(simple));
  }

  private static String preprocessor(InputPreProcessor preprocessor) {
    String simple = preprocessor.getClass().getSimpleName();
    return switch (simple) {
      case "CnnToFeedForwardPreProcessor" -> "Flatten";
      case "ChannelsLastFlatten" -> "Flatten, channels last";
      case "ChannelAffine" -> "Rescaling";
      default -> spaced(simple.replaceFirst("PreProcessor$", ""));
    };
  }

  private static String label(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** {@code GlobalPooling} becomes {@code Global pooling}. */
  private static String spaced(String name) {
    String[] parts = name.split(WORD_PARTS);
    StringBuilder out = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      out.append(' ').append(parts[i].toLowerCase(Locale.ROOT));
    }
    return out.toString();
  }
}
