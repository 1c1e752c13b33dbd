package cnnlab.onnx.layer;

import cnnlab.onnx.read.OnnxFault;
import cnnlab.onnx.read.OnnxGraph;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/**
 * A model's input. The file does not say which axis holds the channels; the first operator that
 * looks at the axes does.
 */
final class Ends {
  /** Operators on [N, C, …]. */
  private static final Set<String> CHANNELS_FIRST =
      Set.of(
          "Conv",
          "ConvTranspose",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "BatchNormalization",
          "InstanceNormalization",
          "GroupNormalization");

  private Ends() {}

  /**
   * The number of examples that the file gives; −1 for any.
   *
   * @throws OnnxFault when two inputs have different numbers
   */
  static long batch(OnnxGraph file) {
    long batch = -1;
    for (String name : file.inputs()) {
      long[] shape = file.inputShape(name);
      long own = shape.length == 0 ? -1 : shape[0];
      if (own > 0 && batch > 0 && own != batch) {
        throw new OnnxFault(
            "its input '%s' has %s examples, another input %s; all must have the same number"
                .formatted(name, own, batch));
      }
      batch = own > 0 ? own : batch;
    }
    return batch;
  }

  /** An input. */
  static Live of(OnnxGraph file, String name) {
    long[] shape = file.inputShape(name);
    int rank = shape.length;
    if (rank < 2 || rank > 4) {
      throw wrong(name, shape, "expected [N, F], [N, C, W], [N, H, W] or [N, C, H, W]");
    }
    for (int i = 1; i < rank; i++) {
      if (shape[i] < 1 || shape[i] > Integer.MAX_VALUE) {
        throw wrong(
            name,
            shape,
            "all sizes but the first must be given; export the model with a fixed size of images");
      }
    }
    int a = (int) shape[1];
    if (rank == 2) {
      return Live.vector(name, a);
    }
    int b = (int) shape[2];
    boolean last = channelsLast(file, name, shape);
    if (rank == 3) {
      return last
          ? new Live(name, List.of(1, a, b), List.of(0, Live.HEIGHT, Live.WIDTH))
          : new Live(name, List.of(a, 1, b), List.of(0, Live.CHANNELS, Live.WIDTH));
    }
    int c = (int) shape[3];
    return last
        ? new Live(name, List.of(c, a, b), List.of(0, Live.HEIGHT, Live.WIDTH, Live.CHANNELS))
        : Live.image(name, a, b, c);
  }

  private static OnnxFault wrong(String name, long[] shape, String expected) {
    return new OnnxFault(
        "its input '%s' has shape %s; %s"
            .formatted(
                name,
                Arrays.stream(shape).mapToObj(d -> d < 0 ? "?" : String.valueOf(d)).toList(),
                expected));
  }

  /** Whether the first operator behind the input that tells takes its last axis for channels. */
  private static boolean channelsLast(OnnxGraph file, String input, long[] shape) {
    Deque<String> open = new ArrayDeque<>(List.of(input));
    Set<String> seen = new HashSet<>(open);
    while (!open.isEmpty()) {
      String name = open.poll();
      for (OnnxNode node : file.consumers(name)) {
        if (CHANNELS_FIRST.contains(node.operator())) {
          return false;
        }
        if (node.operator().equals("Transpose")) {
          long[] perm = node.integers("perm");
          return perm != null && perm.length == shape.length && perm[1] == shape.length - 1;
        }
        if (node.operator().equals("Reshape") || node.operator().equals("Unsqueeze")) {
          Tensor target = node.inputs().size() < 2 ? null : file.initialiser(node.inputs().get(1));
          if (target != null && toChannelsFirst(node, target.longs(), shape)) {
            return true;
          }
        }
        node.outputs().stream().filter(seen::add).forEach(open::add);
      }
    }
    return false;
  }

  /** Whether grey images get their axis of channels in the second place. */
  private static boolean toChannelsFirst(OnnxNode node, long[] target, long[] shape) {
    if (node.operator().equals("Unsqueeze")) {
      // An axis before the last makes [N, C, 1, W] of signals.
      return shape.length == 3 && !(target.length == 1 && (target[0] == 2 || target[0] == -2));
    }
    return target.length == 4
        && target[1] == 1
        && (shape.length == 3 || shape[3] == 1)
        && target[2] == shape[1]
        && target[3] == shape[2];
  }

  /**
   * The output as vectors or images.
   *
   * @throws OnnxFault when its axes are in an order that is neither channels first nor last
   */
  static Live output(Assembly graph, Live out) {
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
