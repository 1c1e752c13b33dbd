package cnnlab.onnx.layer;

import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;

/** Converts normalisations. */
final class Normalizations {
  private Normalizations() {}

  /** BatchNormalization with the stored averages. */
  static Live batch(Call call) {
    OnnxNode node = call.node();
    call.requireOneOutput();
    if (node.flag("training_mode", false)) {
      throw node.fault("training_mode", 1, "0; export the model in evaluation mode");
    }
    Live x = call.live(0);
    if (x.rank() < 2 || x.axes().get(1) != Live.CHANNELS) {
      throw node.fault("its input %s has no channels at axis 1 here".formatted(x.text()));
    }
    int channels = x.channels();
    BatchNormalization made = new BatchNormalization.Builder().useLogStd(false).build();
    made.setEps(node.number("epsilon", 1e-5));
    made.setDecay(node.number("momentum", 0.9));
    if (!(made.getEps() > 0 && made.getEps() < 1)) {
      throw node.fault("epsilon", made.getEps(), "a number above 0 and below 1");
    }
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
}
