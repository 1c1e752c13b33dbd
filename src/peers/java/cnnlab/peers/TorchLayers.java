package cnnlab.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.LogSoftmax;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.ZeroPad2d;
import java.util.List;

/** The layers as operations of PyTorch. Arrays are [N, C, H, W] or [N, F] as ours. */
final class TorchLayers {

  private TorchLayers() {}

  /**
   * Computes one layer.
   *
   * @param node the layer in its place
   * @param x its inputs
   * @param in the shape of its first input
   * @param p its parameters; weights of dense layers as [out, in]
   * @param training whether batches are normalised by themselves and values dropped
   * @throws UnsupportedOperationException when the layer has no translation; the message names it
   */
  static NDArray run(
      Node node,
      List<NDArray> x,
      cnnlab.scratch.layer.Shape in,
      List<NDArray> p,
      boolean training) {
    Layer layer = node.layer();
    NDArray first = x.get(0);
    if (layer instanceof cnnlab.scratch.layer.Conv2d c) {
      return relu(convolution(first, c.window(), in, p, c.bias(), 1), c.relu());
    } else if (layer instanceof DepthwiseConv2d c) {
      return relu(convolution(first, c.window(), in, p, c.bias(), c.channels()), c.relu());
    } else if (layer instanceof Dense d) {
      NDArray bias = d.bias() ? p.get(1) : null;
      return relu(Linear.linear(first, p.get(0), bias).singletonOrThrow(), d.relu());
    } else if (layer instanceof cnnlab.scratch.layer.BatchNorm b) {
      return BatchNorm.batchNorm(
              first,
              p.get(2),
              p.get(3),
              p.get(0),
              p.get(1),
              1,
              (float) b.decay(),
              (float) b.eps(),
              training)
          .singletonOrThrow();
    } else if (layer instanceof MaxPool2d pool) {
      Placed placed = Placed.of(pool.window(), in, first, Float.NEGATIVE_INFINITY);
      return Pool.maxPool2d(
          placed.x, kernel(pool.window()), stride(pool.window()), placed.pad, false);
    } else if (layer instanceof AvgPool2d pool) {
      return averages(node, pool, first, in);
    } else if (layer instanceof Activate a) {
      return activation(node, a.activation(), first);
    } else if (layer instanceof cnnlab.scratch.layer.Dropout d) {
      float rate = (float) (1 - d.keepProbability());
      return training ? Dropout.dropout(first, rate, true).singletonOrThrow() : first;
    } else if (layer instanceof ZeroPad2d z) {
      return first.pad(new Shape(z.left(), z.right(), z.top(), z.bottom()), 0);
    } else if (layer instanceof ElementwiseMerge m) {
      return merge(node, m, x);
    } else if (layer instanceof Concatenate) {
      return NDArrays.concat(new NDList(x), 1);
    }
    return shapes(node, layer, first);
  }

  private static NDArray shapes(Node node, Layer layer, NDArray x) {
    long n = x.getShape().get(0);
    if (layer instanceof Flatten) {
      return x.reshape(n, -1);
    } else if (layer instanceof FlattenChannelsLast) {
      return x.getShape().dimension() == 2 ? x : x.transpose(0, 2, 3, 1).reshape(n, -1);
    } else if (layer instanceof GlobalAvgPool2d) {
      return x.getShape().dimension() == 2 ? x : Pool.globalAvgPool2d(x);
    } else if (layer instanceof GlobalMaxPool2d) {
      return x.getShape().dimension() == 2 ? x : Pool.globalMaxPool2d(x);
    } else if (layer instanceof Softmax) {
      return x.softmax(1);
    } else if (layer instanceof LogSoftmax) {
      return x.logSoftmax(1);
    } else if (layer instanceof ScaleShift s && s.scale().length == 1 && s.offset().length == 1) {
      return x.mul(s.scale()[0]).add(s.offset()[0]);
    }
    throw missing(node, layer.kind());
  }

  private static UnsupportedOperationException missing(Node node, String what) {
    return new UnsupportedOperationException(
        "layer '%s': %s is not translated for PyTorch".formatted(node.name(), what));
  }

  private static NDArray relu(NDArray x, boolean relu) {
    return relu ? ai.djl.nn.Activation.relu(x) : x;
  }

