package cnnlab.scratch.compiled;

import cnnlab.scratch.Network;
import cnnlab.scratch.compiled.kernel.RowKernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Rearrangement;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.ZeroPad2d;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Translates a network's nodes to steps. A convolution or dense layer takes with it what follows
 * it, as long as nothing else reads what lies between: batch normalisation (its factors go into the
 * weights), the sum of a residual block, an activation.
 */
final class NetworkCompiler {
  private final Network network;
  private final RowKernels kernels;
  private final List<Step> steps = new ArrayList<>();

  /** What each step reads and writes, for {@link #assignMemory}. */
  private final List<List<Activations>> used = new ArrayList<>();

  /** The nodes that each step computes. */
  private final List<List<Integer>> nodes = new ArrayList<>();

  private final Rows[] rows;
  private final Planes[] planes;
  private final ZeroPad2d[] padding;
  private final boolean[] done;
  private final int[] readers;
  private final int[] onlyReader;
  private Rows inputRows;
  private Planes inputPlanes;
  private final List<Activations> inputs = new ArrayList<>();

  NetworkCompiler(Network network, RowKernels kernels) {
    this.network = network;
    this.kernels = kernels;
    int n = network.nodes().size();
    this.rows = new Rows[n];
    this.planes = new Planes[n];
    this.padding = new ZeroPad2d[n];
    this.done = new boolean[n];
    this.readers = new int[n];
    this.onlyReader = new int[n];
    for (int k = 0; k < n; k++) {
      for (int from : network.nodes().get(k).inputs()) {
        if (from >= 0) {
          readers[from]++;
          onlyReader[from] = k;
        }
      }
    }
    for (int k = 0; k < n; k++) {
      if (!done[k]) {
        translate(k);
      }
    }
    assignMemory();
  }

  List<Step> steps() {
    return steps;
  }

  /** The nodes that each step computes; none for a conversion between layouts. */
  List<List<Integer>> stepNodes() {
    return nodes;
  }

  /** The network's input, in one or both layouts. */
  List<Activations> inputs() {
    return inputs;
  }

  Activations output() {
    int last = rows.length - 1;
    return rows[last] != null ? rows[last] : planes[last];
  }

  private Node node(int k) {
    return network.nodes().get(k);
  }

  private Shape shapeOf(int k) {
    return k < 0 ? network.inputShape() : node(k).shape();
  }

  /** A node's output as rows, −1 for the network's input; null if it is not computed yet. */
  private Rows rowsOf(int k) {
    if (k < 0) {
      if (inputRows == null) {
        inputRows = new Rows(network.inputShape(), network.inputShape().channels());
        inputs.add(inputRows);
      }
      return inputRows;
    }
    if (rows[k] == null && planes[k] != null) {
      rows[k] = new Rows(planes[k].shape, planes[k].shape.channels());
      add(List.of(), new PlaneSteps.ToRows(planes[k], rows[k]), List.of(planes[k]), rows[k]);
    }
    return rows[k];
  }

  /** A node's output as planes if it has them, else null. */
  private Planes planesOf(int k) {
    if (k >= 0) {
      return planes[k];
    }
    if (inputPlanes == null) {
      inputPlanes = new Planes(network.inputShape(), network.inputShape().width());
      inputs.add(inputPlanes);
    }
    return inputPlanes;
  }

  private List<Rows> inputs(Node node) {
    return node.inputs().stream().map(this::rowsOf).toList();
  }

  /** Rows whose stride is a whole number of vectors. */
  private Rows newRows(Shape shape) {
    return new Rows(shape, kernels.padded(shape.channels()));
  }

  private void add(
      List<Integer> computed, Step step, List<? extends Activations> in, Activations out) {
    nodes.add(computed);
    steps.add(step);
    List<Activations> all = new ArrayList<>(in);
    all.add(out);
    used.add(all);
  }

  private void translate(int k) {
    Node node = node(k);
    Layer layer = atInference(k);
    int from = node.inputs().get(0);
    if (!onPlanes(k, layer, from)) {
      onRows(k, node, layer, from);
    }
    done[k] = true;
  }

