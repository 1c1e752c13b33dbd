package cnnlab.keras.write;

import cnnlab.scratch.layer.BilinearResize2d;
import cnnlab.scratch.layer.Broadcast;
import cnnlab.scratch.layer.ChannelSlice;
import cnnlab.scratch.layer.Crop2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Permute;
import cnnlab.scratch.layer.Regroup;
import cnnlab.scratch.layer.Resample2d;
import cnnlab.scratch.layer.Reshape;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Upsample2d;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Layers that move values or resize images. */
final class Rearrangements {
  /** For axes C, H, W of an image their numbers in Keras' Permute. */
  private static final int[] AXES = {3, 1, 2};

  private final Tensors tensors;

  Rearrangements(Tensors tensors) {
    this.tensors = tensors;
  }

  /**
   * Adds a node.
   *
   * @return the Keras layer that gives its output; null if the layer is of another kind
   */
  String add(int index) {
    Node node = tensors.node(index);
    Layer layer = node.layer();
    int from = node.inputs().get(0);
    if (layer instanceof ChannelSlice slice) {
      return slice(node, slice);
    } else if (layer instanceof Reshape) {
      return reshape(index);
    } else if (layer instanceof Broadcast) {
      return tensors.patterns().isDoneByMerges(index) ? tensors.source(from) : repeated(node);
    }
    return layer instanceof Regroup regroup ? regrouped(node, regroup) : onImage(node);
  }

  /** A reshape, a transpose and a reshape of the values in the order [C, H, W]. */
  private String regrouped(Node node, Regroup regroup) {
    int from = node.inputs().get(0);
    Shape in = tensors.shape(from);
    Shape out = node.shape();
    String name = node.name();
    String first = channelsAsRows(name + "_first", tensors.image(from), in);
    String groups = tensors.reshape(name + "_groups", first, regroup.sizes());
    int[] order = regroup.order().stream().mapToInt(axis -> axis + 1).toArray();
    List<Integer> sizes = regroup.order().stream().map(regroup.sizes()::get).toList();
    String turned = tensors.add("Permute", name + "_turned", permute(order), groups, sizes);
    String rows = tensors.reshape(name + "_rows", turned, Tensors.image(asRows(out)));
    return rowsAsChannels(name, rows, out);
  }

  /** The other layers, whose inputs are images. */
  private String onImage(Node node) {
    Layer layer = node.layer();
    int from = node.inputs().get(0);
    Shape in = tensors.shape(from);
    ObjectNode config;
    String className;
    if (layer instanceof Crop2d c) {
      className = "Cropping2D";
      config = cropping(c.top(), c.bottom(), c.left(), c.right());
    } else if (layer instanceof Permute p) {
      className = "Permute";
      config = permute(AXES[p.height()], AXES[p.width()], AXES[p.channels()]);
    } else if (layer instanceof Upsample2d up) {
      className = "UpSampling2D";
      config = upsampling(up.rows(), up.columns(), "nearest");
    } else if (layer instanceof BilinearResize2d resize) {
      boolean whole = resize.height() % in.height() == 0 && resize.width() % in.width() == 0;
      className = whole ? "UpSampling2D" : "Resizing";
      config =
          whole
              ? upsampling(resize.height() / in.height(), resize.width() / in.width(), "bilinear")
              : resizing(resize);
    } else if (layer instanceof Resample2d) {
      throw KerasTranslation.refused(node, "Keras has no layer for this resampling");
    } else {
      return null;
    }
    return tensors.add(className, node.name(), config, tensors.image(from), node.shape());
  }

