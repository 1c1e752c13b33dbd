package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;
import cnnlab.crosscheck.bound.Bounded;
import cnnlab.crosscheck.bound.RoundingBounds;
import cnnlab.model.GraphEnds;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch64.kernel.Window;
import cnnlab.scratch64.layer.Activate;
import cnnlab.scratch64.layer.Conv2d;
import cnnlab.scratch64.layer.Dense;
import cnnlab.scratch64.layer.DepthwiseConv2d;
import cnnlab.scratch64.layer.Flatten;
import cnnlab.scratch64.layer.GroupConv2d;
import cnnlab.scratch64.layer.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs layers on inputs with a single nonzero value, which isolates each weight.
 *
 * <p>On ordinary images the bound of a dense layer with n = 392 inputs, γₙ Σ |w||x|, cannot detect
 * a relative error of 1e-4 in one weight. For an impulse of height h, an output value is w·h + b.
 * That is one product and one sum, with an error of at most γ₂(|w|h + |b|): a relative error of
 * 1.2e-7. Each impulse is tried with both signs, because a ReLU passes only one of them. Its height
 * is about 93,000 if the layer is linear or a ReLU, which makes the bias negligible; otherwise it
 * is chosen so that the largest weight gives about 8, which softmax still resolves.
 *
 * <p>A dense layer gets an impulse for each of its inputs. A convolution gets several for each
 * channel: one in every corner, to test its padding, and in the middle one for every position
 * within a stride.
 */
final class Impulses {
  /** An odd number that uses all 24 bits, so that rounding an input to fewer bits is detected. */
  private static final float ODD = 0x1.6db6dbp0f;

  static final float HIGH = 0x1p16f * ODD;
  private static final double LARGEST = 8;
  private static final int BATCH = 64;

  /** Planes up to this size are tried at each position. */
  private static final int SMALL = 16;

  /** Limit on the multiplications of all layers. */
  private static final long COST = 600_000_000;

  private final ComputationGraph graph;
  private final Network network;
  private final Network fast;
  private final cnnlab.scratch64.Network exact;

  /**
   * Checks the layers of a network.
   *
   * @param networks the networks under test
   * @param exact the graph's network in double precision
   */
  Impulses(Comparison.Networks networks, cnnlab.scratch64.Network exact) {
    this.graph = networks.graph();
    this.network = networks.network();
    this.fast = networks.fast();
    this.exact = exact;
  }

  /** The nodes of one vertex, in topological order, such as flatten, linear part, activation. */
  private record Group(List<cnnlab.scratch64.layer.Node> nodes, int weighted) {
    String name() {
      return nodes.get(nodes.size() - 1).name();
    }

    Layer layer() {
      return nodes.get(weighted).layer();
    }

    long cost() {
      return nodes.stream()
          .mapToLong(n -> n.shape().size() + (long) n.layer().parameterCount() * n.shape().plane())
          .sum();
    }
  }

  /** The position and height of an impulse in the group's input. */
  private record Impulse(int at, float height) {}

  /** Runs the check; one row for each vertex with a convolution or a dense layer. */
  List<ImpulseDifference> check() {
    List<Group> groups = groups();
    List<ImpulseDifference> rows = new ArrayList<>();
    Shape in = network.inputShape();
    INDArray zeros =
        GraphEnds.input(graph, new float[in.size()], 1, in.channels(), in.height(), in.width());
    var shapes = LibraryActivations.of(graph, zeros);
    for (Group group : groups) {
      String from = graph.getConfiguration().getVertexInputs().get(group.name()).get(0);
      long[] shape = shapes.get(from).shape();
      List<Impulse> all = impulses(group);
      int count = (int) Math.min(all.size(), COST / groups.size() / group.cost());
      BoundUse library = BoundUse.NONE;
      BoundUse scratch = BoundUse.NONE;
      BoundUse quick = BoundUse.NONE;
      for (int i = 0; i < count; i += BATCH) {
        List<Impulse> some = new ArrayList<>();
        for (int k = i; k < Math.min(count, i + BATCH); k++) {
          some.add(all.get((int) ((long) k * all.size() / count)));
        }
        float[] x = inputs(some, (int) (Arrays.stream(shape).reduce(1, (a, b) -> a * b)));
        Bounded bounds = bounds(group, x, some.size());
        library = library.plus(BoundUse.of(library(group, x, shape, some.size()), bounds));
        scratch = scratch.plus(BoundUse.of(scratch(network, group, x, some.size()), bounds));
        quick = quick.plus(BoundUse.of(scratch(fast, group, x, some.size()), bounds));
      }
      rows.add(new ImpulseDifference(group.name(), count, all.size(), library, scratch, quick));
    }
    return rows;
  }

