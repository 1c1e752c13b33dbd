package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;
import cnnlab.crosscheck.bound.Bounded;
import cnnlab.crosscheck.bound.BoundedRun;
import cnnlab.crosscheck.bound.DoubleNetwork;
import cnnlab.crosscheck.bound.Nearness;
import cnnlab.crosscheck.bound.RoundingBounds;
import cnnlab.metric.ClassMetrics;
import cnnlab.model.GraphEnds;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs a DL4J graph and the network compiled from it on the same images, compares every layer, and
 * checks the differences against rounding bounds that are computed with a third network in double
 * precision.
 *
 * <p>There are two kinds of bounds ({@link RoundingBounds}). <i>Together</i>: bounds are propagated
 * from the images to the output, and both engines must agree within them. They limit the difference
 * of two outputs. <i>Alone</i>: each layer is checked on the inputs that the engine itself
 * computed, and its bound covers only its own rounding errors. These bounds stay tight in networks
 * of any depth and identify the faulty layer.
 */
public final class CrossCheck {
  /** Images per pass: the activations of all layers are kept at once. */
  private static final int BATCH = 250;

  /** Limit on the values of all layers kept at once, about 100 MB for each of three engines. */
  private static final long VALUES = 24_000_000;

  /** Limit on the double-precision multiplications for bounds: a few seconds on each core. */
  private static final long TOGETHER_COST = 1_200_000_000;

  private static final long ALONE_COST = 150_000_000;

  private final ComputationGraph graph;
  private final Network network;
  private final Network fast;
  private final BoundedRun bounds;

  /**
   * A cross-check of one kind of kernels only.
   *
   * @param graph the network in DL4J
   * @param network the same network from scratch, with nodes named like the graph's vertices
   */
  public CrossCheck(ComputationGraph graph, Network network) {
    this(graph, network, null);
  }

  /**
   * A cross-check of two kinds of kernels.
   *
   * @param fast the network with the kernels that {@code predict} uses, which is then also compared
   *     layer by layer; or null
   */
  public CrossCheck(ComputationGraph graph, Network network, Network fast) {
    this.graph = graph;
    this.network = network;
    this.fast = fast;
    // Compiled from the graph, not from the network under test.
    this.bounds =
        new BoundedRun(
            DoubleNetwork.of(
                GraphCompiler.compile(graph, network.inputShape(), new ReferenceKernels())));
  }

  /**
   * The results.
   *
   * @param layers one row for each layer that both have, in topological order; the last one is the
   *     output
   * @param examined number of images that have bounds, counted from the first
   * @param output the output in double precision and its bounds for these images
   * @param libraryOutput DL4J's output for all images, computed vertex by vertex
   * @param fastOutput the fast network's output for all images, computed layer by layer; null
   *     without one
   */
  record Findings(
      List<LayerDifference> layers,
      int examined,
      Bounded output,
      float[] libraryOutput,
      float[] fastOutput) {}

  /**
   * Compares layer by layer.
   *
   * @param x images [n, C, H, W]
   * @param n number of images
   * @return one row for each layer that both have, in topological order; the last one is the output
   */
  public List<LayerDifference> layers(float[] x, int n) {
    return check(x, n).layers();
  }

  /**
   * The number of images per pass.
   *
   * @param values number of values of all layers for one image, at least 1
   */
  public static int batch(long values) {
    return (int) Math.max(1, Math.min(BATCH, VALUES / values));
  }

  /** The number of images, out of n, that get bounds propagated to the output. */
  int examined(int n) {
    return (int) Math.max(1, Math.min(n, TOGETHER_COST / bounds.cost()));
  }

