package cnnlab.crosscheck.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.crosscheck.LayerSamples;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Shape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bounds hold for every layer and agree with their formulas. */
class RoundingBoundsTest {
  private static final int IMAGES = 3;
  private static final int SEEDS = 10;

  static Stream<Network.Builder> networks() {
    return LayerSamples.networks().stream();
  }

  @Test
  void everyLayerHasASample() {
    Set<Class<?>> sampled =
        networks()
            .map(network -> network.nodes().get(network.nodes().size() - 1).layer().getClass())
            .collect(Collectors.toSet());
    assertThat(sampled).containsAll(leaves(Layer.class));
  }

  private static Set<Class<?>> leaves(Class<?> type) {
    Set<Class<?>> found = new HashSet<>();
    if (type.isSealed()) {
      for (Class<?> one : type.getPermittedSubclasses()) {
        found.addAll(leaves(one));
      }
    } else {
      found.add(type);
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void bothKernelsStayWithinTheBoundsOfEachLayerAloneAndTogether(Network.Builder builder) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      float[] x = LayerSamples.values(IMAGES * LayerSamples.INPUT.size(), -seed);
      for (Kernels kernels : List.of(new ReferenceKernels(), Kernels.best())) {
        Network network = LayerSamples.build(builder, kernels, seed);
        Map<String, float[]> own = network.activations(x, IMAGES);
        BoundedRun bounds = new BoundedRun(DoubleNetwork.of(network));
        for (Map<String, float[]> inputs : List.of(Map.<String, float[]>of(), own)) {
          bounds.run(
              x,
              IMAGES,
              inputs,
              (node, exact) -> {
                BoundUse use = BoundUse.of(own.get(node.name()), exact);
                assertThat(use.passed())
                    .as("%s by %s: %s", node.layer(), kernels.name(), use)
                    .isTrue();
              });
        }
      }
    }
  }

  /** Without any rounding: the part of the bound that comes from the inputs' errors. */
  @ParameterizedTest
  @MethodSource("networks")
  void whatInputsMayBeOffByIsCovered(Network.Builder builder) {
    Network network = LayerSamples.build(builder, new ReferenceKernels(), 1);
    var exact = DoubleNetwork.of(network);
    var node = exact.nodes().get(exact.nodes().size() - 1);
    RoundingBounds bounds = RoundingBounds.of(exact, node);
    Random random = new Random(1);
    for (double size : new double[] {1e-6, 1e-3, 0.3}) {
      List<Bounded> inputs =
          node.inputs().stream()
              .map(k -> input(exact.nodes().get(k).shape().size(), size, random))
              .toList();
      Bounded out = bounds.apply(copies(inputs), IMAGES);
      for (int trial = 0; trial < 5; trial++) {
        List<Bounded> moved = inputs.stream().map(b -> moved(b, random)).toList();
        double[] there = bounds.apply(moved, IMAGES).values();
        BoundUse use =
            BoundUse.of(there.length, i -> there[i] - out.values()[i], i -> out.errors()[i]);
        assertThat(use.passed()).as("%s, errors up to %s: %s", node.layer(), size, use).isTrue();
      }
    }
  }

