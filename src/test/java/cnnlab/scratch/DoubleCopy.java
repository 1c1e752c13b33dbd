package cnnlab.scratch;

import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.BilinearResize2d;
import cnnlab.scratch.layer.Broadcast;
import cnnlab.scratch.layer.ChannelSlice;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Crop2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.GroupNorm;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MatrixProduct;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.PRelu;
import cnnlab.scratch.layer.Permute;
import cnnlab.scratch.layer.Rearrangement;
import cnnlab.scratch.layer.Regroup;
import cnnlab.scratch.layer.Resample2d;
import cnnlab.scratch.layer.Reshape;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.TransposedConv2d;
import cnnlab.scratch.layer.Upsample2d;
import cnnlab.scratch.layer.ZeroPad2d;
import java.util.ArrayList;
import java.util.List;

/** Copies of the engine's networks in double precision, on plain loops. */
public final class DoubleCopy {
  private DoubleCopy() {}

  /** The same network with the same numbers. */
  public static cnnlab.scratch64.Network of(Network network) {
    return of(network, widen(network.parameters()));
  }

  /** The same layers with other parameters. */
  public static cnnlab.scratch64.Network of(Network network, double[] parameters) {
    cnnlab.scratch64.Network.Builder builder =
        cnnlab.scratch64.Network.builder(shape(network.inputShape()));
    for (Node node : network.nodes()) {
      builder.add(node.name(), layer(node.layer()), inputNames(network, node));
    }
    return builder.build(parameters, new cnnlab.scratch64.kernel.ReferenceKernels());
  }

  /** The names that a node's inputs have in a builder. */
  public static String[] inputNames(Network network, Node node) {
    List<String> names = new ArrayList<>();
    for (int k : node.inputs()) {
      names.add(k < 0 ? Network.INPUT : network.nodes().get(k).name());
    }
    return names.toArray(String[]::new);
  }

  public static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  public static cnnlab.scratch64.layer.Shape shape(Shape s) {
    return new cnnlab.scratch64.layer.Shape(s.channels(), s.height(), s.width());
  }

  public static cnnlab.scratch64.layer.Layer layer(Layer layer) {
    if (layer instanceof Conv2d c) {
      return new cnnlab.scratch64.layer.Conv2d(
          c.inChannels(), c.outChannels(), window(c.window()), c.bias(), c.relu());
    } else if (layer instanceof DepthwiseConv2d d) {
      return new cnnlab.scratch64.layer.DepthwiseConv2d(
          d.channels(), d.multiplier(), window(d.window()), d.bias(), d.relu());
    } else if (layer instanceof TransposedConv2d t) {
      return new cnnlab.scratch64.layer.TransposedConv2d(
          t.inChannels(), t.outChannels(), window(t.window()), t.bias());
    } else if (layer instanceof GroupConv2d g) {
      return new cnnlab.scratch64.layer.GroupConv2d(
          g.inChannels(), g.outChannels(), g.side(), g.lifting(), g.bias(), g.relu());
    } else if (layer instanceof Dense d) {
      return new cnnlab.scratch64.layer.Dense(d.in(), d.out(), d.bias(), d.relu());
    } else if (layer instanceof MaxPool2d p) {
      return new cnnlab.scratch64.layer.MaxPool2d(window(p.window()));
    } else if (layer instanceof AvgPool2d p) {
      return new cnnlab.scratch64.layer.AvgPool2d(window(p.window()), p.countPadding());
    } else if (layer instanceof BatchNorm b) {
      return new cnnlab.scratch64.layer.BatchNorm(
          b.channels(), b.eps(), b.decay(), b.gammaTrained(), b.betaTrained());
    } else if (layer instanceof GroupNorm g) {
      return new cnnlab.scratch64.layer.GroupNorm(
          g.channels(), g.groups(), g.everyPosition(), g.eps(), g.gammaTrained(), g.betaTrained());
    } else if (layer instanceof ZeroPad2d z) {
      return new cnnlab.scratch64.layer.ZeroPad2d(z.top(), z.left(), z.bottom(), z.right());
    } else if (layer instanceof BilinearResize2d r) {
      return new cnnlab.scratch64.layer.BilinearResize2d(r.height(), r.width());
    } else if (layer instanceof Resample2d r) {
      return new cnnlab.scratch64.layer.Resample2d(taps(r.rows()), taps(r.columns()));
    } else if (layer instanceof ScaleShift a) {
      return new cnnlab.scratch64.layer.ScaleShift(widen(a.scale()), widen(a.offset()));
    } else if (layer instanceof PRelu p) {
      return new cnnlab.scratch64.layer.PRelu(shape(p.slopes()));
    } else if (layer instanceof ElementwiseMerge c) {
      return new cnnlab.scratch64.layer.ElementwiseMerge(
          cnnlab.scratch64.layer.ElementwiseMerge.Op.valueOf(c.op().name()));
    } else if (layer instanceof Activate a) {
      Activation f = a.activation();
      return new cnnlab.scratch64.layer.Activate(
          new cnnlab.scratch64.layer.Activation(
              cnnlab.scratch64.layer.Activation.Kind.valueOf(f.kind().name()),
              f.alpha(),
              f.threshold(),
              f.max()));
    }
    return withoutNumbers(layer);
  }

