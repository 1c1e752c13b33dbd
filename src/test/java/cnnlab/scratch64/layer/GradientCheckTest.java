package cnnlab.scratch64.layer;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.scratch64.GradientCheck;
import cnnlab.scratch64.Network;
import cnnlab.scratch64.kernel.Kernels;
import cnnlab.scratch64.kernel.Padding;
import cnnlab.scratch64.kernel.ReferenceKernels;
import cnnlab.scratch64.kernel.Window;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every gradient of the engine against central differences. The engine is the one of {@code
 * cnnlab.scratch}: the build makes {@code cnnlab.scratch64} from its sources, with every float a
 * double.
 */
class GradientCheckTest {
  private static final double TOLERANCE = 1e-6;
  private static final Kernels KERNELS = new ReferenceKernels();

  static List<GradientCases.Case> cases() {
    return GradientCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreThoseOfTheLoss(GradientCases.Case c) {
    GradientCheck.Result worst = GradientCheck.check(c.layers(), KERNELS, c.n(), c.smoothing());
    assertThat(worst.error()).as(worst.where()).isLessThanOrEqualTo(TOLERANCE);
  }

  @Test
  void noLayerAndNoActivationIsForgotten() {
    List<Layer> layers =
        cases().stream().flatMap(c -> c.layers().nodes().stream()).map(Node::layer).toList();
    assertThat(layers.stream().map(Layer::getClass).distinct().toArray())
        .containsExactlyInAnyOrder(kinds(Layer.class).toArray());
    Set<Activation.Kind> kinds =
        layers.stream()
            .filter(Activate.class::isInstance)
            .map(layer -> ((Activate) layer).activation().kind())
            .collect(Collectors.toSet());
    assertThat(kinds).containsExactlyInAnyOrder(Activation.Kind.values());
  }

  /** The classes of a sealed interface, those of the sealed interfaces in it included. */
  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(GradientCheckTest::kinds)
        : Stream.of(type);
  }

  /** The check finds a gradient that is not computed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "conv2dInputGradient",
        "conv2dWeightGradient",
        "denseInputGradient",
        "denseWeightGradient",
        "addChannelSums",
        "maxPool2dGradient",
        "reluGradient"
      })
  void aGradientThatIsMissingIsFound(String loop) {
    Kernels broken =
        kernels(
            (proxy, method, arguments) ->
                method.getName().equals(loop) ? null : method.invoke(KERNELS, arguments));
    assertThat(GradientCheck.check(network(), broken, 2, 0).error()).isGreaterThan(0.1);
  }

  @Test
  void aGradientThatIsOffByAHundredThousandthIsFound() {
    Kernels broken =
        kernels(
            (proxy, method, arguments) -> {
              Object result = method.invoke(KERNELS, arguments);
              if (method.getName().equals("conv2dInputGradient")) {
                double[] dx = (double[]) arguments[3];
                for (int i = 0; i < dx.length; i++) {
                  dx[i] *= 1 + 1e-5;
                }
              }
              return result;
            });
    assertThat(GradientCheck.check(network(), broken, 2, 0).error()).isGreaterThan(5 * TOLERANCE);
  }

  private static Kernels kernels(InvocationHandler handler) {
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, handler);
  }

  private static Network.Builder network() {
    Conv2d conv = new Conv2d(1, 2, Window.square(3, 1, Padding.SAME), true, true);
    return Network.builder(new Shape(1, 4, 4))
        .add("conv", conv)
        .add("pool", new MaxPool2d(Window.square(2, 2, Padding.VALID)))
        .add("flatten", new Flatten())
        .add("dense", new Dense(8, 5, true, true))
        .add("logits", new Dense(5, 3, true, false))
        .add("softmax", new Softmax());
  }
}
