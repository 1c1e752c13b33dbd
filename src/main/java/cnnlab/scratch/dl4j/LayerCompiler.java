package cnnlab.scratch.dl4j;

import static cnnlab.scratch.dl4j.ConvolutionCompiler.features;
import static cnnlab.scratch.dl4j.UnsupportedGraphException.require;

import cnnlab.model.layer.GroupConvolution;
import cnnlab.model.layer.PartialBatchNormalization;
import cnnlab.model.norm.GroupNormalization;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.GroupNorm;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** Translates one DL4J layer configuration into layers of the engine. */
final class LayerCompiler {
  private LayerCompiler() {}

  /** Adds the layer and its activation; the last node has the layer's name. */
  static void add(
      Network.Builder builder,
      String name,
      org.deeplearning4j.nn.conf.layers.Layer layer,
      String[] inputs) {
    // The exact class: subclasses (deconvolution, centre loss, ...) compute something else.
    Class<?> type = layer.getClass();
    if (type == ConvolutionLayer.class) {
      ConvolutionLayer conv = (ConvolutionLayer) layer;
      Layer linear = ConvolutionCompiler.convolution(name, conv);
      addWithActivation(builder, name, linear, layer, conv.getActivationFn(), inputs);
    } else if (type == Deconvolution2D.class) {
      transposed(builder, name, (Deconvolution2D) layer, inputs);
    } else if (type == DepthwiseConvolution2D.class) {
      DepthwiseConvolution2D conv = (DepthwiseConvolution2D) layer;
      Layer linear = ConvolutionCompiler.depthwise(name, conv);
      addWithActivation(builder, name, linear, layer, conv.getActivationFn(), inputs);
    } else if (layer instanceof GroupConvolution conv) {
      Layer linear = ConvolutionCompiler.group(conv);
      addWithActivation(builder, name, linear, layer, conv.getActivationFn(), inputs);
    } else if (type == SeparableConvolution2D.class) {
      separable(builder, name, (SeparableConvolution2D) layer, inputs);
    } else if (type == SubsamplingLayer.class) {
      builder.add(name, ConvolutionCompiler.pooling(name, (SubsamplingLayer) layer), inputs);
    } else if (type == GlobalPoolingLayer.class) {
      builder.add(name, globalPooling(name, (GlobalPoolingLayer) layer), inputs);
    } else if (type == ZeroPaddingLayer.class) {
      builder.add(name, ShapeCompiler.zeroPadding(name, (ZeroPaddingLayer) layer), inputs);
    } else if (type == Cropping2D.class) {
      builder.add(name, ShapeCompiler.cropping(name, (Cropping2D) layer), inputs);
    } else if (type == Upsampling2D.class) {
      builder.add(name, ShapeCompiler.upsampling(name, (Upsampling2D) layer), inputs);
    } else if (type == DenseLayer.class) {
      DenseLayer dense = (DenseLayer) layer;
      require(!dense.isHasLayerNorm(), name, layer, "layer normalisation");
      dense(builder, name, dense, dense.isHasBias(), dense.getActivationFn(), inputs);
    } else if (type == OutputLayer.class) {
      OutputLayer out = (OutputLayer) layer;
      dense(builder, name, out, out.isHasBias(), out.getActivationFn(), inputs);
    } else if (layer instanceof GroupNormalization norm) {
      builder.add(name, groupNorm(norm), inputs);
    } else if (layer instanceof BatchNormalization norm) {
      builder.add(name, batchNorm(name, norm), inputs);
    } else if (type == DropoutLayer.class) {
      // Its dropout has already been added before it.
      builder.add(name, new Activate(Activation.LINEAR), inputs);
    } else if (type == ActivationLayer.class) {
      addActivation(builder, name, layer, ((ActivationLayer) layer).getActivationFn(), inputs);
    } else if (type == PReLULayer.class) {
      builder.add(name, prelu(name, (PReLULayer) layer), inputs);
    } else if (type == LossLayer.class) {
      addActivation(builder, name, layer, ((LossLayer) layer).getActivationFn(), inputs);
    } else if (type == CnnLossLayer.class) {
      pixels(builder, name, (CnnLossLayer) layer, inputs);
    } else {
      throw new UnsupportedGraphException(name, layer, "this kind of layer");
    }
  }

  /** The activation of every pixel; unlike elsewhere, DL4J's softmax is over the channels here. */
  private static void pixels(
      Network.Builder builder, String name, CnnLossLayer layer, String[] inputs) {
    ConvolutionCompiler.requireChannelsFirst(name, layer, layer.getFormat());
    if (layer.getActivationFn() instanceof ActivationSoftmax) {
      builder.add(name, new Softmax(), inputs);
    } else {
      addActivation(builder, name, layer, layer.getActivationFn(), inputs);
    }
  }