  Findings check(float[] x, int n) {
    int examined = examined(n);
    int alone = (int) Math.max(1, Math.min(n, ALONE_COST / bounds.cost()));
    int outputs = network.outputShape().size();
    Bounded output = new Bounded(new double[examined * outputs], new double[examined * outputs]);
    float[] libraryOutput = new float[n * outputs];
    float[] fastOutput = fast == null ? null : new float[n * outputs];
    Sums sums = new Sums();
    int size = network.inputShape().size();
    int batch = batch(bounds.values());
    for (int from = 0; from < n; from += batch) {
      int count = Math.min(batch, n - from);
      float[] part = Arrays.copyOfRange(x, from * size, (from + count) * size);
      Pass pass = new Pass(part, count);
      System.arraycopy(
          pass.library.get(outputName()), 0, libraryOutput, from * outputs, count * outputs);
      if (fast != null) {
        System.arraycopy(
            pass.quick.get(outputName()), 0, fastOutput, from * outputs, count * outputs);
      }
      sums.add(pass.differences());
      int together = Math.min(count, examined - from);
      if (together > 0) {
        sums.addRoundings(pass.roundings(together, Math.min(count, alone - from)));
        pass.output(output, from * outputs);
      }
    }
    return new Findings(sums.rows(network), examined, output, libraryOutput, fastOutput);
  }

  /** The output in double precision and its bounds for the given images. */
  Bounded output(float[] x, int[] images) {
    int size = network.inputShape().size();
    int outputs = network.outputShape().size();
    Bounded all =
        new Bounded(new double[images.length * outputs], new double[images.length * outputs]);
    for (int i = 0; i < images.length; i++) {
      int at = i * outputs;
      bounds.run(
          Arrays.copyOfRange(x, images[i] * size, (images[i] + 1) * size),
          1,
          Map.of(),
          (node, bounded) -> {
            if (node.name().equals(outputName())) {
              System.arraycopy(bounded.values(), 0, all.values(), at, outputs);
              System.arraycopy(bounded.errors(), 0, all.errors(), at, outputs);
            }
          });
    }
    return all;
  }

  private String outputName() {
    return network.nodes().get(network.nodes().size() - 1).name();
  }

  /** Sums over all passes, by layer. */
  private static final class Sums {
    private final Map<String, Difference> differences = new LinkedHashMap<>();
    private final Map<String, LayerRounding> roundings = new HashMap<>();

    void add(Map<String, Difference> more) {
      more.forEach((name, d) -> differences.merge(name, d, Difference::plus));
    }

    void addRoundings(Map<String, LayerRounding> more) {
      more.forEach((name, r) -> roundings.merge(name, r, LayerRounding::plus));
    }

    List<LayerDifference> rows(Network network) {
      List<LayerDifference> rows = new ArrayList<>();
      for (Node node : network.nodes()) {
        String name = node.name();
        if (differences.containsKey(name)) {
          rows.add(
              new LayerDifference(
                  name,
                  node.layer().kind(),
                  node.shape(),
                  differences.get(name),
                  roundings.getOrDefault(name, LayerRounding.NONE)));
        }
      }
      return rows;
    }
  }

  /** One pass of images through all engines. */
  private final class Pass {
    private final float[] x;
    private final int n;
    private final Map<String, float[]> library = new HashMap<>();
    private final Map<String, float[]> scratch;
    private final Map<String, float[]> quick;
    private final Map<Integer, Bounded> last = new HashMap<>();

    Pass(float[] x, int n) {
      this.x = x;
      this.n = n;
      LibraryActivations.of(graph, images(x, n))
          .forEach((name, values) -> library.put(name, values.dup('c').data().asFloat()));
      this.scratch = network.activations(x, n);
      this.quick = fast == null ? Map.of() : fast.activations(x, n);
      library.keySet().retainAll(scratch.keySet());
    }

    Map<String, Difference> differences() {
      Map<String, Difference> found = new LinkedHashMap<>();
      scratch.forEach(
          (name, ours) -> {
            if (library.containsKey(name)) {
              found.put(name, Difference.between(library.get(name), ours));
            }
          });
      return found;
    }

    /** Computes image by image in parallel; results are added up in the order of the images. */
    Map<String, LayerRounding> roundings(int together, int alone) {
      int pieces = Math.min(together, Runtime.getRuntime().availableProcessors());
      boolean large = bounds.values() > VALUES / BATCH;
      IntStream pieceStream = IntStream.range(0, pieces);
      List<Map<String, LayerRounding>> parts =
          (large ? pieceStream : pieceStream.parallel())
              .mapToObj(p -> piece(together * p / pieces, together * (p + 1) / pieces, alone))
              .toList();
      Map<String, LayerRounding> sum = new HashMap<>();
      parts.forEach(part -> part.forEach((k, r) -> sum.merge(k, r, LayerRounding::plus)));
      return sum;
    }

