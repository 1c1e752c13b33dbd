package cnnlab.keras.write;

import cnnlab.scratch.GroupedConvolution;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Crop2d;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.TransposedConv2d;
import cnnlab.scratch.layer.ZeroPad2d;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/** Adds convolutions and pooling to a Keras model, with layers of their own for padding. */
final class Windows {
  private static final int[] NOTHING = new int[4];
  private static final String CROPPING = "Cropping2D";

  private final Tensors tensors;
  private final Penalties penalties;
  private final KerasGraph graph;

  Windows(Tensors tensors, Penalties penalties, KerasGraph graph) {
    this.tensors = tensors;
    this.penalties = penalties;
    this.graph = graph;
  }

  /** Adds a node; false if its layer is of another kind. */
  boolean add(int index) {
    Node node = tensors.node(index);
    Layer layer = node.layer();
    int from = node.inputs().get(0);
    float[] parameters = tensors.parameters();
    if (layer instanceof Conv2d conv) {
      convolution(index, node, conv.window(), WeightLayers.convolution(node, conv, parameters));
    } else if (layer instanceof DepthwiseConv2d conv) {
      convolution(index, node, conv.window(), WeightLayers.depthwise(node, conv, parameters));
    } else if (layer instanceof TransposedConv2d conv) {
      transposed(index, node, conv);
    } else if (layer instanceof MaxPool2d
        || layer instanceof AvgPool2d
        || layer instanceof ZeroPad2d) {
      PlainLayers.Windowed pooled =
          PlainLayers.pooling(node, tensors.shape(from), isNonNegative(from));
      pool(index, node, pooled.made(), pooled.padding());
    } else {
      return false;
    }
    return true;
  }

  /** Adds a convolution with groups that ends in a node. */
  void add(int index, GroupedConvolution grouped) {
    Node node = tensors.node(index);
    Node first = grouped.convolutions().get(0);
    WeightLayers.Made layer = WeightLayers.grouped(grouped, tensors.parameters());
    penalties.apply(first, layer.config(), layer.className());
    Activate activation = grouped.activation();
    String function = activation == null ? null : Functions.name(activation);
    if (function != null) {
      layer.config().put(Functions.ARGUMENT, function);
    }
    boolean whole = activation == null || function != null;
    Shape in = tensors.shape(grouped.source());
    String made =
        strided(
            whole ? node.name() : node.name() + "_linear",
            layer,
            grouped.each().window(),
            tensors.image(grouped.source()),
            in,
            node.shape());
    if (!whole) {
      Node own = new Node(node.name(), activation, List.of(), node.shape(), 0);
      made = Functions.add(graph, own, made);
    }
    tensors.set(index, made);
  }

  private void convolution(int index, Node node, Window window, WeightLayers.Made layer) {
    int from = node.inputs().get(0);
    penalties.apply(node, layer.config(), layer.className());
    int fused = fuse(index, layer);
    String name = tensors.node(fused).name();
    String made =
        strided(name, layer, window, tensors.image(from), tensors.shape(from), node.shape());
    set(index, fused, made);
  }

  private void set(int index, int fused, String made) {
    tensors.set(index, made);
    tensors.set(fused, made);
  }

  /**
   * Makes the activation that follows an argument if Keras has a name for it.
   *
   * @return the position of the activation, or {@code index}
   */
  int fuse(int index, WeightLayers.Made layer) {
    Node node = tensors.node(index);
    List<Integer> next = tensors.patterns().readers(index);
    if (next.size() == 1) {
      Node after = tensors.node(next.get(0));
      String function = Functions.name(after.layer());
      if (function != null && node.name().equals(after.name() + KerasTranslation.LINEAR)) {
        layer.config().put(Functions.ARGUMENT, function);
        return next.get(0);
      }
    }
    return index;
  }

  /**
   * A convolution. Keras takes no strides together with dilation, and TensorFlow's depthwise
   * convolution only the same stride in both directions; then all positions are computed, and a
   * pooling of size 1 takes those of the strides.
   */
  private String strided(
      String name, WeightLayers.Made layer, Window w, String from, Shape in, Shape out) {
    boolean strided = w.strideHeight() > 1 || w.strideWidth() > 1;
    boolean dilated = w.dilationHeight() > 1 || w.dilationWidth() > 1;
    boolean uneven =
        layer.className().equals("DepthwiseConv2D") && w.strideHeight() != w.strideWidth();
    if (!(strided && dilated) && !uneven) {
      String source = layer.padding() == null ? from : pad(name, from, in, layer.padding());
      return graph.add(
          layer.className(),
          name,
          layer.config(),
          List.of(source),
          Tensors.image(out),
          layer.weights());
    }
    int[] zeros = PlainLayers.zeros(w, in);
    boolean padded = !Arrays.equals(zeros, NOTHING);
    Shape wide = padded ? padded(in, zeros) : in;
    Window every =
        new Window(
            w.kernelHeight(),
            w.kernelWidth(),
            1,
            1,
            Padding.VALID,
            w.dilationHeight(),
            w.dilationWidth());
    Window.Geometry g = every.on(wide.height(), wide.width());
    ObjectNode config = layer.config();
    config.put("padding", "valid").putArray("strides").add(1).add(1);
    String all =
        graph.add(
            layer.className(),
            name + "_every",
            config,
            List.of(padded ? pad(name, from, in, zeros) : from),
            List.of(g.outHeight(), g.outWidth(), out.channels()),
            layer.weights());
    ObjectNode chosen = PlainLayers.channelsLast().put("padding", "valid");
    chosen.putArray("pool_size").add(1).add(1);
    chosen.putArray("strides").add(w.strideHeight()).add(w.strideWidth());
    return tensors.add("MaxPooling2D", name, chosen, all, out);
  }

