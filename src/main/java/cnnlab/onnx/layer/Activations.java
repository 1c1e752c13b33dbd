package cnnlab.onnx.layer;

import cnnlab.model.layer.ChannelSoftmax;
import cnnlab.model.layer.Exponential;
import cnnlab.model.layer.ExponentialLinear;
import cnnlab.model.layer.GeluExact;
import cnnlab.model.layer.GeluTanh;
import cnnlab.model.layer.HardSigmoid;
import cnnlab.model.layer.HardSilu;
import cnnlab.model.layer.LogSoftmax;
import cnnlab.model.layer.Mish;
import cnnlab.model.layer.RectifiedLinear;
import cnnlab.model.layer.Softplus;
import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Converts activations, by the formulas of <a href="https://onnx.ai/onnx/operators/">ONNX</a>. */
final class Activations {
  private static final double SIXTH = 1 / 6.0;
  private static final double SELU_ALPHA = 1.67326319217681884765625;
  private static final double SELU_GAMMA = 1.05070102214813232421875;
  private static final double SAME = 1e-6;

  /** From this operator set on, Softmax has one axis and not all from one on. */
  private static final int ONE_AXIS = 13;

  private Activations() {}

  /** Functions without arguments. */
  static Live plain(Call call) {
    IActivation f =
        switch (call.node().operator()) {
          case "Relu" -> new ActivationReLU();
          case "Sigmoid" -> new ActivationSigmoid();
          case "Tanh" -> new ActivationTanH();
          case "Softplus" -> new Softplus();
          case "Softsign" -> new ActivationSoftSign();
          case "Exp" -> new Exponential();
          case "HardSwish" -> new HardSilu();
          default -> new Mish();
        };
    return add(call, f);
  }

  static Live leakyRelu(Call call) {
    return add(call, new ActivationLReLU(call.node().number("alpha", 0.01)));
  }

  static Live elu(Call call) {
    return add(call, new ExponentialLinear(call.node().number("alpha", 1)));
  }

  /** max(0, x) + min(0, alpha · (exp(x / alpha) − 1)) = alpha · ELU(x / alpha). */
  static Live celu(Call call) {
    double alpha = call.node().number("alpha", 1);
    if (!(alpha > 0)) {
      throw call.node().fault("alpha", alpha, "a number above 0");
    }
    if (alpha == 1) {
      return add(call, new ExponentialLinear(1));
    }
    float[] zero = {0};
    Live x =
        call.graph()
            .affine(call.name() + ".scaled", new float[] {(float) (1 / alpha)}, zero, call.live(0));
    Live elu = call.graph().activation(call.name() + ".elu", new ExponentialLinear(1), x);
    return call.graph().affine(call.name(), new float[] {(float) alpha}, zero, elu);
  }

  static Live thresholdedRelu(Call call) {
    double threshold = call.node().number("alpha", 1);
    if (threshold < 0) {
      throw call.node().fault("alpha", threshold, "0 or more");
    }
    return add(call, new RectifiedLinear(null, 0, threshold));
  }

  static Live selu(Call call) {
    double alpha = call.node().number("alpha", SELU_ALPHA);
    double gamma = call.node().number("gamma", SELU_GAMMA);
    if (Math.abs(alpha - SELU_ALPHA) > SAME || Math.abs(gamma - SELU_GAMMA) > SAME) {
      Live elu =
          call.graph().activation(call.name() + ".elu", new ExponentialLinear(alpha), call.live(0));
      return line(call, call.name(), gamma, 0, elu);
    }
    return add(call, new ActivationSELU());
  }

  static Live gelu(Call call) {
    String kind = call.node().text("approximate", "none");
    return switch (kind) {
      case "none" -> add(call, new GeluExact());
      case "tanh" -> add(call, new GeluTanh());
      default -> throw call.node().fault("approximate", kind, "none or tanh");
    };
  }

  /** max(0, min(1, alpha · x + beta)). */
  static Live hardSigmoid(Call call) {
    double alpha = call.node().number("alpha", 0.2);
    double beta = call.node().number("beta", 0.5);
    if (Math.abs(alpha - SIXTH) < SAME && beta == 0.5) {
      return add(call, new HardSigmoid());
    }
    Live x = call.live(0);
    Live line =
        call.graph()
            .affine(
                call.name() + ".line", new float[] {(float) alpha}, new float[] {(float) beta}, x);
    return call.graph().activation(call.name(), new RectifiedLinear(1.0, 0, 0), line);
  }

  /** Clip: ReLU with an upper limit, of values moved so that the lower limit is 0. */
  static Live clip(Call call) {
    return limited(
        call,
        call.number(1, Double.NEGATIVE_INFINITY),
        call.number(2, Double.POSITIVE_INFINITY),
        call.live(0));
  }