  private static NDArray convolution(
      NDArray x,
      Window window,
      cnnlab.scratch.layer.Shape in,
      List<NDArray> p,
      boolean bias,
      int groups) {
    Placed placed = Placed.of(window, in, x, 0);
    return Conv2d.conv2d(
            placed.x,
            p.get(0),
            bias ? p.get(1) : null,
            stride(window),
            placed.pad,
            new Shape(window.dilationHeight(), window.dilationWidth()),
            groups)
        .singletonOrThrow();
  }

  private static Shape kernel(Window window) {
    return new Shape(window.kernelHeight(), window.kernelWidth());
  }

  private static Shape stride(Window window) {
    return new Shape(window.strideHeight(), window.strideWidth());
  }

  private static NDArray averages(
      Node node, AvgPool2d pool, NDArray x, cnnlab.scratch.layer.Shape in) {
    Window.Geometry g = pool.window().on(in.height(), in.width());
    Placed placed = Placed.of(pool.window(), in, x, 0);
    if (g.top() + g.left() > 0 || placed.x != x) {
      throw missing(node, "average pooling with padding");
    }
    return Pool.avgPool2d(
        x, kernel(pool.window()), stride(pool.window()), placed.pad, false, false);
  }

  private static NDArray activation(Node node, Activation a, NDArray x) {
    return switch (a.kind()) {
      case LINEAR -> x;
      case RELU -> ai.djl.nn.Activation.relu(x);
      case GENERAL_RELU -> {
        if (a.alpha() != 0 || a.threshold() != 0) {
          throw missing(node, "a ReLU with slope or threshold");
        }
        yield x.clip(0, a.max());
      }
      case LEAKY_RELU -> ai.djl.nn.Activation.leakyRelu(x, a.alpha());
      case SIGMOID -> ai.djl.nn.Activation.sigmoid(x);
      case TANH -> ai.djl.nn.Activation.tanh(x);
      case SILU -> x.mul(ai.djl.nn.Activation.sigmoid(x));
      case HARD_SIGMOID -> x.mul(a.alpha()).add(0.5f).clip(0, 1);
      case HARD_SILU -> x.mul(x.div(6).add(0.5f).clip(0, 1));
      case GELU -> ai.djl.nn.Activation.gelu(x);
      default -> throw missing(node, "activation " + a);
    };
  }

  private static NDArray merge(Node node, ElementwiseMerge m, List<NDArray> x) {
    NDArray y = x.get(0);
    for (NDArray other : x.subList(1, x.size())) {
      y =
          switch (m.op()) {
            case ADD, AVERAGE -> y.add(other);
            case SUBTRACT -> y.sub(other);
            case MULTIPLY -> y.mul(other);
            case MAXIMUM -> y.maximum(other);
          };
    }
    return m.op() == ElementwiseMerge.Op.AVERAGE ? y.div(x.size()) : y;
  }

  /**
   * A window on an input whose padding PyTorch can express: the same on both sides.
   *
   * @param x the input, padded beforehand if the sides differ
   * @param pad what is left to pad
   */
  private record Placed(NDArray x, Shape pad) {
    static Placed of(Window window, cnnlab.scratch.layer.Shape in, NDArray x, float value) {
      Window.Geometry g = window.on(in.height(), in.width());
      int tall = (g.kernelHeight() - 1) * g.dilationHeight() + 1;
      int wide = (g.kernelWidth() - 1) * g.dilationWidth() + 1;
      boolean rows = (in.height() + 2 * g.top() - tall) / g.strideHeight() + 1 == g.outHeight();
      boolean columns = (in.width() + 2 * g.left() - wide) / g.strideWidth() + 1 == g.outWidth();
      boolean small = 2 * g.top() <= tall && 2 * g.left() <= wide;
      if (rows && columns && small) {
        return new Placed(x, new Shape(g.top(), g.left()));
      }
      int bottom = (g.outHeight() - 1) * g.strideHeight() + tall - in.height() - g.top();
      int right = (g.outWidth() - 1) * g.strideWidth() + wide - in.width() - g.left();
      Shape sides = new Shape(g.left(), Math.max(0, right), g.top(), Math.max(0, bottom));
      return new Placed(x.pad(sides, value), new Shape(0, 0));
    }
  }
}
