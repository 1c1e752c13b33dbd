package cnnlab.scratch64.layer;

import cnnlab.scratch64.Network;
import cnnlab.scratch64.Workspace;
import cnnlab.scratch64.kernel.Scratchpad;
import cnnlab.scratch64.kernel.Window;
import cnnlab.scratch64.train.Objective;
import java.util.Arrays;

/**
 * The distance of a network's values from a point without a derivative: zero under a ReLU, or two
 * equal values under a maximum. Central differences across such a point are meaningless.
 */
public final class Kinks {
  private Kinks() {}

  /**
   * The least distance in one training pass.
   *
   * @param x images [n, C, H, W]
   * @param step of the dropout's masks
   * @param seed of the dropout's masks
   */
  public static double distance(Network network, double[] x, int n, long step, long seed) {
    Workspace workspace = new Workspace(network, n, true, false);
    Scratchpad pad = new Scratchpad();
    workspace.begin(n, step, seed);
    int microBatches = workspace.microBatchCount();
    for (int microBatch = 0; microBatch < microBatches; microBatch++) {
      workspace.load(x, 0, microBatch);
    }
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < network.nodes().size(); k++) {
      Layer layer = network.nodes().get(k).layer();
      if (layer instanceof Batchwise batchwise) {
        for (int microBatch = 0; microBatch < microBatches; microBatch++) {
          batchwise.partialForward(workspace.context(microBatch, k, pad), microBatch);
        }
        batchwise.reduceForward(workspace.whole(k), microBatches);
      }
      for (int microBatch = 0; microBatch < microBatches; microBatch++) {
        LayerContext context = workspace.context(microBatch, k, pad);
        layer.forward(context);
        least = Math.min(least, distance(layer, context));
      }
    }
    return least;
  }

  private static double distance(Layer layer, LayerContext context) {
    if (layer instanceof Conv2d c && c.relu()) {
      return linear(
          new Conv2d(c.inChannels(), c.outChannels(), c.window(), c.bias(), false), context);
    } else if (layer instanceof Dense d && d.relu()) {
      return linear(new Dense(d.in(), d.out(), d.bias(), false), context);
    } else if (layer instanceof DepthwiseConv2d d && d.relu()) {
      Layer linear = new DepthwiseConv2d(d.channels(), d.multiplier(), d.window(), d.bias(), false);
      return linear(linear, context);
    } else if (layer instanceof GroupConv2d g && g.relu()) {
      Layer linear =
          new GroupConv2d(g.inChannels(), g.outChannels(), g.side(), g.lifting(), g.bias(), false);
      return linear(linear, context);
    } else if (layer instanceof Activate a) {
      return nearest(context, kinks(a.activation()));
    } else if (layer instanceof PRelu) {
      return nearest(context, 0);
    } else if (layer instanceof GlobalMaxPool2d) {
      return globalPooling(context);
    } else if (layer instanceof ElementwiseMerge c && c.op() == ElementwiseMerge.Op.MAXIMUM) {
      return lead(context);
    }
    if (layer instanceof Softmax) {
      return aboveClip(context);
    }
    return layer instanceof MaxPool2d ? pooling(context) : Double.POSITIVE_INFINITY;
  }

  private static double[] kinks(Activation f) {
    return switch (f.kind()) {
      case RELU, LEAKY_RELU, ELU, SELU -> new double[] {0};
      case GENERAL_RELU -> new double[] {f.threshold(), f.max()};
      case HARD_SIGMOID -> new double[] {-0.5 / f.alpha(), 0.5 / f.alpha()};
      case HARD_TANH -> new double[] {-1, 1};
      case HARD_SILU -> new double[] {-3, 3};
      default -> new double[0];
    };
  }

  /** The distance of the input from the nearest of some values. */
  private static double nearest(LayerContext context, double... values) {
    double least = Double.POSITIVE_INFINITY;
    for (double value : values) {
      double[] shifted = context.input().clone();
      for (int i = 0; i < shifted.length; i++) {
        shifted[i] -= value;
      }
      int end = context.end(context.inShape());
      least = Math.min(least, nearestToZero(shifted, context.begin(context.inShape()), end));
    }
    return least;
  }

  /** How much the largest value of any channel is ahead of the second. */
  private static double globalPooling(LayerContext context) {
    Shape in = context.inShape();
    double least = Double.POSITIVE_INFINITY;
    for (int plane = context.groups.from() * in.channels();
        plane < context.groups.to() * in.channels();
        plane++) {
      double[] values =
          Arrays.copyOfRange(context.input(), plane * in.plane(), (plane + 1) * in.plane());
      Arrays.sort(values);
      least = Math.min(least, values[values.length - 1] - values[values.length - 2]);
    }
    return least;
  }

  /** How much the largest input is ahead of the second. */
  private static double lead(LayerContext context) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = context.begin(context.inShape()); i < context.end(context.inShape()); i++) {
      double[] values = new double[context.inputs.length];
      for (int k = 0; k < values.length; k++) {
        values[k] = context.inputs[k][i];
      }
      Arrays.sort(values);
      least = Math.min(least, values[values.length - 1] - values[values.length - 2]);
    }
    return least;
  }

  /** The distance from zero of what goes into a fused ReLU. */
  private static double linear(Layer withoutRelu, LayerContext context) {
    double[] output = context.output.clone();
    withoutRelu.forward(context);
    Shape shape = context.node.shape();
    double least = nearestToZero(context.output, context.begin(shape), context.end(shape));
    System.arraycopy(output, 0, context.output, 0, output.length);
    return least;
  }

  private static double nearestToZero(double[] values, int begin, int end) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = begin; i < end; i++) {
      // Exactly zero: a window of padding without a bias. It does not change.
      least = values[i] == 0 ? least : Math.min(least, Math.abs(values[i]));
    }
    return least;
  }

  /**
   * Whether the probabilities are far from {@link Objective#CLIP}: below it the loss is clipped
   * and, on purpose, its gradient is not.
   */
  private static double aboveClip(LayerContext context) {
    Shape shape = context.node.shape();
    double least = nearestToZero(context.output, context.begin(shape), context.end(shape));
    return least > 2 * Objective.CLIP ? Double.POSITIVE_INFINITY : 0;
  }

  /** How much the largest value under any window is ahead of the second. */
  private static double pooling(LayerContext context) {
    Window.Geometry g = context.geometry;
    int channels = context.inShape().channels();
    double least = Double.POSITIVE_INFINITY;
    for (int plane = context.groups.from() * channels;
        plane < context.groups.to() * channels;
        plane++) {
      for (int i = 0; i < g.outHeight(); i++) {
        for (int j = 0; j < g.outWidth(); j++) {
          least = Math.min(least, lead(g, context.input(), plane * g.height() * g.width(), i, j));
        }
      }
    }
    return least;
  }

  private static double lead(Window.Geometry g, double[] x, int plane, int i, int j) {
    double first = Double.NEGATIVE_INFINITY;
    double second = Double.NEGATIVE_INFINITY;
    for (int row = Math.max(g.row(i), 0);
        row < Math.min(g.row(i) + g.kernelHeight(), g.height());
        row++) {
      for (int column = Math.max(g.column(j), 0);
          column < Math.min(g.column(j) + g.kernelWidth(), g.width());
          column++) {
        double value = x[plane + row * g.width() + column];
        second = Math.max(second, Math.min(first, value));
        first = Math.max(first, value);
      }
    }
    // Zeros from a ReLU or a dropout do not change.
    return first == 0 && second == 0 ? Double.POSITIVE_INFINITY : first - second;
  }
}
