package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.Limits;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.file.TensorShape.Vector;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op;
import org.deeplearning4j.nn.conf.graph.MergeVertex;

/** Converts layers with several inputs. */
final class Merges {
  private Merges() {}

  static void add(FlatLayer layer, Assembly graph) {
    elementWise(layer, graph, Op.Add);
  }

  static void subtract(FlatLayer layer, Assembly graph) {
    if (layer.inputs().size() != 2) {
      throw layer.config().fault("%d inputs, expected two".formatted(layer.inputs().size()));
    }
    elementWise(layer, graph, Op.Subtract);
  }

  static void multiply(FlatLayer layer, Assembly graph) {
    elementWise(layer, graph, Op.Product);
  }

  static void average(FlatLayer layer, Assembly graph) {
    elementWise(layer, graph, Op.Average);
  }

  static void maximum(FlatLayer layer, Assembly graph) {
    elementWise(layer, graph, Op.Max);
  }

  /** Concatenate, along channels or features. */
  static void concatenate(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    List<TensorShape> inputs = graph.inputs(layer);
    requireSeveral(layer);
    TensorShape first = inputs.get(0);
    int last = first instanceof Image ? 3 : 1;
    List<Integer> axis = config.integers("axis");
    boolean onLast = axis.isEmpty() || axis.equals(List.of(-1)) || axis.equals(List.of(last));
    config.require("axis", onLast, "-1, the last: the channels");
    long sum = 0;
    for (TensorShape in : inputs) {
      boolean fits =
          first instanceof Image a && in instanceof Image b
              ? a.height() == b.height() && a.width() == b.width() && !a.bare() && !b.bare()
              : first instanceof Vector && in instanceof Vector;
      if (!fits) {
        throw config.fault("its inputs have the shapes %s, which do not fit".formatted(inputs));
      }
      sum += in instanceof Image image ? image.channels() : in.size();
    }
    if (sum > Limits.ACTIVATIONS) {
      throw config.fault("%,d channels together, at most %,d".formatted(sum, Limits.ACTIVATIONS));
    }
    graph.add(
        layer,
        new MergeVertex(),
        first instanceof Image image
            ? new Image(image.height(), image.width(), (int) sum)
            : new Vector(sum));
  }

  private static void elementWise(FlatLayer layer, Assembly graph, Op op) {
    List<TensorShape> inputs = graph.inputs(layer);
    requireSeveral(layer);
    if (inputs.stream().distinct().count() > 1) {
      throw layer
          .config()
          .fault(
              "its inputs have the shapes %s; only inputs of the same shape are supported"
                  .formatted(inputs));
    }
    graph.add(layer, new ElementWiseVertex(op), inputs.get(0));
  }

  private static void requireSeveral(FlatLayer layer) {
    if (layer.inputs().size() < 2) {
      throw layer.config().fault("one input, expected at least two");
    }
  }
}
