package cnnlab.scratch64;

import cnnlab.scratch64.kernel.Kernels;
import cnnlab.scratch64.layer.Kinks;
import cnnlab.scratch64.layer.Layer;
import cnnlab.scratch64.layer.Node;
import cnnlab.scratch64.train.Backpropagation;
import cnnlab.scratch64.train.Objective;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * Compares the gradients of {@link Backpropagation} with central differences (L(θ + h) − L(θ − h))
 * / 2h of its loss, for every parameter and every input value, in double precision.
 */
public final class GradientCheck {
  /** h: the differences are then off by about h² = 1e-10 and by rounding, 1e-16 / h = 1e-11. */
  static final double STEP = 1e-5;

  /**
   * Gradients below this fraction of the network's largest one are compared as if they had that
   * size.
   */
  private static final double FLOOR = 1e-3;

  /** The least distance of all values from kinks: a step of one parameter moves them by less. */
  private static final double MARGIN = 5e-4;

  private static final int ATTEMPTS = 500;
  private static final long DROPOUT_STEP = 3;
  private static final long DROPOUT_SEED = 5;

  private GradientCheck() {}

  /**
   * The largest relative error.
   *
   * @param error |a − b| / max(|a|, |b|, 1e-3 of the network's largest gradient)
   * @param where which value
   */
  public record Result(double error, String where) {}

  /**
   * Checks a network with random parameters, images and targets, drawn again until nothing is near
   * a kink.
   *
   * @param layers end in a softmax over a vector
   * @param kernels what the gradients are computed with
   * @param n how many images
   * @param smoothing of the labels
   */
  public static Result check(Network.Builder layers, Kernels kernels, int n, double smoothing) {
    return check(layers, Objective.CATEGORICAL_CROSS_ENTROPY, kernels, n, smoothing);
  }

  /** The same for another loss; the network must end in its last layer. */
  public static Result check(
      Network.Builder layers, Objective objective, Kernels kernels, int n, double smoothing) {
    for (long seed = 0; seed < ATTEMPTS; seed++) {
      Random random = new Random(seed);
      Network network = layers.build(parameters(layers, random), kernels);
      double[] x = random.doubles(n * network.inputShape().size(), -2, 2).toArray();
      if (Kinks.distance(network, x, n, DROPOUT_STEP, DROPOUT_SEED) > MARGIN) {
        double[] y = targets(n, network.outputShape().size(), random);
        for (int i = 0; i < y.length; i++) {
          y[i] = (1 - smoothing) * y[i] + smoothing * n / y.length;
        }
        return check(network, objective, x, y, n);
      }
    }
    throw new IllegalStateException("no random numbers off the kinks: take a smaller network");
  }

  private static Result check(Network network, Objective objective, double[] x, double[] y, int n) {
    try (ThreadTeam team = new ThreadTeam(1)) {
      Backpropagation backpropagation = new Backpropagation(network, objective, n, team, true);
      DoubleSupplier loss = () -> backpropagation.run(x, y, n, DROPOUT_STEP, DROPOUT_SEED);
      loss.getAsDouble();
      double[] gradients = backpropagation.gradients().clone();
      double[] inputGradients = backpropagation.inputGradient(n);
      double floor = FLOOR * Math.max(largest(gradients), largest(inputGradients));
      Result parameters = compare("parameter", network.parameters(), gradients, floor, loss);
      Result inputs = compare("input", x, inputGradients, floor, loss);
      return parameters.error > inputs.error ? parameters : inputs;
    }
  }

  /**
   * Moves each value and compares the loss.
   *
   * @param values what the loss depends on
   * @param gradients of the loss, to be checked
   * @param floor the smallest divisor of the relative error
   */
  public static Result compare(
      String what, double[] values, double[] gradients, double floor, DoubleSupplier loss) {
    Result worst = new Result(0, "none");
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + STEP;
      double above = loss.getAsDouble();
      values[i] = value - STEP;
      double below = loss.getAsDouble();
      values[i] = value;
      double difference = (above - below) / (2 * STEP);
      double scale = Math.max(floor, Math.max(Math.abs(difference), Math.abs(gradients[i])));
      double error = Math.abs(difference - gradients[i]) / scale;
      if (!(error <= worst.error)) {
        worst =
            new Result(
                Double.isNaN(error) ? Double.POSITIVE_INFINITY : error,
                "%s %d: gradient %s, difference %s".formatted(what, i, gradients[i], difference));
      }
    }
    return worst;
  }

  public static double largest(double[] values) {
    double largest = 0;
    for (double v : values) {
      largest = Math.max(largest, Math.abs(v));
    }
    return largest;
  }

  /** Random parameters of a size that keeps activations near one, none of them near zero. */
  public static double[] parameters(Network.Builder layers, Random random) {
    double[] values = new double[layers.parameterCount()];
    for (Node node : layers.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        int outputs = p.shape().get(p.shape().size() == 4 ? 0 : p.shape().size() - 1);
        double scale = Math.sqrt((double) outputs / p.size());
        for (int i = 0; i < p.size(); i++, at++) {
          double v = random.nextGaussian();
          double offZero = Math.copySign(0.05 + Math.abs(v), v);
          values[at] = p.name().equals("gamma") ? 1 + 0.3 * v : scale * offZero;
        }
      }
    }
    return values;
  }

  /** Random distributions over the classes [n, classes]. */
  public static double[] targets(int n, int classes, Random random) {
    double[] y = new double[n * classes];
    for (int i = 0; i < n; i++) {
      double share = random.nextDouble();
      y[i * classes + random.nextInt(classes)] += share;
      y[i * classes + random.nextInt(classes)] += 1 - share;
    }
    return y;
  }
}