  private static List<cnnlab.scratch64.layer.Resample2d.Taps> taps(List<Resample2d.Taps> axis) {
    return axis.stream()
        .map(t -> new cnnlab.scratch64.layer.Resample2d.Taps(t.at(), t.factors()))
        .toList();
  }

  private static cnnlab.scratch64.layer.Layer rearrangement(Rearrangement layer) {
    if (layer instanceof Upsample2d u) {
      return new cnnlab.scratch64.layer.Upsample2d(u.rows(), u.columns());
    } else if (layer instanceof Reshape r) {
      return new cnnlab.scratch64.layer.Reshape(shape(r.shape()));
    } else if (layer instanceof Regroup r) {
      return new cnnlab.scratch64.layer.Regroup(r.sizes(), r.order(), shape(r.shape()));
    } else if (layer instanceof Broadcast b) {
      return new cnnlab.scratch64.layer.Broadcast(shape(b.shape()));
    } else if (layer instanceof Crop2d c) {
      return new cnnlab.scratch64.layer.Crop2d(c.top(), c.left(), c.bottom(), c.right());
    } else if (layer instanceof Permute p) {
      return new cnnlab.scratch64.layer.Permute(p.channels(), p.height(), p.width());
    } else if (layer instanceof ChannelSlice s) {
      return new cnnlab.scratch64.layer.ChannelSlice(s.from(), s.to());
    }
    throw new IllegalArgumentException("no copy of " + layer);
  }

  private static cnnlab.scratch64.layer.Layer withoutNumbers(Layer layer) {
    if (layer instanceof Rearrangement moved) {
      return rearrangement(moved);
    }
    if (layer instanceof GlobalAvgPool2d) {
      return new cnnlab.scratch64.layer.GlobalAvgPool2d();
    } else if (layer instanceof GlobalMaxPool2d) {
      return new cnnlab.scratch64.layer.GlobalMaxPool2d();
    } else if (layer instanceof Flatten) {
      return new cnnlab.scratch64.layer.Flatten();
    } else if (layer instanceof FlattenChannelsLast) {
      return new cnnlab.scratch64.layer.FlattenChannelsLast();
    } else if (layer instanceof Concatenate) {
      return new cnnlab.scratch64.layer.Concatenate();
    } else if (layer instanceof MatrixProduct) {
      return new cnnlab.scratch64.layer.MatrixProduct();
    } else if (layer instanceof Softmax) {
      return new cnnlab.scratch64.layer.Softmax();
    } else if (layer instanceof Dropout d) {
      return new cnnlab.scratch64.layer.Dropout(d.keepProbability());
    }
    throw new IllegalArgumentException("no copy of " + layer);
  }

  static cnnlab.scratch64.kernel.Window window(Window w) {
    return new cnnlab.scratch64.kernel.Window(
        w.kernelHeight(),
        w.kernelWidth(),
        w.strideHeight(),
        w.strideWidth(),
        padding(w.padding()),
        w.dilationHeight(),
        w.dilationWidth());
  }

  private static cnnlab.scratch64.kernel.Padding padding(Padding padding) {
    if (padding instanceof Padding.Explicit p) {
      return new cnnlab.scratch64.kernel.Padding.Explicit(p.top(), p.left(), p.bottom(), p.right());
    }
    return padding instanceof Padding.Same
        ? cnnlab.scratch64.kernel.Padding.SAME
        : cnnlab.scratch64.kernel.Padding.VALID;
  }
}