  /** Translates a layer that computes on planes. */
  private boolean onPlanes(int k, Layer layer, int from) {
    if (from >= 0 && planes[from] == null) {
      return false;
    }
    Shape in = shapeOf(from);
    if (layer instanceof Conv2d conv) {
      Window.Geometry window = conv.window().on(in.height(), in.width());
      if (!PlaneSteps.Convolution.suits(conv.outChannels(), window, kernels.lanes())) {
        return false;
      }
      Product product = convolution(node(k), conv, in, null);
      product(k, planesOf(from), product, !conv.relu(), Kind.PLANES);
      return true;
    }
    if (from < 0 || !(layer instanceof MaxPool2d || layer instanceof AvgPool2d)) {
      return false;
    }
    Window.Geometry window = layer.window().on(in.height(), in.width());
    if (!PlaneSteps.Pool.suits(window)) {
      return false;
    }
    planes[k] = new Planes(node(k).shape(), node(k).shape().width());
    boolean max = layer instanceof MaxPool2d;
    add(
        List.of(k),
        new PlaneSteps.Pool(planes[from], planes[k], window, max),
        List.of(planes[from]),
        planes[k]);
    return true;
  }

  private void onRows(int k, Node node, Layer layer, int from) {
    if (layer instanceof ZeroPad2d pad && readers[k] == 1 && isPadded(onlyReader[k])) {
      padding[k] = pad;
      rows[k] = rowsOf(from);
      return;
    }
    Rows in = rowsOf(from);
    ZeroPad2d pad = from < 0 ? null : padding[from];
    if (layer instanceof Conv2d conv) {
      Product product = convolution(node, conv, in.shape, pad);
      product(k, in, product, !conv.relu(), Kind.MATRIX);
    } else if (layer instanceof Dense dense) {
      product(k, in, dense(node, dense, in.shape, 1), !dense.relu(), Kind.MATRIX);
    } else if (layer instanceof DepthwiseConv2d conv && conv.multiplier() == 1) {
      Product product = depthwise(node, conv, in.shape, pad);
      product(k, in, product, !conv.relu(), Kind.DEPTHWISE);
    } else if (isIdentity(layer) || isFlatten(layer) && in.shape.plane() == 1) {
      rows[k] = in;
    } else if (isFlatten(layer)) {
      flatten(k, layer, in);
    } else if (layer instanceof ScaleShift || layer instanceof Activate) {
      affine(k, layer, in);
    } else if (layer instanceof ElementwiseMerge merge && PointwiseSteps.Merge.has(merge.op())) {
      int last = activationAfter(k);
      Rows out = newRows(node.shape());
      List<Rows> all = inputs(node);
      add(
          chain(k, last),
          new PointwiseSteps.Merge(kernels, all, out, merge.op(), activation(k, last)),
          all,
          out);
      rows[last] = out;
    } else {
      Rows out = newRows(node.shape());
      add(List.of(k), plain(node, layer, in, out), inputs(node), out);
      rows[k] = out;
    }
  }

  /** Whether a layer can take the zeros around its input as its own padding. */
  private boolean isPadded(int k) {
    return node(k).layer() instanceof Conv2d
        || node(k).layer() instanceof DepthwiseConv2d conv && conv.multiplier() == 1;
  }