  /** Cropping2D takes rows, so the channels are made rows. */
  private String slice(Node node, ChannelSlice slice) {
    int from = node.inputs().get(0);
    Shape in = tensors.shape(from);
    Shape out = node.shape();
    ObjectNode crop = cropping(slice.from(), in.channels() - slice.to(), 0, 0);
    String name = node.name();
    if (tensors.isVector(from)) {
      List<Integer> rows = List.of(in.channels(), 1, 1);
      String image = tensors.reshape(name + "_rows", tensors.source(from), rows);
      String cut = tensors.add("Cropping2D", name + "_crop", crop, image, onlyRows(out.channels()));
      return tensors.reshape(name, cut, Tensors.vector(out));
    }
    String rows = channelsAsRows(name + "_rows", tensors.source(from), in);
    String cut = tensors.add("Cropping2D", name + "_crop", crop, rows, asRows(out));
    return rowsAsChannels(name, cut, out);
  }

  private static Shape onlyRows(int rows) {
    return new Shape(1, rows, 1);
  }

  /** [H, W, C] as [C, H, W] of Keras: C rows of H pixels with W channels. */
  private static Shape asRows(Shape image) {
    return new Shape(image.width(), image.channels(), image.height());
  }

  private String channelsAsRows(String name, String from, Shape image) {
    return tensors.add("Permute", name, permute(3, 1, 2), from, asRows(image));
  }

  private String rowsAsChannels(String name, String from, Shape image) {
    return tensors.add("Permute", name, permute(2, 3, 1), from, image);
  }

  /** A reshape from one pixel to one pixel is needed only between images and vectors. */
  private String reshape(int index) {
    Node node = tensors.node(index);
    int from = node.inputs().get(0);
    Shape out = node.shape();
    String source = tensors.source(from);
    boolean image = !out.isVector() || tensors.neededAsImage(index);
    if (out.equals(tensors.shape(from)) && tensors.isVector(source) == !image) {
      return source;
    }
    return tensors.reshape(node.name(), source, image ? Tensors.image(out) : Tensors.vector(out));
  }

  /** A broadcast that no merging layer does: rows and columns are repeated, then channels. */
  private String repeated(Node node) {
    int from = node.inputs().get(0);
    Shape in = tensors.shape(from);
    Shape out = node.shape();
    String x = tensors.image(from);
    boolean channels = in.channels() < out.channels();
    Shape wide = new Shape(in.channels(), out.height(), out.width());
    if (!wide.equals(in)) {
      x =
          tensors.add(
              "UpSampling2D",
              channels ? node.name() + "_wide" : node.name(),
              upsampling(out.height() / in.height(), out.width() / in.width(), "nearest"),
              x,
              wide);
    }
    if (!channels) {
      return x;
    }
    String rows = channelsAsRows(node.name() + "_rows", x, wide);
    ObjectNode repeat = upsampling(out.channels(), 1, "nearest");
    String all = tensors.add("UpSampling2D", node.name() + "_all", repeat, rows, asRows(out));
    return rowsAsChannels(node.name(), all, out);
  }

  private static ObjectNode permute(int... dims) {
    ObjectNode config = KerasGraph.config();
    ArrayNode array = config.putArray("dims");
    for (int dim : dims) {
      array.add(dim);
    }
    return config;
  }

  static ObjectNode cropping(int top, int bottom, int left, int right) {
    ObjectNode config = PlainLayers.channelsLast();
    ArrayNode cropping = config.putArray("cropping");
    cropping.addArray().add(top).add(bottom);
    cropping.addArray().add(left).add(right);
    return config;
  }

  private static ObjectNode upsampling(int rows, int columns, String interpolation) {
    ObjectNode config = PlainLayers.channelsLast();
    config.putArray("size").add(rows).add(columns);
    return config.put("interpolation", interpolation);
  }

  private static ObjectNode resizing(BilinearResize2d resize) {
    return PlainLayers.channelsLast()
        .put("height", resize.height())
        .put("width", resize.width())
        .put("interpolation", "bilinear")
        .put("crop_to_aspect_ratio", false)
        .put("pad_to_aspect_ratio", false)
        .put("fill_mode", "constant")
        .put("fill_value", 0.0)
        .put("antialias", false);
  }
}
