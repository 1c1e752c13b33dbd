package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.Limits;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Axes;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.file.TensorShape.Vector;
import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.shape.Repetition;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;

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

  /** The sum x + scale · y that InceptionResNetV2 of {@code keras.applications} brings along. */
  static void scaledSum(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    List<TensorShape> inputs = graph.inputs(layer);
    if (inputs.size() != 2 || !inputs.get(0).equals(inputs.get(1))) {
      throw config.fault("its inputs have the shapes %s, expected two of one".formatted(inputs));
    }
    float scale = (float) config.number("scale");
    String[] from = graph.resolved(layer);
    String scaled = layer.vertex() + ".scaled";
    graph.addVertex(
        layer,
        scaled,
        new PreprocessorVertex(new ChannelAffine(new float[] {scale}, new float[] {0})),
        inputs.get(1),
        from[1]);
    graph.addVertex(
        layer, layer.vertex(), new ElementWiseVertex(Op.Add), inputs.get(0), from[0], scaled);
  }

  /** Concatenate, along channels or features. */
  static void concatenate(FlatLayer layer, Assembly graph) {
    LayerConfig config = layer.config();
    List<TensorShape> inputs = graph.inputs(layer);
    requireSeveral(layer);
    TensorShape first = inputs.get(0);
    config.requireChannelAxis("axis", first);
    long sum = 0;
    for (TensorShape in : inputs) {
      boolean fits =
          first instanceof Image a && in instanceof Image b
              ? a.withChannels(1).equals(b.withChannels(1))
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
        first instanceof Image image ? image.withChannels((int) sum) : new Vector(sum));
  }

  /** Combines the inputs value by value; those of other shapes are repeated along sides of 1. */
  static void elementWise(FlatLayer layer, Assembly graph, Op op) {
    List<TensorShape> inputs = graph.inputs(layer);
    requireSeveral(layer);
    if (inputs.stream().distinct().count() == 1) {
      graph.add(layer, new ElementWiseVertex(op), inputs.get(0));
      return;
    }
    boolean vectors = inputs.stream().allMatch(Vector.class::isInstance);
    Image out = broadcast(layer, inputs.stream().map(Merges::image).toList());
    String[] from = graph.resolved(layer);
    for (int k = 0; k < from.length; k++) {
      from[k] = repeated(layer, graph, k, from[k], out);
    }
    if (vectors) {
      String image = layer.vertex() + ".image";
      TensorShape vector = new Vector(out.channels());
      graph.addVertex(layer, image, new ElementWiseVertex(op), out, from);
      graph.addVertex(layer, layer.vertex(), Vectors.reshape(out, vector), vector, image);
    } else {
      graph.addVertex(layer, layer.vertex(), new ElementWiseVertex(op), out, from);
    }
  }

  /** Keras puts sides of 1 in front of the axes of a vector or a sequence. */
  private static Image image(TensorShape shape) {
    return shape instanceof Image image
        ? image
        : new Image(1, 1, Math.toIntExact(shape.size()), Axes.SEQUENCE);
  }

  private static Image broadcast(FlatLayer layer, List<Image> inputs) {
    int[] sides = {1, 1, 1};
    boolean bare = inputs.stream().allMatch(Image::bare);
    boolean fits = bare || inputs.stream().noneMatch(Image::bare);
    for (Image in : inputs) {
      int[] own = {in.height(), in.width(), in.channels()};
      for (int axis = 0; axis < sides.length; axis++) {
        fits &= own[axis] == sides[axis] || own[axis] == 1 || sides[axis] == 1;
        sides[axis] = Math.max(own[axis], sides[axis]);
      }
    }
    Axes axes =
        Stream.of(Axes.CHANNELS_FIRST, Axes.IMAGE)
            .filter(a -> inputs.stream().anyMatch(in -> in.axes() == a))
            .findFirst()
            .orElse(bare ? Axes.BARE : Axes.SEQUENCE);
    fits &= axes != Axes.CHANNELS_FIRST || inputs.stream().allMatch(Image::channelsFirst);
    if (!fits) {
      throw layer
          .config()
          .fault(
              "its inputs have the shapes %s; expected sides that are the same or 1"
                  .formatted(graphShapes(inputs)));
    }
    return new Image(sides[0], sides[1], sides[2], axes);
  }

  private static String graphShapes(List<Image> inputs) {
    return inputs.stream().map(Image::toString).toList().toString();
  }

  /** The vertex of an input in the shape of the output; adds vertices if it has another shape. */
  private static String repeated(FlatLayer layer, Assembly graph, int k, String from, Image out) {
    TensorShape shape = graph.inputs(layer).get(k);
    Image image = image(shape);
    String vertex = from;
    if (shape instanceof Vector) {
      vertex = layer.vertex() + ".input" + k;
      graph.addVertex(layer, vertex, Vectors.reshape(shape, image), image, from);
    }
    long[] own = {image.channels(), image.height(), image.width()};
    long[] all = {out.channels(), out.height(), out.width()};
    if (Arrays.equals(own, all)) {
      return vertex;
    }
    String repeat = layer.vertex() + ".repeat" + k;
    graph.addVertex(layer, repeat, new PreprocessorVertex(new Repetition(own, all)), out, vertex);
    return repeat;
  }

  private static void requireSeveral(FlatLayer layer) {
    if (layer.inputs().size() < 2) {
      throw layer.config().fault("one input, expected at least two");
    }
  }
}