  /** min(max(x, low), high). */
  static Live limited(Call call, double low, double high, Live x) {
    boolean below = low > -Float.MAX_VALUE;
    boolean above = high < Float.MAX_VALUE;
    if (Double.isNaN(low) || Double.isNaN(high)) {
      throw call.node().fault("limits of %s and %s".formatted(low, high));
    }
    if (!below && !above) {
      return x;
    }
    if (below && above && low >= high) {
      // ONNX: then all values are the upper limit.
      return line(call, call.name(), 0, high, x);
    }
    if (!below) {
      // high − relu(high − x)
      Live moved = line(call, call.name() + ".moved", -1, high, x);
      Live cut = call.graph().activation(call.name() + ".cut", new ActivationReLU(), moved);
      return line(call, call.name(), -1, high, cut);
    }
    IActivation f = above ? new RectifiedLinear(high - low, 0, 0) : new ActivationReLU();
    if (low == 0) {
      return call.graph().activation(call.name(), f, x);
    }
    Live moved = line(call, call.name() + ".moved", 1, -low, x);
    Live cut = call.graph().activation(call.name() + ".cut", f, moved);
    return line(call, call.name(), 1, low, cut);
  }

  private static Live line(Call call, String name, double scale, double offset, Live x) {
    return call.graph().affine(name, new float[] {(float) scale}, new float[] {(float) offset}, x);
  }

  static Value softmax(Call call) {
    return overAxis(call, x -> x.isVector() ? new ActivationSoftmax() : new ChannelSoftmax());
  }

  static Value logSoftmax(Call call) {
    return overAxis(call, x -> new LogSoftmax());
  }

  /** Before operator set 13, all axes from the given one on are one. */
  private static Value overAxis(Call call, Function<Live, IActivation> f) {
    OnnxNode node = call.node();
    Live x = call.live(0);
    Layouts layouts = call.graph().layouts();
    boolean one = node.opset() >= ONE_AXIS;
    int axis = Folding.axis(node, node.integer("axis", one ? -1 : 1), x.rank());
    call.requireExample(x, axis);
    long behind = 1;
    for (int i = axis + 1; i < x.rank(); i++) {
      behind *= x.shape()[i];
    }
    if (!one && behind > 1) {
      long size = x.shape()[axis] * behind;
      long[] rows = {Tensor.BATCH, x.size() / size, size};
      Live flat = layouts.live(layouts.reshaped(call.name() + ".rows", x, rows));
      Live at = layouts.withChannels(call.name(), flat, 2);
      Live made = call.graph().activation(call.name(), f.apply(at), at);
      return layouts.reshaped(call.name() + ".shape", made, x.shape());
    }
    Live at = layouts.withChannels(call.name(), x, axis);
    return call.graph().activation(call.name(), f.apply(at), at);
  }

  /** PRelu: slopes for all values, for each channel or for each value. */
  static Live prelu(Call call) {
    OnnxNode node = call.node();
    Live given = call.live(0);
    Live x = given.isVector() ? given : call.image(0);
    Tensor slope = call.constant(1);
    long[] shape = x.shape().clone();
    shape[0] = 1;
    Tensor all = Folding.broadcast(node, slope, shape);
    if (!Arrays.equals(all.shape(), shape)) {
      throw node.fault("slopes %s for %s".formatted(slope, x.text()));
    }
    if (x.isVector()) {
      return prelu(call, x, new long[] {x.channels()}, new long[0], all.floats());
    }
    long[] sides = {x.channels(), x.height(), x.width()};
    float[] values = all.floats();
    int plane = x.height() * x.width();
    float[] each = new float[x.channels()];
    boolean perChannel = true;
    for (int i = 0; i < values.length; i++) {
      each[i / plane] = values[i - i % plane];
      perChannel &= values[i] == each[i / plane];
    }
    return perChannel
        ? prelu(call, x, sides, new long[] {Live.HEIGHT, Live.WIDTH}, each)
        : prelu(call, x, sides, new long[0], values);
  }

  private static Live prelu(Call call, Live x, long[] shape, long[] shared, float[] slopes) {
    PReLULayer.Builder made = new PReLULayer.Builder().inputShape(shape);
    if (shared.length > 0) {
      made.sharedAxes(shared);
    }
    Live out = call.graph().layer(call.name(), made.build(), x, x);
    call.graph().set(call.node(), out, "W", slopes.length, () -> slopes);
    return out;
  }

  private static Live add(Call call, IActivation f) {
    return call.graph().activation(call.name(), f, call.live(0));
  }

  /** The operators of {@link #plain}. */
  static List<String> plainNames() {
    return List.of("Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Exp", "HardSwish", "Mish");
  }
}