  private static Bounded input(int length, double size, Random random) {
    double[] values = new double[IMAGES * length];
    double[] errors = new double[IMAGES * length];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
      errors[i] = size * random.nextDouble();
    }
    return new Bounded(values, errors);
  }

  private static List<Bounded> copies(List<Bounded> all) {
    return all.stream().map(b -> new Bounded(b.values().clone(), b.errors().clone())).toList();
  }

  /** At the ends of the allowed interval, or in between. */
  private static Bounded moved(Bounded b, Random random) {
    double[] values = b.values().clone();
    for (int i = 0; i < values.length; i++) {
      double share = random.nextBoolean() ? 1 : random.nextDouble();
      values[i] += (random.nextBoolean() ? share : -share) * b.errors()[i];
    }
    return new Bounded(values, new double[values.length]);
  }

  @Test
  void computesHighamsGamma() {
    assertThat(RoundingBounds.gamma(1)).isCloseTo(0x1p-24, within(1e-14));
    assertThat(RoundingBounds.gamma(1 << 23)).isEqualTo(1);
    assertThat(RoundingBounds.gamma(1 << 24)).isInfinite();
  }

  /** Σ|w||x| = 1·2 + 3·0.5 = 3.5, two products and a bias of 4: γ₃ · 7.5. */
  @Test
  void computesTheBoundOfADenseLayerByTheFormula() {
    Network network =
        Network.builder(Shape.vector(3))
            .add("dense", new Dense(3, 1, true, false))
            .build(new float[] {1, -3, 5, -4}, new ReferenceKernels());
    Map<String, Bounded> found = new HashMap<>();
    new BoundedRun(DoubleNetwork.of(network))
        .run(new float[] {2, 0.5f, 0}, 1, Map.of(), (node, b) -> found.put(node.name(), b));
    assertThat(found.get("dense").values()).containsExactly(-3.5);
    assertThat(found.get("dense").errors()[0])
        .isCloseTo(RoundingBounds.gamma(3) * 7.5, within(1e-11));
  }

  @Test
  void failsForValuesThatAreNotFinite() {
    Bounded exact = new Bounded(new double[3], new double[] {1, Double.POSITIVE_INFINITY, 1});
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      BoundUse use = BoundUse.of(new float[] {bad, 0, 0}, exact);
      assertThat(use.notFinite()).isEqualTo(2);
      assertThat(use.passed()).isFalse();
      assertThat(BoundUse.of(new float[] {bad}, new float[] {bad}, exact(1)).passed()).isFalse();
    }
    assertThat(BoundUse.of(1e-9, 0).passed()).isFalse();
    assertThat(BoundUse.of(0, 0).passed()).isTrue();
  }

  /** A logit with an arbitrary error, next to one whose probability underflows to zero. */
  @Test
  void keepsHugeBoundsFinite() {
    var network =
        cnnlab.scratch64.Network.builder(new cnnlab.scratch64.layer.Shape(3, 1, 1))
            .add("softmax", new cnnlab.scratch64.layer.Softmax())
            .build(new double[0], new cnnlab.scratch64.kernel.ReferenceKernels());
    for (double e : new double[] {400, 1e200, Double.POSITIVE_INFINITY}) {
      Bounded logits = new Bounded(new double[] {0, -900, -1e4}, new double[] {e, 0, e});
      Bounded p = RoundingBounds.of(network, network.nodes().get(0)).apply(List.of(logits), 1);
      for (double bound : p.errors()) {
        assertThat(bound).isBetween(1.0, 1.001);
      }
    }
    var dense = new cnnlab.scratch64.layer.Dense(2, 1, false, false);
    var wide =
        cnnlab.scratch64.Network.builder(new cnnlab.scratch64.layer.Shape(2, 1, 1))
            .add("dense", dense)
            .build(new double[] {0, 1e30}, new cnnlab.scratch64.kernel.ReferenceKernels());
    for (double e : new double[] {1e38, 1e300, Double.POSITIVE_INFINITY, Double.NaN}) {
      Bounded in = new Bounded(new double[] {1, 1}, new double[] {e, e});
      Bounded out = RoundingBounds.of(wide, wide.nodes().get(0)).apply(List.of(in), 1);
      assertThat(out.errors()[0]).isBetween(3e38, 4e38);
    }
    Bounded nan = new Bounded(new double[] {1, Double.NaN}, new double[2]);
    Bounded out = RoundingBounds.of(wide, wide.nodes().get(0)).apply(List.of(nan), 1);
    assertThat(BoundUse.of(new float[] {1}, out).passed()).isFalse();
  }

  private static Bounded exact(int n) {
    return new Bounded(new double[n], new double[n]);
  }

  @Test
  void theCopyInDoublePrecisionHasTheSameLayersAndWeights() {
    Network network =
        LayerSamples.build(
            Network.builder(LayerSamples.INPUT)
                .add("conv", new Conv2d(2, 3, Window.square(3, 1, Padding.SAME), true, true)),
            new ReferenceKernels(),
            7);
    var copy = DoubleNetwork.of(network);
    assertThat(copy.nodes().get(0).layer()).hasToString(network.nodes().get(0).layer().toString());
    for (int i = 0; i < copy.parameters().length; i++) {
      assertThat(copy.parameters()[i]).isEqualTo((double) network.parameters()[i]);
    }
  }
}
