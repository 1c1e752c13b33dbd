package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;
import cnnlab.crosscheck.bound.Bounded;
import cnnlab.crosscheck.bound.ClassifierBounds;
import cnnlab.crosscheck.bound.DoubleNetwork;
import cnnlab.crosscheck.bound.Nearness;
import cnnlab.metric.ClassMetrics;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.ReferenceKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The complete comparison of DL4J and the network from scratch on some images, with its checks.
 *
 * @param layers all layers, the output last
 * @param impulses layers with weights, on inputs with a single nonzero value
 * @param notFinite number of values of all layers and outputs that are NaN or infinite in either
 *     engine
 * @param examined number of images with bounds propagated to the output
 * @param checks the checks
 * @param sideBySide the outputs of all implementations; null without a further one
 */
public record Comparison(
    List<LayerDifference> layers,
    List<ImpulseDifference> impulses,
    long notFinite,
    int examined,
    List<Check> checks,
    SideBySide sideBySide) {

  /**
   * Expected outputs are checked against derived bounds if these are at most this share of the
   * largest output, or of 1 if that is larger. Bounds of deep networks are wider and would accept
   * differences that rounding does not explain.
   */
  private static final double TELLING = 1e-3;

  /**
   * The tolerance for expected outputs if the bounds are too wide, as a share of the largest
   * output, or of 1 if that is larger. It is not derived; single-precision engines usually differ
   * by a tenth of it.
   */
  private static final double USUAL = 1e-5;

  private static final String NO_BOUND = ", no derived bound";

  private static final String CLASSES_DIFFER = "images classified differently";

  /**
   * The networks to compare.
   *
   * @param graph the network in DL4J
   * @param network the network from scratch that is compared layer by layer
   * @param fast the network from scratch as {@code predict} runs it
   */
  public record Networks(ComputationGraph graph, Network network, Network fast) {}

  /**
   * Images and the engines' outputs for them.
   *
   * @param x images [n, C, H, W]
   * @param n number of images, at least 1
   * @param labels true classes [n], or null if unknown
   * @param library DL4J's outputs [n, …]
   * @param predicted the outputs from scratch, computed as by {@code predict}
   * @param expected expected outputs from the user, or null
   * @param other the outputs of a further implementation, or null
   */
  public record Run(
      float[] x,
      int n,
      int[] labels,
      float[] library,
      float[] predicted,
      float[] expected,
      OtherOutputs other) {

    /** A run of the two engines alone. */
    public Run(
        float[] x, int n, int[] labels, float[] library, float[] predicted, float[] expected) {
      this(x, n, labels, library, predicted, expected, null);
    }

    private Run part(Output output, int size) {
      return output.isAll()
          ? this
          : new Run(
              x,
              n,
              null,
              output.of(library, size),
              output.of(predicted, size),
              expected == null ? null : output.of(expected, size));
    }
  }

  /**
   * One of the outputs that the engines give joined in one vector.
   *
   * @param name its name; empty for the only output
   * @param from its first value
   * @param to the value after its last
   * @param classes whether it is the probabilities of classes
   */
  public record Output(String name, int from, int to, boolean classes) {
    private boolean isAll() {
      return name.isEmpty();
    }

    private Check named(Check check) {
      return isAll()
          ? check
          : new Check(
              name + ": " + check.name(),
              check.found(),
              check.bound(),
              check.share(),
              check.nearer(),
              check.passed());
    }

    /** Its values out of those of all outputs [n, size]. */
    private float[] of(float[] all, int size) {
      float[] part = new float[all.length / size * (to - from)];
      for (int i = 0; i < all.length / size; i++) {
        System.arraycopy(all, i * size + from, part, i * (to - from), to - from);
      }
      return part;
    }

    private Bounded of(Bounded all, int size) {
      return isAll() ? all : new Bounded(of(all.values(), size), of(all.errors(), size));
    }

    private double[] of(double[] all, int size) {
      double[] part = new double[all.length / size * (to - from)];
      for (int i = 0; i < all.length / size; i++) {
        System.arraycopy(all, i * size + from, part, i * (to - from), to - from);
      }
      return part;
    }

    private CrossCheck.Findings of(CrossCheck.Findings found, int size) {
      return isAll()
          ? found
          : new CrossCheck.Findings(
              found.layers(),
              found.examined(),
              of(found.output(), size),
              of(found.libraryOutput(), size),
              of(found.fastOutput(), size));
    }
  }

  /** Runs the comparison of networks with one output. */
  public static Comparison of(Networks networks, Run run) {
    int size = networks.network.outputShape().size();
    boolean classes = ModelComparison.choosesClasses(networks.graph, networks.network);
    return of(networks, run, List.of(new Output("", 0, size, classes)));
  }

  /**
   * Runs the comparison.
   *
   * @param outputs the outputs, each checked by itself
   */
  public static Comparison of(Networks networks, Run run, List<Output> outputs) {
    CrossCheck check = new CrossCheck(networks.graph, networks.network, networks.fast);
    CrossCheck.Findings found = check.check(run.x, run.n);
    Network fresh =
        GraphCompiler.compile(
            networks.graph, networks.network.inputShape(), new ReferenceKernels());
    List<ImpulseDifference> impulses = new Impulses(networks, DoubleNetwork.of(fresh)).check();
    List<Check> checks = new ArrayList<>();
    checks.add(Check.atMost("weights that differ, bit for bit", different(fresh, networks), 0));
    long notFinite = notFinite(found.layers(), run);
    checks.add(Check.atMost("values that are NaN or infinite", notFinite, 0));
    layers(checks, found.layers());
    impulses(checks, impulses);
    if (run.other != null) {
      other(checks, run);
    }
    int size = networks.network.outputShape().size();
    for (Output output : outputs) {
      List<Check> own = new ArrayList<>();
      Run part = run.part(output, size);
      CrossCheck.Findings partFound = output.of(found, size);
      outputs(own, partFound, part);
      if (output.classes) {
        classes(
            own,
            images -> output.of(check.output(run.x, images), size),
            partFound,
            part,
            output.to - output.from);
      }
      own.forEach(one -> checks.add(output.named(one)));
    }
    return new Comparison(
        found.layers(),
        impulses,
        notFinite,
        found.examined(),
        List.copyOf(checks),
        run.other == null ? null : SideBySide.of(run, found.output()));
  }

  /** The number of parameters that differ from the graph's, in either network. */
  private static long different(Network fresh, Networks networks) {
    return Math.max(
        different(fresh.parameters(), networks.network.parameters()),
        different(fresh.parameters(), networks.fast.parameters()));
  }

  private static long different(float[] a, float[] b) {
    long count =
        IntStream.range(0, Math.min(a.length, b.length))
            .filter(i -> Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i]))
            .count();
    return count + Math.abs(a.length - b.length);
  }

  private static long notFinite(List<LayerDifference> layers, Run run) {
    long count = layers.stream().mapToLong(l -> l.difference().notFinite()).sum();
    return count + notFinite(run.library, run.predicted);
  }

  /** The number of values of two arrays that are NaN or infinite. */
  static long notFinite(float[] a, float[] b) {
    return notFinite(a) + notFinite(b);
  }

  private static long notFinite(float[] values) {
    return IntStream.range(0, values.length).filter(i -> !Float.isFinite(values[i])).count();
  }

  private static void layers(List<Check> checks, List<LayerDifference> layers) {
    checks.add(alone("each layer by itself, DL4J", layers, LayerRounding::library));
    checks.add(alone("each layer by itself, from scratch", layers, LayerRounding::scratch));
    checks.add(alone("each layer by itself, as predict runs", layers, LayerRounding::fast));
    LayerDifference output = layers.get(layers.size() - 1);
    checks.add(
        Check.of(
            "every layer from the images on",
            all(layers, LayerRounding::together),
            output.rounding().nearness().nearer()));
  }

  private static Check alone(
      String name, List<LayerDifference> layers, Function<LayerRounding, BoundUse> part) {
    return Check.of(name, all(layers, part), "");
  }

  private static BoundUse all(
      List<LayerDifference> layers, Function<LayerRounding, BoundUse> part) {
    return layers.stream().map(l -> part.apply(l.rounding())).reduce(BoundUse.NONE, BoundUse::plus);
  }

  private static void impulses(List<Check> checks, List<ImpulseDifference> impulses) {
    if (impulses.stream().anyMatch(i -> i.impulses() > 0)) {
      checks.add(impulse("one input at a time, DL4J", impulses, ImpulseDifference::library));
      checks.add(
          impulse("one input at a time, from scratch", impulses, ImpulseDifference::scratch));
      checks.add(
          impulse("one input at a time, as predict runs", impulses, ImpulseDifference::fast));
    }
  }

  private static Check impulse(
      String name, List<ImpulseDifference> impulses, Function<ImpulseDifference, BoundUse> engine) {
    return Check.of(name, impulses.stream().map(engine).reduce(BoundUse.NONE, BoundUse::plus), "");
  }

  private static void outputs(List<Check> checks, CrossCheck.Findings found, Run run) {
    Bounded exact = found.output();
    int examined = exact.values().length;
    float[] a = Arrays.copyOf(run.library, examined);
    float[] b = Arrays.copyOf(run.predicted, examined);
    checks.add(
        Check.of(
            "outputs, as predict runs",
            BoundUse.of(a, b, exact),
            Nearness.of(a, b, exact.values()).nearer()));
    Difference paths = Difference.between(found.fastOutput(), run.predicted);
    String scratch = "predict against layer by layer, scratch";
    checks.add(
        paths.notFinite() > 0
            ? Check.notComparable(scratch)
            : Check.atMost(scratch, paths.maxAbs(), 0));
    // DL4J's rounding depends on the size of the batch.
    checks.add(judged("predict against layer by layer, DL4J", found.libraryOutput(), run, exact));
    if (run.expected != null) {
      float[] given = run.expected;
      checks.add(judged("expected outputs, DL4J", given, run, exact));
      checks.add(judged("expected outputs, from scratch", given, run.predicted, run, exact));
    }
  }

  /**
   * A further implementation against both engines. The bounds are not made for it: it may compute
   * activations by approximations of its own.
   */
  private static void other(List<Check> checks, Run run) {
    double limit = USUAL * Math.max(1, largest(run.library));
    float[] other = run.other.values();
    for (float[] own : List.of(run.library, run.predicted)) {
      String name = own == run.library ? ", DL4J" : ", from scratch";
      checks.add(
          Check.of(
              run.other.name() + name + NO_BOUND,
              BoundUse.of(other.length, i -> (double) other[i] - own[i], i -> limit),
              ""));
    }
  }

  private static double largest(float[] values) {
    double most = 0;
    for (float value : values) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  private static Check judged(String name, float[] other, Run run, Bounded exact) {
    return judged(name, other, run.library, run, exact);
  }

  /**
   * Checks that both arrays are within the bound of the exact output, if that bound is narrow
   * enough.
   *
   * @param exact the exact output of the first images; the other images are checked with the widest
   *     of these bounds
   */
  private static Check judged(String name, float[] a, float[] b, Run run, Bounded exact) {
    double widest = Arrays.stream(exact.errors()).map(e -> 2 * e).max().orElse(0);
    double size = Math.max(1, largest(run.library));
    boolean telling = widest <= TELLING * size;
    return Check.of(
        telling ? name : name + NO_BOUND,
        BoundUse.of(
            a.length,
            i -> (double) a[i] - b[i],
            i -> !telling ? USUAL * size : i < examined(exact) ? 2 * exact.errors()[i] : widest),
        "");
  }

  private static int examined(Bounded exact) {
    return exact.errors().length;
  }

  private static void classes(
      List<Check> checks,
      Function<int[], Bounded> exact,
      CrossCheck.Findings found,
      Run run,
      int classes) {
    if (classes < 2) {
      return;
    }
    if (notFinite(run.library, run.predicted) > 0) {
      // Outputs with NaN have no class, although argmax returns one.
      checks.add(Check.notComparable(CLASSES_DIFFER));
      return;
    }
    ClassifierBounds bounds = new ClassifierBounds(found.output(), classes);
    int[] differing =
        IntStream.range(0, run.n)
            .filter(i -> chosen(run.library, i, classes) != chosen(run.predicted, i, classes))
            .toArray();
    int[] beyond =
        Arrays.stream(differing)
            .filter(i -> i >= found.examined())
            .limit(found.examined())
            .toArray();
    long undecided = IntStream.range(0, bounds.images()).filter(bounds::isUndecided).count();
    long unexplained =
        IntStream.range(0, bounds.images()).filter(i -> !explained(bounds, i, i, run)).count();
    ClassifierBounds more = new ClassifierBounds(exact.apply(beyond), classes);
    long explained =
        IntStream.range(0, beyond.length).filter(k -> explained(more, k, beyond[k], run)).count();
    unexplained += Arrays.stream(differing).filter(i -> i >= found.examined()).count() - explained;
    checks.add(
        new Check(
            CLASSES_DIFFER, differing.length, undecided + explained, null, "", unexplained == 0));
    if (run.labels != null && found.examined() == run.n) {
      scores(checks, bounds, undecided, run, classes);
    }
  }

  private static int chosen(float[] outputs, int image, int classes) {
    return ClassMetrics.argmax(outputs, image * classes, classes);
  }

  private static boolean explained(ClassifierBounds bounds, int at, int image, Run run) {
    return bounds.allows(at, chosen(run.library, image, bounds.classes()))
        && bounds.allows(at, chosen(run.predicted, image, bounds.classes()));
  }

  private static void scores(
      List<Check> checks, ClassifierBounds bounds, long undecided, Run run, int classes) {
    if (Arrays.stream(run.labels).anyMatch(label -> label < 0 || label >= classes)) {
      return;
    }
    double a = ClassMetrics.crossEntropy(run.library, run.labels, classes);
    double b = ClassMetrics.crossEntropy(run.predicted, run.labels, classes);
    double exact = bounds.loss(run.labels);
    checks.add(
        Check.of(
            "loss, difference",
            BoundUse.of(Math.abs(a - b), 2 * bounds.lossBound(run.labels)),
            new Nearness(Math.abs(a - exact), Math.abs(b - exact)).nearer()));
    checks.add(
        Check.atMost(
            "accuracy, difference",
            Math.abs(
                ClassMetrics.accuracy(run.library, run.labels, classes)
                    - ClassMetrics.accuracy(run.predicted, run.labels, classes)),
            (double) undecided / run.n));
  }

  /** Whether every check passed. */
  public boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }
}
