package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.model.shape.AxisPermutation;
import cnnlab.model.shape.BilinearResize;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;

/** Converts layers that enlarge, resize, crop and turn images. */
final class Resizings {
  private static final String INTERPOLATION = "interpolation";
  private static final String BILINEAR = "bilinear";
  private static final Set<String> KNOWN = Set.of("nearest", BILINEAR);

  private Resizings() {}

  /** UpSampling2D, by repeating or by linear interpolation. */
  static void upsampling(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    int[] size = config.pair("size");
    String interpolation = config.word(INTERPOLATION, "nearest", KNOWN);
    resize(
        layer,
        graph,
        in.withSides(
            Math.multiplyExact(in.height(), size[0]), Math.multiplyExact(in.width(), size[1])),
        interpolation);
  }

  /** Resizing, without keeping the aspect ratio. */
  static void resizing(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    for (String key : List.of("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias")) {
      config.require(key, !config.flag(key, false), "false");
    }
    String interpolation = config.word(INTERPOLATION, BILINEAR, KNOWN);
    Image out = new Image(config.positive("height"), config.positive("width"), in.channels());
    resize(layer, graph, out, interpolation);
  }

  private static void resize(FlatLayer layer, Assembly graph, Image out, String interpolation) {
    Image in = layer.config().image(graph.input(layer));
    int rows = out.height() / in.height();
    int columns = out.width() / in.width();
    if (out.equals(in)) {
      graph.pass(layer);
    } else if (interpolation.equals(BILINEAR)) {
      long[] from = {in.height(), in.width()};
      long[] to = {out.height(), out.width()};
      graph.add(layer, new PreprocessorVertex(new BilinearResize(from, to)), out);
    } else if (rows * in.height() == out.height() && columns * in.width() == out.width()) {
      graph.add(layer, new Upsampling2D.Builder().size(new int[] {rows, columns}).build(), out);
    } else {
      throw layer
          .config()
          .fault(
              "interpolation nearest from %s to %s: only whole multiples are supported"
                  .formatted(in, out));
    }
  }

  static void cropping(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    Image in = config.image(graph.input(layer));
    int[] p = config.paddings("cropping");
    if (p[0] + p[1] >= in.height() || p[2] + p[3] >= in.width()) {
      throw config.fault("cropping", Arrays.toString(p), "less than the sides of " + in);
    }
    Image out = in.withSides(in.height() - p[0] - p[1], in.width() - p[2] - p[3]);
    graph.add(layer, new Cropping2D(p[0], p[1], p[2], p[3]), out);
  }

  /** Permute; axes count from 1 in [H, W, C]. */
  static void permute(FlatLayer layer, Assembly graph) {
    permute(layer, graph, layer.config().integers("dims"), "dims");
  }

  /** The axes in the given order; {@code key} holds it. */
  static void permute(FlatLayer layer, Assembly graph, List<Integer> dims, String key) {
    LayerConfig config = layer.config();
    if (dims.equals(List.of(1))) {
      graph.pass(layer);
      return;
    }
    if (!(graph.input(layer) instanceof Image in)) {
      throw config.fault(key, dims, "[1] for the vector " + graph.input(layer));
    }
    List<Integer> sorted = dims.stream().sorted().toList();
    boolean three = in.sizes().size() == 3;
    boolean fits = sorted.equals(three ? List.of(1, 2, 3) : List.of(1, 2));
    config.require(key, fits, "the axes of %s in some order, from 1".formatted(in));
    if (dims.equals(sorted)) {
      graph.pass(layer);
      return;
    }
    int[] axes =
        in.sequence()
            ? new int[] {2, 1, 0}
            : new int[] {three ? dims.get(2) % 3 : 0, dims.get(0) % 3, dims.get(1) % 3};
    int[] sides = {in.channels(), in.height(), in.width()};
    Image out = new Image(sides[axes[1]], sides[axes[2]], sides[axes[0]], in.axes());
    graph.add(layer, new PreprocessorVertex(new AxisPermutation(axes)), out);
  }
}
