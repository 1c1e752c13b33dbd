package cnnlab.onnx.layer;

import cnnlab.onnx.read.OnnxFault;
import java.util.List;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/** The model's output in a form that can be given to the user. */
final class Outputs {
  private Outputs() {}

  /**
   * The output as vectors or images.
   *
   * @throws OnnxFault when its axes are in an order that is neither channels first nor last
   */
  static Live plain(Assembly graph, Live out) {
    if (out.isVector()) {
      if (out.order().size() <= 2 && out.axes().get(0) == 0) {
        return out.withAxes(List.of(0, 1));
      }
    } else if (out.order().size() <= 2) {
      return graph.preprocess(
          "output.flat",
          new CnnToFeedForwardPreProcessor(out.height(), out.width(), out.channels()),
          Live.vector("", Math.toIntExact(out.size())),
          out);
    } else if (out.rank() == 4 && out.isInOrder()) {
      return out.withAxes(List.of(0, Live.CHANNELS, Live.HEIGHT, Live.WIDTH));
    } else if (out.rank() == 3 && out.isInOrder() && out.height() == 1) {
      return out.withAxes(List.of(0, Live.CHANNELS, Live.WIDTH));
    } else if (out.order().equals(List.of(0, Live.HEIGHT, Live.WIDTH, Live.CHANNELS))) {
      return out.withAxes(List.of(0, Live.HEIGHT, Live.WIDTH, Live.CHANNELS));
    }
    if (out.axes().get(0) == 0 && out.rank() <= 4) {
      return graph.layouts().image("output", out);
    }
    throw new OnnxFault(
        "its output has shape %s in an order of axes that is not supported; expected the batch first, and at most four axes"
            .formatted(out.text()));
  }
}
