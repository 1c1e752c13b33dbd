package cnnlab.scratch;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Translates one DL4J layer configuration into layers of the engine. */
final class LayerCompiler {
  private LayerCompiler() {}

  /** Adds the layer, and its activation, so that the last node bears the layer's name. */
  static void add(
      Network.Builder builder,
      String name,
      org.deeplearning4j.nn.conf.layers.Layer layer,
      String[] inputs) {
    // Subclasses (deconvolution, centre loss, ...) compute something else, so the exact class
    // counts.
    Class<?> type = layer.getClass();
    if (type == ConvolutionLayer.class) {
      convolution(builder, name, (ConvolutionLayer) layer, inputs);
    } else if (type == SubsamplingLayer.class) {
      builder.add(name, pooling(name, (SubsamplingLayer) layer), inputs);
    } else if (type == GlobalPoolingLayer.class) {
      builder.add(name, globalPooling(name, (GlobalPoolingLayer) layer), inputs);
    } else if (type == DenseLayer.class) {
      DenseLayer dense = (DenseLayer) layer;
      require(!dense.isHasLayerNorm(), name, layer, "layer normalisation");
      dense(builder, name, dense, dense.isHasBias(), dense.getActivationFn(), inputs);
    } else if (type == OutputLayer.class) {
      OutputLayer out = (OutputLayer) layer;
      dense(builder, name, out, out.isHasBias(), out.getActivationFn(), inputs);
    } else if (type == BatchNormalization.class) {
      builder.add(name, batchNorm(name, (BatchNormalization) layer), inputs);
    } else if (type == DropoutLayer.class) {
      // Its dropout stands before it already.
      builder.add(name, new Activate(Activation.LINEAR), inputs);
    } else if (type == ActivationLayer.class) {
      addActivation(builder, name, layer, ((ActivationLayer) layer).getActivationFn(), inputs);
    } else if (type == LossLayer.class) {
      addActivation(builder, name, layer, ((LossLayer) layer).getActivationFn(), inputs);
    } else {
      throw new UnsupportedGraphException(name, layer, "this kind of layer");
    }
  }

  /** Input dropout with a fixed probability. */
  static Dropout dropout(String name, IDropout dropout) {
    if (dropout.getClass() != org.deeplearning4j.nn.conf.dropout.Dropout.class) {
      throw new UnsupportedGraphException(name, dropout, "this kind of dropout");
    }
    var plain = (org.deeplearning4j.nn.conf.dropout.Dropout) dropout;
    require(plain.getPSchedule() == null, name, dropout, "a dropout schedule");
    return new Dropout(plain.getP());
  }

  static void requireChannelsFirst(String name, Object found, CNN2DFormat format) {
    require(format == CNN2DFormat.NCHW, name, found, "data format " + format + ", only NCHW");
  }

  private static void convolution(
      Network.Builder builder, String name, ConvolutionLayer layer, String[] inputs) {
    requireChannelsFirst(name, layer, layer.getCnn2dDataFormat());
    requireUndilated(name, layer, layer.getDilation());
    Window window =
        window(
            name,
            layer,
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getConvolutionMode());
    boolean relu = layer.getActivationFn() instanceof ActivationReLU;
    Conv2d conv =
        new Conv2d(
            features(layer.getNIn()), features(layer.getNOut()), window, layer.hasBias(), relu);
    addWithActivation(builder, name, conv, relu, layer, layer.getActivationFn(), inputs);
  }

  private static void dense(
      Network.Builder builder,
      String name,
      FeedForwardLayer layer,
      boolean bias,
      IActivation activation,
      String[] inputs) {
    boolean relu = activation instanceof ActivationReLU;
    Dense dense = new Dense(features(layer.getNIn()), features(layer.getNOut()), bias, relu);
    addWithActivation(builder, name, dense, relu, layer, activation, inputs);
  }

