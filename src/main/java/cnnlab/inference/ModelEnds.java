package cnnlab.inference;

import cnnlab.data.file.NpyArray;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The inputs and outputs of a model with several of them, whose graph has them joined ({@link
 * cnnlab.model.JoinedGraph}). Here arrays of the user become joined ones and back.
 *
 * @param inputs in the order of the file
 * @param outputs in the order of the file
 * @param joining the vertices of the graph that only take apart and join
 */
public record ModelEnds(List<End> inputs, List<End> outputs, Set<String> joining) {

  /**
   * One input or output.
   *
   * @param name its name
   * @param vertex the vertex of the graph that gives its values
   * @param from its first value in the vector of all
   * @param layout the user's layout of one example
   */
  public record End(String name, String vertex, int from, ArrayLayout layout) {}

  public ModelEnds {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    joining = Set.copyOf(joining);
  }

  /** The names of inputs or outputs. */
  public static List<String> names(List<End> ends) {
    return ends.stream().map(End::name).toList();
  }

  /** As text: {@code left [28, 28, 1], right [5]}. */
  public static String text(List<End> ends) {
    return ends.stream()
        .map(end -> end.name() + " " + end.layout())
        .collect(Collectors.joining(", "));
  }

  /** The layout of all inputs joined; of the only one if there is one. */
  ArrayLayout input() {
    return joined(inputs);
  }

  /** The layout of all outputs joined; of the only one if there is one. */
  ArrayLayout output() {
    return joined(outputs);
  }

  private static ArrayLayout joined(List<End> ends) {
    return ends.size() == 1 ? ends.get(0).layout() : new ArrayLayout(List.of(size(ends)));
  }

  private static int size(List<End> ends) {
    return ends.stream().mapToInt(end -> end.layout().size()).reduce(0, Math::addExact);
  }

  /**
   * Joins arrays of the user.
   *
   * @param ends the inputs or outputs
   * @param values for each of them [n, ...] in its layout
   * @param n number of examples
   * @return [n, F]; for a single input or output [n, C, H, W]
   */
  public static float[] join(List<End> ends, List<float[]> values, int n) {
    if (ends.size() == 1) {
      return ends.get(0).layout().channelsFirst(values.get(0), n);
    }
    int all = size(ends);
    float[] joined = new float[Math.multiplyExact(n, all)];
    for (int k = 0; k < ends.size(); k++) {
      End end = ends.get(k);
      float[] part = pixels(end.layout(), values.get(k), n);
      int size = end.layout().size();
      for (int i = 0; i < n; i++) {
        System.arraycopy(part, i * size, joined, i * all + end.from(), size);
      }
    }
    return joined;
  }

  /**
   * Takes one output from the joined ones.
   *
   * @param joined [n, F]
   * @return [n, ...] in the layout of the output
   */
  float[] part(End output, float[] joined, int n) {
    int all = size(outputs);
    int size = output.layout().size();
    float[] part = new float[n * size];
    for (int i = 0; i < n; i++) {
      System.arraycopy(joined, i * all + output.from(), part, i * size, size);
    }
    Shape s = output.layout().shape();
    return output.layout().channelsFirst()
        ? NpyArray.nhwcToNchw(part, n, s.height(), s.width(), s.channels())
        : part;
  }

  /** Values in the order [n, H, W, C], which joined images have. */
  private static float[] pixels(ArrayLayout layout, float[] values, int n) {
    Shape s = layout.shape();
    return layout.channelsFirst()
        ? NpyArray.nchwToNhwc(values, n, s.height(), s.width(), s.channels())
        : values;
  }

  /** The ends of a graph, with layouts that the file gives. */
  static List<End> of(
      List<cnnlab.model.JoinedGraph.End> joined, List<String> names, List<ArrayLayout> layouts) {
    List<End> ends = new ArrayList<>();
    for (int i = 0; i < joined.size(); i++) {
      var end = joined.get(i);
      ends.add(new End(unique(names, i), end.vertex(), end.from(), layouts.get(i)));
    }
    return ends;
  }

  /** The name of an input or output; numbered if it is that of an earlier one. */
  private static String unique(List<String> names, int i) {
    String name = names.get(i);
    List<String> earlier = names.subList(0, i);
    long same = earlier.stream().filter(name::equals).count();
    String made = same == 0 ? name : name + "_" + (same + 1);
    return same > 0 && names.contains(made) ? made + "_" : made;
  }
}
