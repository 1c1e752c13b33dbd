package cnnlab.onnx.layer;

import cnnlab.model.norm.GroupNormalization;
import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.Arrays;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;

/** Converts normalisations. */
final class Normalizations {
  /** From this operator set on, GroupNormalization has a scale for each channel, not group. */
  private static final int SCALE_OF_CHANNELS = 21;

  private static final double EPSILON = 1e-5;

  private Normalizations() {}

  /** BatchNormalization with the stored averages. */
  static Live batch(Call call) {
    OnnxNode node = call.node();
    call.requireOneOutput();
    if (node.flag("training_mode", false)) {
      throw node.fault("training_mode", 1, "0; export the model in evaluation mode");
    }
    if (call.live(0).rank() < 2) {
      throw node.fault("its input %s has no channels".formatted(call.live(0).text()));
    }
    Live x = call.withChannels(0, 1);
    int channels = x.channels();
    BatchNormalization made = new BatchNormalization.Builder().useLogStd(false).build();
    made.setEps(epsilon(node));
    made.setDecay(node.number("momentum", 0.9));
    made.setNIn(channels);
    made.setNOut(channels);
    Live out = call.graph().layer(call.name(), made, x, x);
    String[] names = {"gamma", "beta", "mean", "var"};
    for (int i = 0; i < names.length; i++) {
      Tensor t = call.constant(i + 1);
      call.requireShape(names[i], t, channels);
      call.graph().set(node, out, names[i], channels, t::floats);
    }
    return out;
  }

  private static double epsilon(OnnxNode node) {
    double eps = node.number("epsilon", EPSILON);
    if (!(eps > 0 && eps < 1)) {
      throw node.fault("epsilon", eps, "a number above 0 and below 1");
    }
    return eps;
  }

  /** InstanceNormalization: each channel of each image alone. */
  static Live instance(Call call) {
    Live x = call.image(0);
    return groups(
        call, x, x.channels(), values(call, 1, x.channels()), values(call, 2, x.channels()));
  }

  /** GroupNormalization: neighbouring channels of each image. */
  static Live group(Call call) {
    OnnxNode node = call.node();
    node.ignore("stash_type");
    Live x = call.image(0);
    int channels = x.channels();
    long groups = node.integer("num_groups", 0);
    if (groups < 1 || channels % groups != 0) {
      throw node.fault("num_groups", groups, "a divisor of the %d channels".formatted(channels));
    }
    int given = node.opset() >= SCALE_OF_CHANNELS ? channels : (int) groups;
    return groups(call, x, (int) groups, values(call, 1, given), values(call, 2, given));
  }

  private static float[] values(Call call, int index, int count) {
    Tensor t = call.constant(index);
    call.requireShape(index == 1 ? "scale" : "bias", t, count);
    return t.floats();
  }

  private static Live groups(Call call, Live x, int groups, float[] scale, float[] bias) {
    GroupNormalization made =
        new GroupNormalization(x.channels(), groups, false, epsilon(call.node()), true, true);
    Live out = call.graph().layer(call.name(), made, x, x);
    set(call, out, "gamma", repeated(scale, x.channels()));
    set(call, out, "beta", repeated(bias, x.channels()));
    return out;
  }

  /** One value for each channel from one for each group of neighbours. */
  private static float[] repeated(float[] values, int channels) {
    float[] all = new float[channels];
    for (int i = 0; i < channels; i++) {
      all[i] = values[(int) ((long) i * values.length / channels)];
    }
    return all;
  }

  private static void set(Call call, Live out, String key, float[] values) {
    Supplier<float[]> supplier = () -> values;
    call.graph().set(call.node(), out, key, values.length, supplier);
  }

  /** LayerNormalization of the last axes, those from the given one on. */
  static Value layer(Call call) {
    OnnxNode node = call.node();
    node.ignore("stash_type");
    call.requireOneOutput();
    Live x = call.live(0);
    int axis = Folding.axis(node, node.integer("axis", -1), x.rank());
    long[] normal = Arrays.copyOfRange(x.shape(), axis, x.rank());
    Tensor bias = call.constantOrNull(2);
    return ofLastAxes(
        call,
        axis,
        epsilon(node),
        spread(call, call.constant(1), normal),
        bias == null ? null : spread(call, bias, normal));
  }

  /** Normalisation of the last axes, from the given one on, without scale. */
  static Value ofLastAxes(Call call, int axis, double epsilon) {
    return ofLastAxes(call, axis, epsilon, null, null);
  }

  private static Value ofLastAxes(
      Call call, int axis, double epsilon, float[] scale, float[] bias) {
    Live x = call.live(0);
    call.requireExample(x, axis);
    long[] normal = Arrays.copyOfRange(x.shape(), axis, x.rank());
    int size = Math.toIntExact(Tensor.size(normal));
    Layouts layouts = call.graph().layouts();
    boolean single = axis == x.rank() - 1;
    Live at = x;
    if (!single) {
      long sets = x.size() / size;
      long[] rows =
          sets == 1 ? new long[] {Tensor.BATCH, size} : new long[] {Tensor.BATCH, sets, size};
      at = layouts.live(layouts.reshaped(call.name() + ".rows", x, rows));
      call.requireExample(at, at.rank() - 1);
    }
    at = layouts.withChannels(call.name(), at, at.rank() - 1);
    GroupNormalization made = new GroupNormalization(size, 1, true, epsilon, true, true);
    Live out = call.graph().layer(call.name(), made, at, at);
    float[] ones = new float[size];
    Arrays.fill(ones, 1);
    set(call, out, "gamma", scale == null ? ones : scale);
    set(call, out, "beta", bias == null ? new float[size] : bias);
    return single ? out : layouts.reshaped(call.name() + ".shape", out, x.shape());
  }

  private static float[] spread(Call call, Tensor t, long[] shape) {
    Tensor all = Folding.broadcast(call.node(), t, shape);
    if (!Arrays.equals(all.shape(), shape)) {
      throw call.node()
          .fault("its scale or bias is %s; expected %s".formatted(t, Arrays.toString(shape)));
    }
    return all.floats();
  }
}
