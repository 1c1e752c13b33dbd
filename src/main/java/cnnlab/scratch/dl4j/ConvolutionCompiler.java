package cnnlab.scratch.dl4j;

import static cnnlab.scratch.dl4j.UnsupportedGraphException.require;

import cnnlab.model.layer.GroupConvolution;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.TransposedConv2d;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Translates DL4J's layers with a sliding window: convolutions and pooling. */
final class ConvolutionCompiler {
  private ConvolutionCompiler() {}

  /** The convolution without its activation, unless that is ReLU. */
  static Layer convolution(String name, ConvolutionLayer layer) {
    return new Conv2d(
        features(layer.getNIn()),
        features(layer.getNOut()),
        window(name, layer),
        layer.hasBias(),
        ActivationCompiler.isRelu(layer.getActivationFn()));
  }

  /** The transposed convolution without its activation. */
  static Layer transposed(String name, Deconvolution2D layer) {
    require(
        layer.getConvolutionMode() != ConvolutionMode.Same,
        name,
        layer,
        "convolution mode Same, only Truncate");
    return new TransposedConv2d(
        features(layer.getNIn()), features(layer.getNOut()), window(name, layer), layer.hasBias());
  }

  /** The depthwise convolution without its activation, unless that is ReLU. */
  static Layer depthwise(String name, DepthwiseConvolution2D layer) {
    return new DepthwiseConv2d(
        features(layer.getNIn()),
        layer.getDepthMultiplier(),
        window(name, layer),
        layer.hasBias(),
        ActivationCompiler.isRelu(layer.getActivationFn()));
  }

  /** The group convolution without its activation, unless that is ReLU. */
  static Layer group(GroupConvolution layer) {
    return new GroupConv2d(
        features(layer.getNIn()),
        features(layer.getNOut()),
        layer.side(),
        layer.lifting(),
        layer.hasBias(),
        ActivationCompiler.isRelu(layer.getActivationFn()));
  }

  /** The first half of a separable convolution: its depthwise one, which has no bias. */
  static Layer firstHalf(String name, SeparableConvolution2D layer) {
    return new DepthwiseConv2d(
        features(layer.getNIn()), layer.getDepthMultiplier(), window(name, layer), false, false);
  }

  /** The second half: a convolution 1x1. */
  static Layer secondHalf(SeparableConvolution2D layer) {
    return new Conv2d(
        Math.multiplyExact(features(layer.getNIn()), layer.getDepthMultiplier()),
        features(layer.getNOut()),
        Window.square(1, 1, Padding.VALID),
        layer.hasBias(),
        ActivationCompiler.isRelu(layer.getActivationFn()));
  }

  static Layer pooling(String name, SubsamplingLayer layer) {
    requireChannelsFirst(name, layer, layer.getCnn2dDataFormat());
    requireUndilated(name, layer, layer.getDilation());
    Window window =
        window(
            name,
            layer,
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getConvolutionMode(),
            layer.getDilation());
    requireImageUnder(name, layer, window);
    return switch (layer.getPoolingType()) {
      case MAX -> new MaxPool2d(window);
      case AVG -> new AvgPool2d(window, layer.isAvgPoolIncludePadInDivisor());
      default ->
          throw new UnsupportedGraphException(name, layer, "pooling " + layer.getPoolingType());
    };
  }

  private static void requireImageUnder(String name, SubsamplingLayer layer, Window window) {
    try {
      window.requirePaddingBelowKernel("pooling");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "layer '%s' (%s): %s".formatted(name, layer.getClass().getSimpleName(), e.getMessage()),
          e);
    }
  }

  static void requireChannelsFirst(String name, Object found, CNN2DFormat format) {
    require(format == CNN2DFormat.NCHW, name, found, "data format " + format + ", only NCHW");
  }

  private static Window window(String name, ConvolutionLayer layer) {
    requireChannelsFirst(name, layer, layer.getCnn2dDataFormat());
    return window(
        name,
        layer,
        layer.getKernelSize(),
        layer.getStride(),
        layer.getPadding(),
        layer.getConvolutionMode(),
        layer.getDilation());
  }

  private static Window window(
      String name,
      Object layer,
      int[] kernel,
      int[] stride,
      int[] padding,
      ConvolutionMode mode,
      int[] dilation) {
    Padding border =
        switch (mode) {
          case Same -> Padding.SAME;
          case Truncate, Strict ->
              padding[0] == 0 && padding[1] == 0
                  ? Padding.VALID
                  : new Padding.Explicit(padding[0], padding[1], padding[0], padding[1]);
          case Causal -> throw new UnsupportedGraphException(name, layer, "causal convolution");
        };
    return new Window(kernel[0], kernel[1], stride[0], stride[1], border, dilation[0], dilation[1]);
  }

  private static void requireUndilated(String name, Object layer, int[] dilation) {
    for (int d : dilation) {
      require(d == 1, name, layer, "dilation " + d + ", only 1");
    }
  }

  static int features(long n) {
    return Math.toIntExact(n);
  }
}
