package cnnlab.onnx.layer;

import cnnlab.model.JoinedGraph;
import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.Limits;
import cnnlab.onnx.read.OnnxFault;
import cnnlab.onnx.read.OnnxGraph;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The supported operators by ONNX's names; new ones are added here. */
public final class Operators {
  /** Converts a node. */
  @FunctionalInterface
  private interface Kind {
    Value add(Call call);
  }

  /** Converts a node with several outputs. */
  @FunctionalInterface
  private interface Several {
    List<Value> add(Call call);
  }

  private static final Map<String, Kind> KINDS = new TreeMap<>();
  private static final Map<String, Several> SEVERAL = Map.of("Split", Slices::split);

  /** Operators that take values whose order and shape no vertex has yet. */
  private static final Set<String> FOLLOWED =
      Set.of(
          "Reshape",
          "Flatten",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Slice",
          "Split",
          "Gather",
          "Expand",
          "Cast",
          "Identity",
          "Dropout",
          "Shape",
          "Size");

  static {
    KINDS.put("Conv", Convolutions::conv);
    KINDS.put("ConvTranspose", Convolutions::transposed);
    KINDS.put("MaxPool", Poolings::max);
    KINDS.put("AveragePool", Poolings::average);
    KINDS.put("GlobalMaxPool", Poolings::globalMax);
    KINDS.put("GlobalAveragePool", Poolings::globalAverage);
    KINDS.put("ReduceMean", Reductions::mean);
    KINDS.put("ReduceMax", Reductions::maximum);
    KINDS.put("ReduceMin", Reductions::minimum);
    KINDS.put("ReduceSum", Reductions::sum);
    KINDS.put("ReduceSumSquare", Reductions::sumOfSquares);
    KINDS.put("ReduceL1", Reductions::sumOfMagnitudes);
    KINDS.put("Gemm", Products::gemm);
    KINDS.put("MatMul", Products::matMul);
    KINDS.put("BatchNormalization", Normalizations::batch);
    KINDS.put("InstanceNormalization", Normalizations::instance);
    KINDS.put("GroupNormalization", Normalizations::group);
    KINDS.put("LayerNormalization", Normalizations::layer);
    Activations.plainNames().forEach(name -> KINDS.put(name, Activations::plain));
    KINDS.put("LeakyRelu", Activations::leakyRelu);
    KINDS.put("Elu", Activations::elu);
    KINDS.put("Selu", Activations::selu);
    KINDS.put("ThresholdedRelu", Activations::thresholdedRelu);
    KINDS.put("Celu", Activations::celu);
    KINDS.put("Gelu", Activations::gelu);
    KINDS.put("HardSigmoid", Activations::hardSigmoid);
    KINDS.put("Clip", Activations::clip);
    KINDS.put("PRelu", Activations::prelu);
    KINDS.put("Softmax", Activations::softmax);
    KINDS.put("LogSoftmax", Activations::logSoftmax);
    KINDS.put("Add", Merges::add);
    KINDS.put("Sub", Merges::subtract);
    KINDS.put("Mul", Merges::multiply);
    KINDS.put("Div", Merges::divide);
    KINDS.put("Neg", Merges::negate);
    KINDS.put("Sum", Merges::sum);
    KINDS.put("Mean", Merges::mean);
    KINDS.put("Max", Merges::maximum);
    KINDS.put("Min", Merges::minimum);
    KINDS.put("Pow", Merges::power);
    KINDS.put("Expand", Merges::expand);
    KINDS.put("Concat", Merges::concat);
    KINDS.put("Slice", Slices::slice);
    KINDS.put("Gather", Slices::gather);
    KINDS.put("Tile", Slices::tile);
    KINDS.put("DepthToSpace", Slices::depthToSpace);
    KINDS.put("SpaceToDepth", Slices::spaceToDepth);
    KINDS.put("Resize", Resizes::resize);
    KINDS.put("Flatten", Shapes::flatten);
    KINDS.put("Reshape", Shapes::reshape);
    KINDS.put("Transpose", Shapes::transpose);
    KINDS.put("Squeeze", Shapes::squeeze);
    KINDS.put("Unsqueeze", Shapes::unsqueeze);
    KINDS.put("Pad", Shapes::pad);
    KINDS.put("Cast", Shapes::cast);
    KINDS.put("Identity", Shapes::pass);
    KINDS.put("Dropout", Operators::dropout);
  }

  private final OnnxGraph file;
  private final Assembly graph;
  private final Map<String, Value> values = new HashMap<>();
  private long folded;

  private Operators(OnnxGraph file, Assembly graph) {
    this.file = file;
    this.graph = graph;
  }

  /**
   * A translated model.
   *
   * @param graph for DL4J; several inputs or outputs are joined
   * @param inputs its inputs
   * @param outputs its outputs
   * @param joined how several inputs or outputs are joined; null with one of each
   */
  public record Translation(
      ComputationGraph graph, List<End> inputs, List<End> outputs, JoinedGraph joined) {}