  private static Shape padded(Shape in, int[] p) {
    return new Shape(in.channels(), in.height() + p[0] + p[1], in.width() + p[2] + p[3]);
  }

  /** Adds zeros (top, bottom, left, right); returns the layer. */
  private String pad(String name, String from, Shape in, int[] p) {
    return tensors.add("ZeroPadding2D", name + "_pad", PlainLayers.padding(p), from, padded(in, p));
  }

  private void pool(int index, Node node, WeightLayers.Made layer, int[] padding) {
    int from = node.inputs().get(0);
    String source = tensors.image(from);
    if (padding != null) {
      source = pad(node.name(), source, tensors.shape(from), padding);
    }
    tensors.set(
        index, tensors.add(layer.className(), node.name(), layer.config(), source, node.shape()));
  }

  /**
   * A transposed convolution. Keras cuts off nothing ({@code valid}), or as much as makes the
   * output a multiple of the input ({@code same}); anything else is cropped from {@code valid}.
   * Where the kernel is smaller than the stride, Keras adds the missing rows and columns.
   */
  private void transposed(int index, Node node, TransposedConv2d conv) {
    int from = node.inputs().get(0);
    WeightLayers.Made layer = WeightLayers.transposed(node, conv, tensors.parameters());
    penalties.apply(node, layer.config(), layer.className());
    int last = fuse(index, layer);
    Window w = conv.window();
    int[] same = sameCut(w);
    int[] cut = cut(w);
    int crop = onlyCrop(last);
    int[] both = crop < 0 ? cut : sum(cut, ((Crop2d) tensors.node(crop).layer()));
    boolean nothing = Arrays.equals(cut, NOTHING);
    boolean asSame = same != null && !Arrays.equals(same, NOTHING);
    List<String> source = List.of(tensors.image(from));
    if (asSame && (Arrays.equals(both, same) || Arrays.equals(cut, same))) {
      int end = Arrays.equals(cut, same) ? last : crop;
      layer.config().put("padding", "same");
      Node named = tensors.node(end);
      set(
          index,
          last,
          graph.add(
              layer.className(),
              named.name(),
              layer.config(),
              source,
              Tensors.image(named.shape()),
              layer.weights()));
      tensors.set(end, tensors.source(last));
      return;
    }
    Shape out = node.shape();
    Shape full =
        new Shape(out.channels(), out.height() + cut[0] + cut[1], out.width() + cut[2] + cut[3]);
    String name = tensors.node(last).name();
    String made =
        graph.add(
            layer.className(), name, layer.config(), source, Tensors.image(full), layer.weights());
    if (!nothing) {
      ObjectNode config = Rearrangements.cropping(cut[0], cut[1], cut[2], cut[3]);
      made = tensors.add(CROPPING, name + "_crop", config, made, out);
    }
    set(index, last, made);
  }

  /** The crop that alone reads a node; -1 if there is none. */
  private int onlyCrop(int node) {
    List<Integer> next = tensors.patterns().readers(node);
    boolean crop = next.size() == 1 && tensors.node(next.get(0)).layer() instanceof Crop2d;
    return crop ? next.get(0) : -1;
  }

  private static int[] sum(int[] cut, Crop2d c) {
    return new int[] {cut[0] + c.top(), cut[1] + c.bottom(), cut[2] + c.left(), cut[3] + c.right()};
  }

  /** What remains to be cut off Keras' {@code valid}: top, bottom, left, right. */
  private static int[] cut(Window w) {
    int below = Math.max(0, w.strideHeight() - w.kernelHeight());
    int right = Math.max(0, w.strideWidth() - w.kernelWidth());
    return w.padding() instanceof Padding.Explicit p
        ? new int[] {p.top(), p.bottom() + below, p.left(), p.right() + right}
        : new int[] {0, below, 0, right};
  }

  /** What {@code same} cuts off {@code valid}; null where it is defined in another way. */
  private static int[] sameCut(Window w) {
    int rows = w.kernelHeight() - w.strideHeight();
    int columns = w.kernelWidth() - w.strideWidth();
    return rows < 0 || columns < 0
        ? null
        : new int[] {rows / 2, rows - rows / 2, columns / 2, columns - columns / 2};
  }

  /** Whether a node's output is never negative, so that zeros around it do not change a maximum. */
  private boolean isNonNegative(int node) {
    if (node < 0) {
      return false;
    }
    Layer layer = tensors.node(node).layer();
    return layer instanceof Conv2d conv && conv.relu()
        || layer instanceof DepthwiseConv2d depthwise && depthwise.relu()
        || layer instanceof Activate activate && Functions.nonNegative(activate.activation());
  }
}