  /** The step of a layer that is not joined with others. */
  private Step plain(Node node, Layer layer, Rows in, Rows out) {
    if (layer instanceof MaxPool2d pool) {
      Window.Geometry window = pool.window().on(in.shape.height(), in.shape.width());
      return new PoolStep(kernels, in, out, window, PoolStep.Kind.MAX);
    }
    if (layer instanceof AvgPool2d pool) {
      Window.Geometry window = pool.window().on(in.shape.height(), in.shape.width());
      boolean all = pool.countPadding();
      PoolStep.Kind kind = all ? PoolStep.Kind.MEAN_WITH_PADDING : PoolStep.Kind.MEAN;
      return new PoolStep(kernels, in, out, window, kind);
    }
    if (layer instanceof GlobalAvgPool2d || layer instanceof GlobalMaxPool2d) {
      return new GlobalPoolStep(kernels, in, out, layer instanceof GlobalMaxPool2d);
    }
    if (layer instanceof Concatenate) {
      return new CopySteps.Concatenate(kernels, inputs(node), out);
    }
    if (layer instanceof ZeroPad2d pad) {
      return new CopySteps.Pad(kernels, in, out, pad.top(), pad.left());
    }
    if (layer instanceof Rearrangement move) {
      return new CopySteps.Gather(in, out, sources(in, node.shape(), move));
    }
    if (layer instanceof Softmax) {
      return new SoftmaxStep(in, out);
    }
    return new LayerStep(inputs(node), out, node, network.parameters());
  }

  private static int[] sources(Rows in, Shape out, Rearrangement move) {
    int[] source = new int[out.size()];
    for (int position = 0; position < source.length; position++) {
      int from = move.source(in.shape, out, position);
      int c = position / out.plane();
      int p = position % out.plane();
      source[p * out.channels() + c] =
          from % in.shape.plane() * in.stride + from / in.shape.plane();
    }
    return source;
  }

  private static boolean isFlatten(Layer layer) {
    return layer instanceof Flatten || layer instanceof FlattenChannelsLast;
  }

  private static boolean isIdentity(Layer layer) {
    return layer instanceof Activate a && a.activation().kind() == Activation.Kind.LINEAR;
  }

  /** The layer as it computes at inference. */
  private Layer atInference(int k) {
    return node(k).layer().atInference(network.parameters(), node(k).parameterOffset());
  }

  /**
   * A flatten whose readers are dense layers is not computed: the dense layer is a convolution with
   * a window over the whole image.
   */
  private void flatten(int k, Layer layer, Rows in) {
    int reader = onlyReader[k];
    if (readers[k] == 1 && node(reader).layer() instanceof Dense dense) {
      boolean channelsFirst = layer instanceof Flatten;
      Product product = dense(node(reader), dense, in.shape, channelsFirst ? 0 : 1);
      product(reader, in, product, !dense.relu(), Kind.MATRIX, k);
      done[reader] = true;
      return;
    }
    Rows out = newRows(node(k).shape());
    int[] source = new int[out.shape.size()];
    int channels = in.shape.channels();
    int plane = in.shape.plane();
    for (int i = 0; i < source.length; i++) {
      boolean first = layer instanceof Flatten;
      int c = first ? i / plane : i % channels;
      int p = first ? i % plane : i / channels;
      source[i] = p * in.stride + c;
    }
    add(List.of(k), new CopySteps.Gather(in, out, source), List.of(in), out);
    rows[k] = out;
  }

  /** A factor and a summand for each channel, or an activation; and an activation after it. */
  private void affine(int k, Layer layer, Rows in) {
    Rows out = newRows(node(k).shape());
    int last = layer instanceof ScaleShift ? activationAfter(k) : k;
    double[][] factors = layer instanceof ScaleShift s ? factors(s, in.shape.channels()) : null;
    Activation f = layer instanceof Activate a ? a.activation() : activation(k, last);
    add(
        chain(k, last),
        new PointwiseSteps.Affine(
            kernels,
            in,
            out,
            factors == null ? null : factors[0],
            factors == null ? null : factors[1],
            f),
        List.of(in),
        out);
    rows[last] = out;
  }

  private static double[][] factors(ScaleShift layer, int channels) {
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    for (int c = 0; c < channels; c++) {
      scale[c] = layer.scale()[c % layer.scale().length];
      shift[c] = layer.offset()[c % layer.offset().length];
    }
    return new double[][] {scale, shift};
  }

