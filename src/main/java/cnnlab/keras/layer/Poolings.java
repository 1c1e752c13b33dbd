package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.file.TensorShape.Vector;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;

/** Converts pooling and padding, of images and of sequences. */
final class Poolings {
  private Poolings() {}

  static void max(FlatLayer layer, Assembly graph) {
    pool(layer, graph, PoolingType.MAX);
  }

  /** Average pooling. With padding {@code same} the padding is not part of the mean, as in DL4J. */
  static void average(FlatLayer layer, Assembly graph) {
    pool(layer, graph, PoolingType.AVG);
  }

  static void globalMax(FlatLayer layer, Assembly graph) {
    global(layer, graph, PoolingType.MAX);
  }

  static void globalAverage(FlatLayer layer, Assembly graph) {
    global(layer, graph, PoolingType.AVG);
  }

  static void zeroPadding(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    int[] p = config.paddings("padding");
    Image out = in.withSides(in.height() + p[0] + p[1], in.width() + p[2] + p[3]);
    graph.add(layer, new ZeroPaddingLayer.Builder(p[0], p[1], p[2], p[3]).build(), out);
  }

  private static void pool(FlatLayer layer, Assembly graph, PoolingType type) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    Sliding window = Sliding.of(config, "pool_size");
    if (window.refused(in)) {
      throw config.fault(
          "padding 'same' along one axis and strides beyond the end of the other, on images of %s: DL4J does not support this pooling"
              .formatted(in));
    }
    graph.add(layer, subsampling(type, window.fitted(in)), window.out(config, in, in.channels()));
  }

  /** Global pooling; {@code keepdims} gives [1, 1, C]. */
  static void global(FlatLayer layer, Assembly graph, PoolingType type) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    if (config.flag("keepdims", false)) {
      Sliding whole = new Sliding(in.height(), in.width(), in.height(), in.width(), 1, 1, false);
      graph.add(layer, subsampling(type, whole), in.withSides(1, 1));
    } else {
      graph.add(layer, new GlobalPoolingLayer(type), new Vector(in.channels()));
    }
  }

  private static SubsamplingLayer subsampling(PoolingType type, Sliding window) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(window.height(), window.width())
        .stride(window.strideY(), window.strideX())
        .convolutionMode(window.same() ? ConvolutionMode.Same : ConvolutionMode.Truncate)
        .build();
  }
}