  /**
   * The shape of an input or output in ONNX, without the batch.
   *
   * @param name its name
   * @param sizes of the axes
   * @param channelsFirst whether the axis of the channels comes first
   */
  public record End(String name, List<Integer> sizes, boolean channelsFirst) {
    static End of(String name, Live value) {
      List<Integer> sizes = new ArrayList<>();
      for (int i = 1; i < value.rank(); i++) {
        sizes.add((int) value.shape()[i]);
      }
      int channels = value.axes().indexOf(Live.CHANNELS);
      return new End(
          name, List.copyOf(sizes), !value.isVector() && channels == 1 && value.rank() > 2);
    }
  }

  /**
   * Translates a model.
   *
   * @param notes receives notes for the user
   * @throws OnnxFault when an operator is not supported, or its arguments do not fit
   */
  public static Translation translate(OnnxGraph file, List<String> notes) {
    List<Live> inputs = file.inputs().stream().map(name -> Ends.of(file, name)).toList();
    Assembly graph = new Assembly(inputs, Ends.batch(file), notes);
    Operators operators = new Operators(file, graph);
    inputs.forEach(input -> operators.values.put(input.vertex(), input));
    file.nodes().forEach(operators::add);
    List<Live> outputs = file.outputs().stream().map(operators::output).toList();
    Assembly.Built built = graph.build(outputs);
    JoinedGraph joined =
        inputs.size() > 1 || outputs.size() > 1
            ? JoinedGraph.of(built.graph(), graph.inputTypes(), built.outputs())
            : null;
    return new Translation(
        joined == null ? built.graph() : joined.graph(),
        ends(file.inputs(), inputs),
        ends(file.outputs(), outputs),
        joined);
  }

  private static List<End> ends(List<String> names, List<Live> values) {
    List<End> ends = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      ends.add(End.of(names.get(i), values.get(i)));
    }
    return List.copyOf(ends);
  }

  private Live output(String name) {
    Value end = value(name);
    if (end instanceof Pending formula) {
      throw Formulas.fault(formula);
    }
    if (end instanceof Loose loose) {
      end = graph.layouts().live(loose);
    }
    if (end instanceof OneExample whole) {
      throw whole.fault("the output '%s'".formatted(name));
    }
    if (!(end instanceof Live output)) {
      throw new OnnxFault("its output '%s' does not depend on its input".formatted(name));
    }
    return Ends.output(graph, output);
  }

  private Value value(String name) {
    if (name.isEmpty()) {
      return null;
    }
    Value known = values.get(name);
    return known != null ? known : file.initialiser(name);
  }

  private void add(OnnxNode node) {
    List<Value> inputs = new ArrayList<>();
    node.inputs().forEach(name -> inputs.add(value(name)));
    List<Value> made = made(node, inputs);
    for (int i = 0; i < made.size(); i++) {
      values.put(node.outputs().get(i), made.get(i));
    }
    node.requireAllRead();
  }

  /** What a node gives. */
  private List<Value> made(OnnxNode node, List<Value> inputs) {
    if (inputs.stream().allMatch(v -> v == null || v instanceof Tensor)) {
      List<Tensor> made =
          Folding.computeAll(node, inputs.stream().map(Tensor.class::cast).toList());
      folded = Limits.requireFolded(node, folded + made.stream().mapToLong(Tensor::size).sum());
      return List.copyOf(made);
    }
    if (node.operator().equals("Shape")) {
      return List.of(Folding.shape(node, inputs.get(0).shape()));
    }
    if (graph.isPassed(node)) {
      return List.of(
          inputs.stream()
              .filter(v -> v != null && !(v instanceof Tensor))
              .findFirst()
              .orElseThrow());
    }
    if (OneExample.concerns(node, inputs, graph)) {
      return OneExample.made(node, inputs, graph, this::made);
    }
    if (!FOLLOWED.contains(node.operator())) {
      inputs.replaceAll(v -> v instanceof Loose loose ? graph.layouts().live(loose) : v);
    }
    if (node.operator().equals("Div")) {
      Value normal = Fusion.normalised(node, file, graph, this::value);
      if (normal != null) {
        return List.of(normal);
      }
    }
    if (Formulas.concerns(node, inputs)) {
      return List.of(Formulas.next(node, inputs, graph));
    }
    for (Value value : inputs) {
      if (value instanceof Pending formula) {
        throw Formulas.fault(formula);
      }
    }
    Kind kind = KINDS.get(node.operator());
    Several several = SEVERAL.get(node.operator());
    if (kind == null && several == null) {
      throw node.fault(
          "this operator is not supported; the supported operators are: "
              + String.join(", ", names()));
    }
    try {
      Call call = new Call(node, inputs, file, graph);
      return several == null ? List.of(kind.add(call)) : several.add(call);
    } catch (ArithmeticException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NullPointerException e) {
      throw node.fault("its inputs or attributes do not fit (%s)".formatted(e.getMessage()));
    }
  }

  /** Dropout does nothing at inference, and files do not say how it was trained. */
  private static Value dropout(Call call) {
    call.node().ignore("seed");
    call.node().ignore("ratio");
    if (call.has(2) && call.constant(2).at(0) != 0) {
      throw call.node().fault("training_mode is true; export the model in evaluation mode");
    }
    return Shapes.pass(call);
  }

  /** The names of the operators that compute something. */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>(KINDS.keySet());
    names.addAll(SEVERAL.keySet());
    return names;
  }
}