  /** Factors and summands of batch normalisation or a fixed scaling; null for another layer. */
  private double[][] factors(int k) {
    Node node = node(k);
    int channels = node.shape().channels();
    if (node.layer() instanceof ScaleShift s) {
      return factors(s, channels);
    }
    if (!(node.layer() instanceof BatchNorm norm)) {
      return null;
    }
    float[] p = network.parameters();
    int at = node.parameterOffset();
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    for (int c = 0; c < channels; c++) {
      double variance = p[at + 3 * channels + c];
      scale[c] = p[at + c] / Math.sqrt(variance + norm.eps());
      shift[c] = p[at + channels + c] - scale[c] * p[at + 2 * channels + c];
    }
    return new double[][] {scale, shift};
  }

  /** The only reader of a node, if it reads nothing else or is a sum; else −1. */
  private int follower(int k) {
    return readers[k] == 1 ? onlyReader[k] : -1;
  }

  /** The activation that alone reads a node, or the node. */
  private int activationAfter(int k) {
    int next = follower(k);
    if (next >= 0 && atInference(next) instanceof Activate) {
      done[next] = true;
      return next;
    }
    return k;
  }

  private static List<Integer> chain(int k, int last) {
    return k == last ? List.of(k) : List.of(k, last);
  }

  private Activation activation(int k, int last) {
    return last == k ? Activation.LINEAR : ((Activate) atInference(last)).activation();
  }

  /** How a product is computed. */
  private enum Kind {
    MATRIX,
    DEPTHWISE,
    PLANES
  }

  /** A product with what follows it. */
  private void product(int k, Activations in, Product first, boolean open, Kind kind) {
    product(k, in, first, open, kind, k);
  }

  /**
   * @param from the first node that the step computes: {@code k}, or a flatten before it
   */
  private void product(int k, Activations in, Product first, boolean open, Kind kind, int from) {
    Product product = first;
    int last = k;
    Rows residual = null;
    List<Integer> chain = new ArrayList<>(chain(from, k));
    int next = follower(last);
    while (open && next >= 0) {
      double[][] factors = residual == null ? factors(next) : null;
      if (factors != null) {
        product = product.then(factors[0], factors[1]);
      } else if (isIdentity(atInference(next))) {
        // Nothing to do.
      } else if (atInference(next) instanceof Activate a) {
        product = product.then(a.activation());
        open = false;
      } else if (residual == null && kind == Kind.MATRIX && isSum(next)) {
        residual = otherTerm(next, last);
        if (residual == null) {
          break;
        }
      } else {
        break;
      }
      done[next] = true;
      chain.add(next);
      last = next;
      next = follower(last);
    }
    Shape shape = node(last).shape();
    switch (kind) {
      case PLANES -> {
        planes[last] = new Planes(shape, kernels.padded(shape.width()));
        Step step = new PlaneSteps.Convolution(kernels, (Planes) in, planes[last], product);
        add(chain, step, List.of(in), planes[last]);
      }
      case DEPTHWISE -> {
        rows[last] = newRows(shape);
        add(
            chain,
            new DepthwiseStep(kernels, (Rows) in, rows[last], product),
            List.of(in),
            rows[last]);
      }
      default -> {
        rows[last] = newRows(shape);
        add(
            chain,
            new MatrixStep(kernels, (Rows) in, rows[last], residual, product),
            residual == null ? List.of(in) : List.of(in, residual),
            rows[last]);
      }
    }
  }

  private boolean isSum(int k) {
    return node(k).layer() instanceof ElementwiseMerge merge
        && merge.op() == ElementwiseMerge.Op.ADD
        && node(k).inputs().size() == 2;
  }

  /** The other term of a sum, or null if it is not known yet or the same. */
  private Rows otherTerm(int sum, int term) {
    List<Integer> terms = node(sum).inputs();
    int other = terms.get(0) == term ? terms.get(1) : terms.get(0);
    return other == term ? null : rowsOf(other);
  }

  private Product convolution(Node node, Conv2d conv, Shape in, ZeroPad2d pad) {
    Window.Geometry window = window(conv.window(), in, pad);
    int channels = conv.inChannels();
    int kernel = window.kernelHeight() * window.kernelWidth();
    int at = node.parameterOffset();
    float[] p = network.parameters();
    int taps = kernel * channels;
    return newProduct(
        window,
        taps,
        conv.outChannels(),
        (k, o) -> p[at + (o * channels + k % channels) * kernel + k / channels],
        conv.bias() ? at + taps * conv.outChannels() : -1,
        conv.relu());
  }