  private static void addWithActivation(
      Network.Builder builder,
      String name,
      Layer linear,
      boolean fused,
      Object found,
      IActivation activation,
      String[] inputs) {
    if (fused || activation instanceof ActivationIdentity) {
      builder.add(name, linear, inputs);
    } else {
      builder.add(name + GraphCompiler.LINEAR, linear, inputs);
      addActivation(builder, name, found, activation);
    }
  }

  private static void addActivation(
      Network.Builder builder, String name, Object found, IActivation f, String... inputs) {
    builder.add(
        name,
        f instanceof ActivationSoftmax ? new Softmax() : new Activate(activation(name, found, f)),
        inputs);
  }

  private static Activation activation(String name, Object found, IActivation f) {
    if (f instanceof ActivationIdentity) {
      return Activation.LINEAR;
    } else if (f instanceof ActivationReLU) {
      return Activation.RELU;
    } else if (f instanceof ActivationLReLU leaky) {
      return Activation.leakyRelu(leaky.getAlpha());
    } else if (f instanceof ActivationELU elu) {
      return Activation.elu(elu.getAlpha());
    } else if (f instanceof ActivationGELU gelu) {
      // DL4J's "precise" GELU cubes 0.044715·x instead of x: the tanh form of nobody else.
      require(!gelu.isPrecise(), name, found, "gelu(precise=true)");
      return Activation.GELU_SIGMOID;
    } else if (f instanceof ActivationSigmoid) {
      return Activation.SIGMOID;
    } else if (f instanceof ActivationTanH) {
      return Activation.TANH;
    }
    throw new UnsupportedGraphException(name, found, "activation " + f);
  }

  private static Layer pooling(String name, SubsamplingLayer layer) {
    requireChannelsFirst(name, layer, layer.getCnn2dDataFormat());
    requireUndilated(name, layer, layer.getDilation());
    Window window =
        window(
            name,
            layer,
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getConvolutionMode());
    return switch (layer.getPoolingType()) {
      case MAX -> new MaxPool2d(window);
      case AVG -> new AvgPool2d(window, layer.isAvgPoolIncludePadInDivisor());
      default ->
          throw new UnsupportedGraphException(name, layer, "pooling " + layer.getPoolingType());
    };
  }

  private static Layer globalPooling(String name, GlobalPoolingLayer layer) {
    require(
        layer.getPoolingType() == PoolingType.AVG,
        name,
        layer,
        "global pooling " + layer.getPoolingType() + ", only AVG");
    require(layer.isCollapseDimensions(), name, layer, "collapseDimensions=false");
    int[] dimensions = layer.getPoolingDimensions();
    require(
        dimensions == null || Arrays.equals(dimensions, new int[] {2, 3}),
        name,
        layer,
        "poolingDimensions " + Arrays.toString(dimensions));
    return new GlobalAvgPool2d();
  }

  private static Layer batchNorm(String name, BatchNormalization layer) {
    requireChannelsFirst(name, layer, layer.getCnn2DFormat());
    require(!layer.isLockGammaBeta(), name, layer, "lockGammaBeta=true");
    return new BatchNorm(features(layer.getNOut()), layer.getEps(), layer.getDecay());
  }

  private static Window window(
      String name, Object layer, int[] kernel, int[] stride, int[] padding, ConvolutionMode mode) {
    Padding border =
        switch (mode) {
          case Same -> Padding.SAME;
          case Truncate, Strict ->
              padding[0] == 0 && padding[1] == 0
                  ? Padding.VALID
                  : new Padding.Explicit(padding[0], padding[1], padding[0], padding[1]);
          case Causal -> throw new UnsupportedGraphException(name, layer, "causal convolution");
        };
    return new Window(kernel[0], kernel[1], stride[0], stride[1], border);
  }

  private static void requireUndilated(String name, Object layer, int[] dilation) {
    for (int d : dilation) {
      require(d == 1, name, layer, "dilation " + d + ", only 1");
    }
  }

  private static int features(long n) {
    return Math.toIntExact(n);
  }

  private static void require(boolean fine, String name, Object found, String property) {
    if (!fine) {
      throw new UnsupportedGraphException(name, found, property);
    }
  }
}