  private List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    for (var node : exact.nodes()) {
      List<cnnlab.scratch64.layer.Node> chain = new ArrayList<>(List.of(node));
      while (chain.get(0).inputs().size() == 1
          && chain.get(0).inputs().get(0) >= 0
          && graph.getVertex(exact.nodes().get(chain.get(0).inputs().get(0)).name()) == null) {
        chain.add(0, exact.nodes().get(chain.get(0).inputs().get(0)));
      }
      int weighted = 0;
      while (weighted < chain.size() && !isWeighted(chain.get(weighted).layer())) {
        weighted++;
      }
      boolean plain =
          chain.subList(0, Math.min(weighted, chain.size())).stream()
              .allMatch(n -> n.layer() instanceof Flatten);
      if (graph.getVertex(node.name()) != null
          && weighted < chain.size()
          && plain
          && chain.stream().allMatch(n -> n.inputs().size() == 1)) {
        groups.add(new Group(List.copyOf(chain), weighted));
      }
    }
    return groups;
  }

  private static boolean isWeighted(Layer layer) {
    return layer instanceof Conv2d
        || layer instanceof DepthwiseConv2d
        || layer instanceof GroupConv2d
        || layer instanceof Dense;
  }

  private List<Impulse> impulses(Group group) {
    var in = inputShape(group);
    var shape = group.layer() instanceof GroupConv2d conv ? conv.planes(in) : in;
    List<Integer> positions = new ArrayList<>();
    Window window = group.layer().window();
    for (int i = 0; i < shape.plane(); i++) {
      if (window == null || shape.plane() <= SMALL || isTried(i, window, shape)) {
        positions.add(i);
      }
    }
    List<Impulse> impulses = new ArrayList<>();
    float height = height(group);
    for (int c = 0; c < shape.channels(); c++) {
      for (int position : positions) {
        impulses.add(new Impulse(c * shape.plane() + position, height));
        impulses.add(new Impulse(c * shape.plane() + position, -height));
      }
    }
    return impulses;
  }

  private static boolean isTried(int i, Window window, cnnlab.scratch64.layer.Shape shape) {
    int row = i / shape.width();
    int column = i % shape.width();
    boolean corner =
        (row == 0 || row == shape.height() - 1) && (column == 0 || column == shape.width() - 1);
    int down = row - shape.height() / 2;
    int across = column - shape.width() / 2;
    return corner
        || down >= 0
            && down < window.strideHeight()
            && across >= 0
            && across < window.strideWidth();
  }

  private float height(Group group) {
    boolean linear =
        group.nodes().stream()
            .allMatch(n -> isWeighted(n.layer()) || n.layer() instanceof Flatten || isKinked(n));
    if (linear) {
      return HIGH;
    }
    double most = 0;
    int from = group.nodes().get(group.weighted()).parameterOffset();
    for (int i = 0; i < group.layer().parameters().get(0).size(); i++) {
      most = Math.max(most, Math.abs(exact.parameters()[from + i]));
    }
    return most > 0 && Double.isFinite(most)
        ? Math.min(HIGH, Math.scalb(ODD, Math.getExponent(LARGEST / most) - 1))
        : ODD;
  }

  private static boolean isKinked(cnnlab.scratch64.layer.Node node) {
    return node.layer() instanceof Activate activate
        && switch (activate.activation().kind()) {
          case LINEAR, RELU, LEAKY_RELU -> true;
          default -> false;
        };
  }

  private cnnlab.scratch64.layer.Shape inputShape(Group group) {
    int source = group.nodes().get(0).inputs().get(0);
    return source < 0 ? exact.inputShape() : exact.nodes().get(source).shape();
  }

  private static float[] inputs(List<Impulse> impulses, int size) {
    float[] x = new float[impulses.size() * size];
    for (int i = 0; i < impulses.size(); i++) {
      x[i * size + impulses.get(i).at] = impulses.get(i).height;
    }
    return x;
  }

  private Bounded bounds(Group group, float[] x, int n) {
    Bounded values = Bounded.exact(x);
    for (var node : group.nodes()) {
      values = RoundingBounds.of(exact, node).apply(List.of(values), n);
    }
    return values;
  }

  private float[] library(Group group, float[] x, long[] shape, int n) {
    long[] many = shape.clone();
    many[0] = n;
    Shape in = network.inputShape();
    INDArray images =
        GraphEnds.input(graph, new float[n * in.size()], n, in.channels(), in.height(), in.width());
    return LibraryActivations.of(graph, group.name(), Nd4j.create(x, many, 'c'), images)
        .dup('c')
        .data()
        .asFloat();
  }

  /** The output of the same nodes of a network under test. */
  private float[] scratch(Network from, Group group, float[] x, int n) {
    var source = inputShape(group);
    Network.Builder builder =
        Network.builder(new Shape(source.channels(), source.height(), source.width()));
    float[] parameters = new float[0];
    for (var node : group.nodes()) {
      Node own =
          from.nodes().stream().filter(k -> k.name().equals(node.name())).findFirst().orElseThrow();
      builder.add(own.name(), own.layer());
      int begin = parameters.length;
      parameters = Arrays.copyOf(parameters, begin + own.layer().parameterCount());
      System.arraycopy(
          from.parameters(), own.parameterOffset(), parameters, begin, parameters.length - begin);
    }
    return builder.build(parameters, from.kernels()).predict(x, n);
  }
}