  private static void transposed(
      Network.Builder builder, String name, Deconvolution2D layer, String[] inputs) {
    Layer linear = ConvolutionCompiler.transposed(name, layer);
    if (layer.getActivationFn() instanceof ActivationIdentity) {
      builder.add(name, linear, inputs);
    } else {
      String before = name + GraphCompiler.LINEAR;
      builder.add(before, linear, inputs);
      addActivation(builder, name, layer, layer.getActivationFn(), before);
    }
  }

  private static void separable(
      Network.Builder builder, String name, SeparableConvolution2D layer, String[] inputs) {
    String first = name + GraphCompiler.DEPTHWISE;
    builder.add(first, ConvolutionCompiler.firstHalf(name, layer), inputs);
    Layer second = ConvolutionCompiler.secondHalf(layer);
    addWithActivation(builder, name, second, layer, layer.getActivationFn(), first);
  }

  private static void dense(
      Network.Builder builder,
      String name,
      FeedForwardLayer layer,
      boolean bias,
      IActivation activation,
      String[] inputs) {
    boolean relu = ActivationCompiler.isRelu(activation);
    Dense dense = new Dense(features(layer.getNIn()), features(layer.getNOut()), bias, relu);
    addWithActivation(builder, name, dense, layer, activation, inputs);
  }

  /** Adds a layer that computes ReLU itself; any other activation follows as a layer of its own. */
  private static void addWithActivation(
      Network.Builder builder,
      String name,
      Layer linear,
      Object found,
      IActivation activation,
      String... inputs) {
    if (ActivationCompiler.isRelu(activation) || activation instanceof ActivationIdentity) {
      builder.add(name, linear, inputs);
    } else {
      String before = name + GraphCompiler.LINEAR;
      builder.add(before, linear, inputs);
      boolean image = !(linear instanceof Dense);
      builder.add(name, ActivationCompiler.layer(name, found, activation, image), before);
    }
  }

  private static void addActivation(
      Network.Builder builder, String name, Object found, IActivation f, String... inputs) {
    boolean image = !builder.shape(inputs[0]).isVector();
    builder.add(name, ActivationCompiler.layer(name, found, f, image), inputs);
  }

  private static Layer globalPooling(String name, GlobalPoolingLayer layer) {
    require(layer.isCollapseDimensions(), name, layer, "collapseDimensions=false");
    int[] dimensions = layer.getPoolingDimensions();
    require(
        dimensions == null || Arrays.equals(dimensions, new int[] {2, 3}),
        name,
        layer,
        "poolingDimensions " + Arrays.toString(dimensions));
    return switch (layer.getPoolingType()) {
      case AVG -> new GlobalAvgPool2d();
      case MAX -> new GlobalMaxPool2d();
      default ->
          throw new UnsupportedGraphException(
              name, layer, "global pooling " + layer.getPoolingType() + ", only AVG and MAX");
    };
  }

  private static Layer batchNorm(String name, BatchNormalization layer) {
    Class<?> type = layer.getClass();
    require(
        type == BatchNormalization.class || type == PartialBatchNormalization.class,
        name,
        layer,
        "this kind of layer");
    ConvolutionCompiler.requireChannelsFirst(name, layer, layer.getCnn2DFormat());
    boolean gamma = !layer.isLockGammaBeta();
    boolean beta = gamma;
    if (layer instanceof PartialBatchNormalization partial) {
      gamma &= partial.gammaTrained();
      beta &= partial.betaTrained();
    }
    return new BatchNorm(features(layer.getNOut()), layer.getEps(), layer.getDecay(), gamma, beta);
  }

  private static Layer groupNorm(GroupNormalization layer) {
    return new GroupNorm(
        features(layer.getNIn()),
        layer.groups(),
        layer.everyPosition(),
        layer.eps(),
        layer.gammaTrained(),
        layer.betaTrained());
  }

  private static Layer prelu(String name, PReLULayer layer) {
    long[] shape = layer.getInputShape() == null ? new long[0] : layer.getInputShape().clone();
    require(
        shape.length == 1 || shape.length == 3,
        name,
        layer,
        "input shape %s, only [C, H, W] and [F]".formatted(Arrays.toString(shape)));
    if (layer.getSharedAxes() != null) {
      for (long axis : layer.getSharedAxes()) {
        shape[Math.toIntExact(axis) - 1] = 1;
      }
    }
    return new PRelu(
        shape.length == 1
            ? Shape.vector(features(shape[0]))
            : new Shape(features(shape[0]), features(shape[1]), features(shape[2])));
  }
}
