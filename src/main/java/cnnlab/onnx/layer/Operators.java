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
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The supported operators by ONNX's names; new ones are added here. */
public final class Operators {
  /** Converts a node. */
  @FunctionalInterface
  private interface Kind {
    Live add(Call call);
  }

  private static final Map<String, Kind> KINDS = new TreeMap<>();

  static {
    KINDS.put("Conv", Convolutions::conv);
    KINDS.put("MaxPool", Poolings::max);
    KINDS.put("AveragePool", Poolings::average);
    KINDS.put("GlobalMaxPool", Poolings::globalMax);
    KINDS.put("GlobalAveragePool", Poolings::globalAverage);
    KINDS.put("ReduceMean", Poolings::mean);
    KINDS.put("ReduceMax", Poolings::maximum);
    KINDS.put("Gemm", Products::gemm);
    KINDS.put("MatMul", Products::matMul);
    KINDS.put("BatchNormalization", Normalizations::batch);
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
    KINDS.put("Concat", Merges::concat);
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
    List<Live> inputs = file.inputs().stream().map(name -> Inputs.of(file, name)).toList();
    Assembly graph = new Assembly(inputs, Inputs.batch(file), notes);
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
    if (!(end instanceof Live output)) {
      throw new OnnxFault("its output '%s' does not depend on its input".formatted(name));
    }
    return Outputs.plain(graph, output);
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
    values.put(node.output(), made(node, inputs));
    node.requireAllRead();
  }

  /** What a node gives. */
  private Value made(OnnxNode node, List<Value> inputs) {
    if (inputs.stream().allMatch(v -> v == null || v instanceof Tensor)) {
      Tensor made = Folding.compute(node, inputs.stream().map(Tensor.class::cast).toList());
      folded = Limits.requireFolded(node, folded + made.size());
      return made;
    }
    if (node.operator().equals("Shape")) {
      return Folding.shape(node, inputs.get(0).shape());
    }
    if (graph.isPassed(node)) {
      return inputs.stream().filter(Live.class::isInstance).findFirst().orElseThrow();
    }
    if (Formulas.concerns(node, inputs)) {
      return Formulas.next(node, inputs, graph);
    }
    for (Value value : inputs) {
      if (value instanceof Pending formula) {
        throw Formulas.fault(formula);
      }
    }
    Kind kind = KINDS.get(node.operator());
    if (kind == null) {
      throw node.fault(
          "this operator is not supported; the supported operators are: "
              + String.join(", ", KINDS.keySet()));
    }
    try {
      return kind.add(new Call(node, inputs, file, graph));
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw node.fault("its inputs or attributes do not fit (%s)".formatted(e.getMessage()));
    }
  }

  /** Dropout does nothing at inference, and files do not say how it was trained. */
  private static Live dropout(Call call) {
    call.node().ignore("seed");
    call.node().ignore("ratio");
    if (call.has(2) && call.constant(2).at(0) != 0) {
      throw call.node().fault("training_mode is true; export the model in evaluation mode");
    }
    return Shapes.pass(call);
  }

  /** The names of the operators that compute something. */
  public static Set<String> names() {
    return KINDS.keySet();
  }
}
