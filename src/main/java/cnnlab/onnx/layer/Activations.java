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
import java.util.List;
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
      throw call.node().fault("alpha and gamma", alpha + ", " + gamma, "the default ones");
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
    double low = call.number(1, Double.NEGATIVE_INFINITY);
    double high = call.number(2, Double.POSITIVE_INFINITY);
    Live x = call.live(0);
    boolean unlimited = high >= Float.MAX_VALUE;
    if (low <= -Float.MAX_VALUE || !(low <= high)) {
      if (low <= -Float.MAX_VALUE && unlimited) {
        return x;
      }
      throw call.node().fault("limits of %s and %s; a lower limit is needed".formatted(low, high));
    }
    IActivation f = unlimited ? new ActivationReLU() : new RectifiedLinear(high - low, 0, 0);
    if (low == 0) {
      return call.graph().activation(call.name(), f, x);
    }
    float[] one = {1};
    Live moved = call.graph().affine(call.name() + ".moved", one, new float[] {(float) -low}, x);
    Live cut = call.graph().activation(call.name() + ".cut", f, moved);
    return call.graph().affine(call.name(), one, new float[] {(float) low}, cut);
  }

  static Live softmax(Call call) {
    Live x = overChannels(call);
    return call.graph()
        .activation(call.name(), x.isVector() ? new ActivationSoftmax() : new ChannelSoftmax(), x);
  }

  static Live logSoftmax(Call call) {
    return call.graph().activation(call.name(), new LogSoftmax(), overChannels(call));
  }

  private static Live overChannels(Call call) {
    OnnxNode node = call.node();
    Live x = call.live(0);
    boolean one = node.opset() >= ONE_AXIS;
    int axis = Folding.axis(node, node.integer("axis", one ? -1 : 1), x.rank());
    boolean channels = x.axes().get(axis) == Live.CHANNELS;
    // Before, all axes from the given one on were one.
    boolean alone =
        one
            || x.order().size() <= 2 && axis <= x.axes().indexOf(Live.CHANNELS)
            || x.order().isEmpty();
    if (axis == 0 || !(channels && one) && !alone || one && !channels) {
      throw node.fault("axis", axis, "that of the channels or features of %s".formatted(x.text()));
    }
    return x;
  }

  /** PRelu: a slope for all values, for each channel or for each value. */
  static Live prelu(Call call) {
    OnnxNode node = call.node();
    Live x = call.live(0);
    Tensor slope = call.constant(1);
    if (x.isVector()) {
      if (x.rank() != 2 || slope.size() != 1 && slope.size() != x.channels()) {
        throw node.fault("%s slopes for %s".formatted(slope, x.text()));
      }
      return prelu(call, x, new long[] {x.channels()}, slope, slope.size() == 1);
    }
    Live image = call.image(0);
    Merges.perChannel(call, image, slope);
    return prelu(
        call,
        image,
        new long[] {image.channels(), image.height(), image.width()},
        slope,
        slope.size() == 1);
  }

  private static Live prelu(Call call, Live x, long[] shape, Tensor slope, boolean single) {
    PReLULayer.Builder made = new PReLULayer.Builder().inputShape(shape);
    if (shape.length > 1) {
      made.sharedAxes(Live.HEIGHT, Live.WIDTH);
    }
    Live out = call.graph().layer(call.name(), made.build(), x, x);
    float[] slopes = slope.floats();
    int channels = x.channels();
    call.graph()
        .set(
            call.node(),
            out,
            "W",
            channels,
            () -> {
              float[] all = new float[channels];
              for (int i = 0; i < channels; i++) {
                all[i] = slopes[single ? 0 : i];
              }
              return all;
            });
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
