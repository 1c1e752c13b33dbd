package cnnlab.scratch;

import java.util.ArrayList;
import java.util.List;

/** Networks of the engine once more in double precision, by plain loops. */
final class DoubleCopy {
  private DoubleCopy() {}

  /** The same network with the same numbers. */
  static cnnlab.scratch64.Network of(Network network) {
    return of(network, widen(network.parameters()));
  }

  /** The same layers with other parameters. */
  static cnnlab.scratch64.Network of(Network network, double[] parameters) {
    cnnlab.scratch64.Network.Builder builder =
        cnnlab.scratch64.Network.builder(shape(network.inputShape()));
    for (Node node : network.nodes()) {
      builder.add(node.name(), layer(node.layer()), inputNames(network, node));
    }
    return builder.build(parameters, new cnnlab.scratch64.ReferenceKernels());
  }

  /** The names that a node's inputs have in a builder. */
  static String[] inputNames(Network network, Node node) {
    List<String> names = new ArrayList<>();
    for (int k : node.inputs()) {
      names.add(k < 0 ? Network.INPUT : network.nodes().get(k).name());
    }
    return names.toArray(String[]::new);
  }

  static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  static cnnlab.scratch64.Shape shape(Shape s) {
    return new cnnlab.scratch64.Shape(s.channels(), s.height(), s.width());
  }

  static cnnlab.scratch64.Layer layer(Layer layer) {
    if (layer instanceof Conv2d c) {
      return new cnnlab.scratch64.Conv2d(
          c.inChannels(), c.outChannels(), window(c.window()), c.bias(), c.relu());
    } else if (layer instanceof DepthwiseConv2d d) {
      return new cnnlab.scratch64.DepthwiseConv2d(
          d.channels(), d.multiplier(), window(d.window()), d.bias(), d.relu());
    } else if (layer instanceof Dense d) {
      return new cnnlab.scratch64.Dense(d.in(), d.out(), d.bias(), d.relu());
    } else if (layer instanceof MaxPool2d p) {
      return new cnnlab.scratch64.MaxPool2d(window(p.window()));
    } else if (layer instanceof AvgPool2d p) {
      return new cnnlab.scratch64.AvgPool2d(window(p.window()), p.countPadding());
    } else if (layer instanceof BatchNorm b) {
      return new cnnlab.scratch64.BatchNorm(
          b.channels(), b.eps(), b.decay(), b.gammaTrained(), b.betaTrained());
    } else if (layer instanceof ZeroPad2d z) {
      return new cnnlab.scratch64.ZeroPad2d(z.top(), z.left(), z.bottom(), z.right());
    } else if (layer instanceof Affine a) {
      return new cnnlab.scratch64.Affine(widen(a.scale()), widen(a.offset()));
    } else if (layer instanceof PRelu p) {
      return new cnnlab.scratch64.PRelu(shape(p.slopes()));
    } else if (layer instanceof Combine c) {
      return new cnnlab.scratch64.Combine(cnnlab.scratch64.Combine.Op.valueOf(c.op().name()));
    } else if (layer instanceof Activate a) {
      Activation f = a.activation();
      return new cnnlab.scratch64.Activate(
          new cnnlab.scratch64.Activation(
              cnnlab.scratch64.Activation.Kind.valueOf(f.kind().name()),
              f.alpha(),
              f.threshold(),
              f.max()));
    }
    return withoutNumbers(layer);
  }

  private static cnnlab.scratch64.Layer withoutNumbers(Layer layer) {
    if (layer instanceof GlobalAvgPool2d) {
      return new cnnlab.scratch64.GlobalAvgPool2d();
    } else if (layer instanceof GlobalMaxPool2d) {
      return new cnnlab.scratch64.GlobalMaxPool2d();
    } else if (layer instanceof Flatten) {
      return new cnnlab.scratch64.Flatten();
    } else if (layer instanceof FlattenChannelsLast) {
      return new cnnlab.scratch64.FlattenChannelsLast();
    } else if (layer instanceof Concatenate) {
      return new cnnlab.scratch64.Concatenate();
    } else if (layer instanceof Softmax) {
      return new cnnlab.scratch64.Softmax();
    } else if (layer instanceof Dropout d) {
      return new cnnlab.scratch64.Dropout(d.retain());
    }
    throw new IllegalArgumentException("no copy of " + layer);
  }

  static cnnlab.scratch64.Window window(Window w) {
    return new cnnlab.scratch64.Window(
        w.kernelHeight(),
        w.kernelWidth(),
        w.strideHeight(),
        w.strideWidth(),
        padding(w.padding()),
        w.dilationHeight(),
        w.dilationWidth());
  }

  private static cnnlab.scratch64.Padding padding(Padding padding) {
    if (padding instanceof Padding.Explicit p) {
      return new cnnlab.scratch64.Padding.Explicit(p.top(), p.left(), p.bottom(), p.right());
    }
    return padding instanceof Padding.Same
        ? cnnlab.scratch64.Padding.SAME
        : cnnlab.scratch64.Padding.VALID;
  }
}