  private Product depthwise(Node node, DepthwiseConv2d conv, Shape in, ZeroPad2d pad) {
    Window.Geometry window = window(conv.window(), in, pad);
    int taps = window.kernelHeight() * window.kernelWidth();
    int at = node.parameterOffset();
    float[] p = network.parameters();
    return newProduct(
        window,
        taps,
        conv.channels(),
        (t, c) -> p[at + c * taps + t],
        conv.bias() ? at + taps * conv.channels() : -1,
        conv.relu());
  }

  /** A window on an input around which zeros are to be thought. */
  private static Window.Geometry window(Window window, Shape in, ZeroPad2d pad) {
    if (pad == null) {
      return window.on(in.height(), in.width());
    }
    Window.Geometry g =
        window.on(pad.top() + in.height() + pad.bottom(), pad.left() + in.width() + pad.right());
    return new Window.Geometry(
        in.height(),
        in.width(),
        g.kernelHeight(),
        g.kernelWidth(),
        g.strideHeight(),
        g.strideWidth(),
        g.top() + pad.top(),
        g.left() + pad.left(),
        g.outHeight(),
        g.outWidth(),
        g.dilationHeight(),
        g.dilationWidth());
  }

  /**
   * A dense layer over all values of an image.
   *
   * @param order 0 if its features are [C, H, W], 1 if they are [H, W, C]
   */
  private Product dense(Node node, Dense dense, Shape in, int order) {
    Window.Geometry window =
        new Window(in.height(), in.width(), 1, 1, Padding.VALID).on(in.height(), in.width());
    int channels = in.channels();
    int plane = in.plane();
    int at = node.parameterOffset();
    int out = dense.out();
    float[] p = network.parameters();
    return newProduct(
        window,
        dense.in(),
        out,
        order == 1
            ? (k, o) -> p[at + k * out + o]
            : (k, o) -> p[at + (k % channels * plane + k / channels) * out + o],
        dense.bias() ? at + dense.in() * out : -1,
        dense.relu());
  }

  private Product newProduct(
      Window.Geometry window,
      int taps,
      int columns,
      Product.Weights weights,
      int biasAt,
      boolean relu) {
    double[] scale = new double[columns];
    Arrays.fill(scale, 1);
    double[] bias = new double[columns];
    for (int j = 0; j < columns && biasAt >= 0; j++) {
      bias[j] = network.parameters()[biasAt + j];
    }
    Activation f = relu ? Activation.RELU : Activation.LINEAR;
    return new Product(window, taps, columns, weights, scale, bias, f);
  }

  /** Activations that are not in use at the same time share their memory. */
  private void assignMemory() {
    List<Activations> alive = new ArrayList<>();
    List<Activations.Memory> free = new ArrayList<>();
    for (Activations in : inputs) {
      in.memory = new Activations.Memory();
      alive.add(in);
    }
    for (int s = 0; s < used.size(); s++) {
      List<Activations> step = used.get(s);
      Activations out = step.get(step.size() - 1);
      out.memory = free.isEmpty() ? new Activations.Memory() : free.remove(free.size() - 1);
      alive.add(out);
      for (int i = alive.size() - 1; i >= 0; i--) {
        Activations candidate = alive.get(i);
        if (candidate != output() && !isUsedAfter(candidate, s)) {
          free.add(candidate.memory);
          alive.remove(i);
        }
      }
    }
  }

  private boolean isUsedAfter(Activations candidate, int step) {
    for (int s = step + 1; s < used.size(); s++) {
      if (used.get(s).contains(candidate)) {
        return true;
      }
    }
    return false;
  }

  /** All activations. */
  List<Activations> all() {
    List<Activations> all = new ArrayList<>(inputs);
    used.forEach(s -> all.add(s.get(s.size() - 1)));
    return all;
  }
}