    private Map<String, LayerRounding> piece(int from, int to, int alone) {
      Map<String, LayerRounding> found = new HashMap<>();
      int size = network.inputShape().size();
      float[] images = Arrays.copyOfRange(x, from * size, to * size);
      Map<String, float[]> a = slice(library, from, to);
      Map<String, float[]> b = slice(scratch, from, to);
      bounds.run(
          images,
          to - from,
          Map.of(),
          (node, exact) -> {
            String name = node.name();
            if (name.equals(outputName())) {
              keep(from, exact);
            }
            if (a.containsKey(name)) {
              found.put(
                  name,
                  new LayerRounding(
                      to - from,
                      BoundUse.of(a.get(name), b.get(name), exact),
                      0,
                      BoundUse.NONE,
                      BoundUse.NONE,
                      BoundUse.NONE,
                      Nearness.of(a.get(name), b.get(name), exact.values())));
            }
          });
      int last = Math.min(to, Math.max(alone, from));
      if (last > from) {
        alone(from, last).forEach((name, r) -> found.merge(name, r, LayerRounding::plus));
      }
      return found;
    }

    private Map<String, LayerRounding> alone(int from, int to) {
      Map<String, BoundUse> a = alone(library, from, to);
      Map<String, BoundUse> b = alone(scratch, from, to);
      Map<String, BoundUse> c = fast == null ? Map.of() : alone(quick, from, to);
      return library.keySet().stream()
          .collect(
              Collectors.toMap(
                  name -> name,
                  name ->
                      new LayerRounding(
                          0,
                          BoundUse.NONE,
                          to - from,
                          a.getOrDefault(name, BoundUse.NONE),
                          b.getOrDefault(name, BoundUse.NONE),
                          c.getOrDefault(name, BoundUse.NONE),
                          Nearness.NONE)));
    }

    private Map<String, BoundUse> alone(Map<String, float[]> engine, int from, int to) {
      int size = network.inputShape().size();
      Map<String, float[]> own = slice(engine, from, to);
      // DL4J gives only the output of a vertex's last inner node, so only that is checked for both.
      Set<String> known = library.keySet();
      own.keySet().retainAll(known);
      Map<String, BoundUse> found = new HashMap<>();
      bounds.run(
          Arrays.copyOfRange(x, from * size, to * size),
          to - from,
          own,
          (node, exact) -> {
            if (own.containsKey(node.name())) {
              found.put(node.name(), BoundUse.of(own.get(node.name()), exact));
            }
          });
      return found;
    }

    private Map<String, float[]> slice(Map<String, float[]> values, int from, int to) {
      Map<String, float[]> part = new HashMap<>();
      values.forEach(
          (name, all) -> {
            int size = all.length / n;
            part.put(name, Arrays.copyOfRange(all, from * size, to * size));
          });
      return part;
    }

    private synchronized void keep(int from, Bounded output) {
      last.put(from, output);
    }

    /** Copies the outputs that {@link #roundings} computed to their position. */
    void output(Bounded all, int at) {
      int outputs = network.outputShape().size();
      last.forEach(
          (from, part) -> {
            int begin = at + from * outputs;
            System.arraycopy(part.values(), 0, all.values(), begin, part.values().length);
            System.arraycopy(part.errors(), 0, all.errors(), begin, part.errors().length);
          });
    }
  }

  private INDArray images(float[] x, int n) {
    Shape in = network.inputShape();
    return GraphEnds.input(graph, x, n, in.channels(), in.height(), in.width());
  }

  /**
   * The share of images for which two classifiers predict the same class: the most probable one or,
   * for a single probability, class 1 if it is at least 0.5.
   *
   * @param a [n, K]
   * @param b [n, K]
   * @param classes K
   * @return the share, in [0, 1]
   */
  public static double argmaxAgreement(float[] a, float[] b, int classes) {
    int same = 0;
    for (int i = 0; i < a.length; i += classes) {
      boolean agree =
          classes == 1
              ? a[i] >= 0.5f == b[i] >= 0.5f
              : ClassMetrics.argmax(a, i, classes) == ClassMetrics.argmax(b, i, classes);
      same += agree ? 1 : 0;
    }
    return (double) same * classes / a.length;
  }
}
