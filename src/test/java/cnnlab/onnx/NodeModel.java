package cnnlab.onnx;

import cnnlab.scratch.OnnxCase;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto;

/**
 * A test of ONNX's as a model of one node.
 *
 * @param bytes of the file
 * @param input what the model is given, without the batch in the values' order
 * @param examples how many
 */
record NodeModel(byte[] bytes, float[] input, int examples) {
  private static final Set<String> REALS =
      Set.of(
          "alpha",
          "beta",
          "gamma",
          "epsilon",
          "momentum",
          "ratio",
          "cubic_coeff_a",
          "extrapolation_value",
          "value_float");

  /** Its operator set is newer; these operators have not changed since. */
  private static final int OPSET = 22;

  /** Operators that compute with several inputs rather than with weights. */
  private static final Set<String> SEVERAL =
      Set.of("Add", "Sub", "Mul", "Max", "Min", "Mean", "Sum", "Concat", "MatMul");

  /** Operators that do the same with all values. */
  private static final Set<String> ALIKE =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Max",
          "Min",
          "Mean",
          "Sum",
          "Div",
          "Pow",
          "Relu",
          "LeakyRelu",
          "Elu",
          "Gelu",
          "Sigmoid",
          "Tanh",
          "Celu",
          "Clip",
          "Dropout",
          "Exp",
          "HardSigmoid",
          "HardSwish",
          "Neg",
          "PRelu",
          "Selu",
          "Softplus",
          "Softsign",
          "ThresholdedRelu",
          "Mish",
          "Identity",
          "Abs");

  /** Operators whose tests with integers are read as floating-point numbers: values are moved. */
  static final Set<String> COPIES = Set.of("Pad");

  /** How the axes of a test become those of a model. */
  enum Form {
    /** The first axis is the batch. */
    PLAIN,
    /** The first axis is the batch of all inputs, which one input holds side by side. */
    TOGETHER,
    /** A batch of 1 is put in front, and axes count from there. */
    IN_FRONT,
    /** Both. */
    TOGETHER_IN_FRONT
  }

  /**
   * The model of one output of a case.
   *
   * @param output which
   * @return null when the case has no such form
   */
  static NodeModel of(OnnxCase c, Form form, int output) {
    boolean front = form == Form.IN_FRONT || form == Form.TOGETHER_IN_FRONT;
    boolean together = form == Form.TOGETHER || form == Form.TOGETHER_IN_FRONT;
    if (together && (!SEVERAL.contains(c.operator()) || c.inputs().size() < 2)) {
      return null;
    }
    Map<String, AttributeProto> attributes = new TreeMap<>();
    c.attributes().properties().forEach(e -> attributes.put(e.getKey(), attribute(e)));
    List<OnnxCase.Tensor> inputs = new ArrayList<>(c.inputs());
    if (COPIES.contains(c.operator())) {
      inputs.set(0, new OnnxCase.Tensor("float32", c.input(0).shape(), c.input(0).values()));
    }
    if (front && !moved(c, inputs, attributes)) {
      return null;
    }
    int live = together ? inputs.size() : 1;
    int n = inputs.get(0).shape().isEmpty() ? 1 : inputs.get(0).shape().get(0);
    for (OnnxCase.Tensor t : inputs.subList(0, live)) {
      if (!t.type().equals("float32") || t.shape().isEmpty() || t.shape().get(0) != n) {
        return null;
      }
    }
    List<Integer> shape = inputs.get(0).shape();
    float[] x = inputs.get(0).values();
    if (together) {
      x = sideBySide(inputs, n);
      shape = List.of(n, x.length / n);
    }
    int rank = c.output(output).rank() + (front ? 1 : 0);
    byte[] bytes =
        Protos.model(OPSET, shape, g -> fill(g, c, inputs, live, attributes, output, rank));
    return new NodeModel(bytes, x, n);
  }

  private static void fill(
      GraphProto.Builder g,
      OnnxCase c,
      List<OnnxCase.Tensor> inputs,
      int live,
      Map<String, AttributeProto> attributes,
      int output,
      int rank) {
    List<String> names = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < inputs.size(); i++) {
      OnnxCase.Tensor t = inputs.get(i);
      if (i < live) {
        names.add(live == 1 ? "x" : "v" + i);
        if (live > 1) {
          int size = t.size(1, t.rank());
          g.addInitializer(Protos.longs("from" + i, new long[] {from}, 1))
              .addInitializer(Protos.longs("to" + i, new long[] {from + size}, 1))
              .addInitializer(Protos.longs("axis" + i, new long[] {1}, 1))
              .addInitializer(Protos.longs("shape" + i, longs(t.shape()), t.rank()))
              .addNode(
                  Protos.node("Slice", "s" + i, List.of("x", "from" + i, "to" + i, "axis" + i)))
              .addNode(Protos.node("Reshape", "v" + i, List.of("s" + i, "shape" + i)));
          from += size;
        }
      } else {
        names.add(t.type().isEmpty() ? "" : "i" + i);
        if (!t.type().isEmpty()) {
          g.addInitializer(initialiser("i" + i, t));
        }
      }
    }
    // One node more: what changes nothing is no model, and outputs have at most four axes.
    String result = rank > 4 ? "flat" : "scaled";
    var node =
        Protos.node(
            c.operator(),
            output == 0 ? "raw" : "o0",
            names,
            attributes.values().toArray(AttributeProto[]::new))
            .toBuilder();
    int outputs = c.operator().equals("Split") ? c.outputs().size() : 1;
    for (int k = 1; k < outputs; k++) {
      node.addOutput(k == output ? "raw" : "o" + k);
    }
    g.addNode(node);
    String last = "raw";
    if (rank > 4) {
      g.addNode(Protos.node("Flatten", "flat", List.of("raw")));
      last = result;
    }
    g.addInitializer(Protos.floats("one", new float[] {1}))
        .addNode(Protos.node("Mul", "y", List.of(last, "one")));
  }

  /** Each example's values of all inputs, one behind the other. */
  private static float[] sideBySide(List<OnnxCase.Tensor> inputs, int n) {
    int size = inputs.stream().mapToInt(t -> t.size() / n).sum();
    float[] all = new float[n * size];
    int at = 0;
    for (OnnxCase.Tensor t : inputs) {
      int each = t.size() / n;
      for (int i = 0; i < n; i++) {
        System.arraycopy(t.values(), i * each, all, i * size + at, each);
      }
      at += each;
    }
    return all;
  }

  /** Puts an axis of 1 in front and counts axes from there; false where that is not the same. */
  private static boolean moved(
      OnnxCase c, List<OnnxCase.Tensor> inputs, Map<String, AttributeProto> attributes) {
    int rank = c.input(0).rank();
    if (rank > 3) {
      return false;
    }
    inputs.set(0, inFront(inputs.get(0)));
    String operator = c.operator();
    if (ALIKE.contains(operator)) {
      for (int i = 1; i < inputs.size(); i++) {
        if (inputs.get(i).type().equals("float32") && inputs.get(i).rank() == rank) {
          inputs.set(i, inFront(inputs.get(i)));
        }
      }
      return true;
    }
    switch (operator) {
      case "Concat" -> {
        inputs.replaceAll(t -> t.rank() == rank ? inFront(t) : t);
        shift(attributes, "axis", 0);
      }
      case "Softmax", "LogSoftmax", "LayerNormalization" -> shift(attributes, "axis", -1);
      case "Gather", "Split" -> shift(attributes, "axis", 0);
      case "MatMul" -> {
        return c.input(1).rank() == 2 && rank >= 2;
      }
      case "Transpose" -> {
        List<Integer> perm =
            c.numbers("perm", rank, -1).stream()
                .map(p -> p + 1)
                .collect(java.util.stream.Collectors.toList());
        if (!c.attributes().has("perm")) {
          perm = IntStream.range(0, rank).map(i -> rank - i).boxed().toList();
        }
        List<Integer> all = new ArrayList<>(List.of(0));
        all.addAll(perm);
        attributes.put("perm", Protos.integers("perm", longs(all)));
      }
      case "ReduceMax", "ReduceMin", "ReduceMean", "ReduceSum", "ReduceL1", "ReduceSumSquare" -> {
        boolean given =
            inputs.size() > 1 && inputs.get(1).size() > 0 && !inputs.get(1).type().isEmpty();
        if (!given && c.flag("noop_with_empty_axes")) {
          return true;
        }
        axes(inputs, 1, given ? null : IntStream.range(0, rank));
      }
      case "Unsqueeze" -> {
        axes(inputs, 1, null);
      }
      case "Squeeze" -> {
        if (inputs.size() < 2) {
          return false;
        }
        axes(inputs, 1, null);
      }
      case "Slice" -> {
        while (inputs.size() < 4) {
          inputs.add(new OnnxCase.Tensor("", List.of(), new float[0]));
        }
        axes(
            inputs,
            3,
            inputs.get(3).type().isEmpty() ? IntStream.range(0, inputs.get(1).size()) : null);
      }
      case "Pad" -> {
        boolean given = inputs.size() > 3 && !inputs.get(3).type().isEmpty();
        while (inputs.size() < 4) {
          inputs.add(new OnnxCase.Tensor("", List.of(), new float[0]));
        }
        axes(inputs, 3, given ? null : IntStream.range(0, rank));
      }
      case "Reshape", "Expand", "Tile" -> {
        float[] target = inputs.get(1).values();
        float[] all = new float[target.length + 1];
        all[0] = 1;
        System.arraycopy(target, 0, all, 1, target.length);
        if (operator.equals("Reshape") && c.flag("allowzero")) {
          return false;
        }
        inputs.set(1, new OnnxCase.Tensor("int64", List.of(all.length), all));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static OnnxCase.Tensor inFront(OnnxCase.Tensor t) {
    List<Integer> shape = new ArrayList<>(List.of(1));
    shape.addAll(t.shape());
    return new OnnxCase.Tensor(t.type(), shape, t.values());
  }

  private static void shift(Map<String, AttributeProto> attributes, String name, long otherwise) {
    AttributeProto given = attributes.get(name);
    long axis = given == null ? otherwise : given.getI();
    attributes.put(name, Protos.integer(name, axis < 0 ? axis : axis + 1));
  }

  /** Axes of an input, one further; or the given ones. */
  private static void axes(List<OnnxCase.Tensor> inputs, int index, IntStream otherwise) {
    float[] axes;
    if (otherwise != null) {
      int[] all = otherwise.toArray();
      axes = new float[all.length];
      for (int i = 0; i < axes.length; i++) {
        axes[i] = all[i] + 1;
      }
    } else {
      axes = inputs.get(index).values().clone();
      for (int i = 0; i < axes.length; i++) {
        axes[i] = axes[i] < 0 ? axes[i] : axes[i] + 1;
      }
    }
    OnnxCase.Tensor made = new OnnxCase.Tensor("int64", List.of(axes.length), axes);
    if (index < inputs.size()) {
      inputs.set(index, made);
    } else {
      inputs.add(made);
    }
  }

  private static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(Integer::longValue).toArray();
  }

  /** A constant of a case. */
  static TensorProto initialiser(String name, OnnxCase.Tensor t) {
    long[] shape = longs(t.shape());
    if (t.type().equals("float32")) {
      return Protos.floats(name, t.values(), shape);
    }
    if (t.type().equals("bool")) {
      TensorProto.Builder made = Protos.tensor(name, TensorProto.DataType.BOOL_VALUE, shape);
      for (float v : t.values()) {
        made.addInt32Data((int) v);
      }
      return made.build();
    }
    long[] values = new long[t.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) t.values()[i];
    }
    return Protos.longs(name, values, shape);
  }

  /** An attribute of a case. */
  static AttributeProto attribute(Map.Entry<String, JsonNode> entry) {
    String name = entry.getKey();
    JsonNode value = entry.getValue();
    if (value.isTextual()) {
      return Protos.text(name, value.asText());
    }
    if (value.isObject()) {
      TensorProto tensor = initialiser(name, OnnxCase.tensor(value));
      return AttributeProto.newBuilder()
          .setName(name)
          .setType(AttributeProto.AttributeType.TENSOR)
          .setT(tensor)
          .build();
    }
    if (value.isArray()) {
      long[] values = new long[value.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = value.get(i).asLong();
      }
      return Protos.integers(name, values);
    }
    return REALS.contains(name)
        ? Protos.number(name, value.floatValue())
        : Protos.integer(name, value.asLong());
  }

  @Override
  public String toString() {
    return "%s examples of %s values".formatted(examples, Arrays.toString(input));
  }
}
