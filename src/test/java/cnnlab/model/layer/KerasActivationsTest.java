package cnnlab.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Compares activations with their formulas, and gradients with central differences. */
class KerasActivationsTest {
  private static final double[] POINTS = {
    -100, -20, -8, -3.5, -2.2, -1, -0.3, -1e-3, 0, 1e-3, 0.3, 0.9, 1.3, 2.7, 5, 7, 20, 100
  };

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double softplus(double x) {
    return x > 30 ? x : Math.log1p(Math.exp(x));
  }

  private static double hardSigmoid(double x) {
    return Math.min(Math.max(x + 3, 0), 6) / 6;
  }

  private static Arguments of(IActivation activation, DoubleUnaryOperator formula) {
    return Arguments.of(activation, formula);
  }

  static List<Arguments> functions() {
    double c = Math.sqrt(2 / Math.PI);
    return List.of(
        of(new GeluTanh(), x -> x / 2 * (1 + Math.tanh(c * (x + 0.044715 * Math.pow(x, 3))))),
        of(new Silu(), x -> x * logistic(x)),
        of(new Softplus(), KerasActivationsTest::softplus),
        of(new LogSigmoid(), x -> -softplus(-x)),
        of(new Mish(), x -> x * Math.tanh(softplus(x))),
        of(new HardSigmoid(), KerasActivationsTest::hardSigmoid),
        of(new HardSilu(), x -> x * hardSigmoid(x)),
        of(new ExponentialLinear(0.7), x -> x > 0 ? x : 0.7 * Math.expm1(x)),
        of(new RectifiedLinear(null, 0, 0), x -> Math.max(x, 0)),
        of(new RectifiedLinear(6.0, 0, 0), x -> Math.min(Math.max(x, 0), 6)),
        of(new RectifiedLinear(2.5, 0.1, 0.5), x -> x > 0.5 ? Math.min(x, 2.5) : 0.1 * (x - 0.5)),
        of(new RectifiedLinear(null, 0.2, 1), x -> x > 1 ? x : 0.2 * (x - 1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void valuesAreThoseOfTheFormula(IActivation activation, DoubleUnaryOperator formula) {
    INDArray y = activation.getActivation(Nd4j.create(POINTS).castTo(DataType.FLOAT), false);
    assertThat(y.dataType()).isEqualTo(DataType.FLOAT);
    for (int i = 0; i < POINTS.length; i++) {
      double expected = formula.applyAsDouble((float) POINTS[i]);
      assertThat(y.getDouble(i))
          .as("%s at %s", activation, POINTS[i])
          .isCloseTo(expected, within(1e-7 * Math.max(Math.abs(expected), 1e-3)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void derivativesAreThoseOfTheFormula(IActivation activation, DoubleUnaryOperator formula) {
    for (double x : POINTS) {
      double at = x + 0.017;
      double h = 1e-6;
      double slope = (formula.applyAsDouble(at + h) - formula.applyAsDouble(at - h)) / (2 * h);
      assertThat(derivative(activation, at))
          .as("%s at %s", activation, at)
          .isCloseTo(slope, within(1e-7));
    }
  }

  private static double derivative(IActivation activation, double x) {
    INDArray epsilon = Nd4j.create(new double[] {3});
    INDArray dx = activation.backprop(Nd4j.create(new double[] {x}), epsilon).getFirst();
    return dx.getDouble(0) / 3;
  }

  @Test
  void exactGeluByTheNormalDistribution() {
    // Φ(1) = 0.841344746068543, Φ(−2) = 0.022750131948179, Φ(−6) = 9.86587645037698e-10.
    INDArray y =
        new GeluExact().getActivation(Nd4j.createFromArray(1f, -2f, -6f, 0f, 100f, -100f), false);
    assertThat(y.getDouble(0)).isCloseTo(0.841344746, within(1e-7));
    assertThat(y.getDouble(1)).isCloseTo(-0.0455002639, within(1e-8));
    assertThat(y.getDouble(2)).isCloseTo(-5.91952587e-9, within(1e-15));
    assertThat(y.getDouble(3)).isZero();
    assertThat(y.getDouble(4)).isEqualTo(100);
    assertThat(y.getDouble(5)).isZero();
    // Φ(1) + φ(1) with φ(1) = 0.241970724519143.
    assertThat(derivative(new GeluExact(), 1)).isCloseTo(1.083315470587686, within(1e-12));
  }

  @Test
  void computesExponentialsOfSmallAndLargeValues() {
    INDArray y = new Exponential().getActivation(Nd4j.createFromArray(-50f, 0f, 2f), false);
    assertThat(y.getDouble(0)).isCloseTo(1.92874985e-22, within(1e-28));
    assertThat(y.getDouble(1)).isEqualTo(1);
    assertThat(y.getDouble(2)).isCloseTo(7.389056099, within(1e-6));
    assertThat(derivative(new Exponential(), 2)).isCloseTo(Math.exp(2), within(1e-12));
  }

  @Test
  void computesReluAtItsKinks() {
    INDArray y =
        new RectifiedLinear(3.0, 0.5, 1).getActivation(Nd4j.createFromArray(1f, 3f, 3.5f), false);
    assertThat(y.toDoubleVector()).containsExactly(0, 3, 3);
    assertThat(derivative(new RectifiedLinear(3.0, 0.5, 1), 1)).isEqualTo(0.5);
    assertThatThrownBy(() -> new RectifiedLinear(-1.0, 0, 0)).hasMessageContaining("maximum -1.0");
  }

  static List<IActivation> overChannels() {
    return List.of(new ChannelSoftmax(), new LogSoftmax());
  }

  @ParameterizedTest
  @MethodSource("overChannels")
  void softmaxOverChannels(IActivation activation) {
    for (long[] shape : new long[][] {{3, 5}, {3, 4, 6, 5}}) {
      INDArray x = normal(shape, 1).muli(20);
      INDArray y = activation.getActivation(x.dup(), true);
      INDArray p = activation instanceof LogSoftmax ? exp(y) : y;
      for (double sum : p.sum(1).ravel().toDoubleVector()) {
        assertThat(sum).isCloseTo(1, within(1e-12));
      }
      // Two channels of one pixel.
      INDArray a = x.slice(0).slice(0).ravel();
      INDArray b = x.slice(0).slice(1).ravel();
      INDArray u = p.slice(0).slice(0).ravel();
      INDArray v = p.slice(0).slice(1).ravel();
      assertThat(Math.log(u.getDouble(0) / v.getDouble(0)))
          .isCloseTo(a.getDouble(0) - b.getDouble(0), within(1e-9));
    }
  }

  private static INDArray exp(INDArray x) {
    return Transforms.exp(x, true);
  }

  @ParameterizedTest
  @MethodSource("overChannels")
  void gradientsOverChannels(IActivation activation) {
    for (long[] shape : new long[][] {{3, 5}, {2, 4, 3, 2}}) {
      INDArray x = normal(shape, 1);
      INDArray weights = normal(shape, 2);
      INDArray dx = activation.backprop(x.dup(), weights.dup()).getFirst();
      for (long i = 0; i < x.length(); i++) {
        double h = 1e-6;
        double above = moved(activation, x, i, h).mul(weights).sumNumber().doubleValue();
        double below = moved(activation, x, i, -h).mul(weights).sumNumber().doubleValue();
        assertThat(dx.getDouble(i)).isCloseTo((above - below) / (2 * h), within(1e-7));
      }
    }
  }

  private static INDArray moved(IActivation activation, INDArray x, long i, double by) {
    INDArray other = x.dup();
    other.putScalar(i, other.getDouble(i) + by);
    return activation.getActivation(other, true);
  }

  private static INDArray normal(long[] shape, long seed) {
    Random random = new Random(seed);
    INDArray x = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < x.length(); i++) {
      x.putScalar(i, random.nextGaussian());
    }
    return x;
  }
}
