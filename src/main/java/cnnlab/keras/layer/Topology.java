package cnnlab.keras.layer;

import cnnlab.keras.file.ClassOrigin;
import cnnlab.keras.file.KerasFault;
import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.Limits;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Axes;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.file.WeightGroup;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A Sequential or functional model as a flat list of layers, each after its inputs, with nested
 * models resolved. Random augmentation layers are listed separately.
 */
public final class Topology {
  private static final String SEQUENTIAL = "Sequential";
  private static final Set<String> FUNCTIONAL = Set.of("Functional", "Model");
  private static final String INPUT_LAYER = "InputLayer";
  static final String TIME_DISTRIBUTED = "TimeDistributed";

  /** Layers for which it does not matter how many axes are before the last. */
  private static final Set<String> LAST_AXIS_ALONE =
      Set.of(
          "Activation",
          "BatchNormalization",
          "Dense",
          "Dropout",
          "ELU",
          "LayerNormalization",
          "LeakyReLU",
          "ReLU",
          "Softmax");

  /** Marks the name of a layer that is called again, as in {@code conv@2}. */
  private static final String USE = "@";

  /** Models that call each other many times would never end. */
  private static final int MOST_CALLS = 10 * Limits.LAYERS;

  private final List<FlatLayer> layers = new ArrayList<>();
  private final List<LayerConfig> random = new ArrayList<>();
  private final List<String> frozen = new ArrayList<>();
  private final Set<String> vertices = new HashSet<>();
  private final List<Input> inputs;
  private final List<Output> outputs;
  private final boolean channelsFirst;
  private int added;

  /**
   * An input of the model.
   *
   * @param name its name in Keras
   * @param vertex its name in the graph
   * @param shape of one example
   */
  public record Input(String name, String vertex, TensorShape shape) {}

  /**
   * An output of the model.
   *
   * @param name its name in Keras: that of its layer, or its key
   * @param vertex the vertex whose activations it is
   */
  public record Output(String name, String vertex) {}

  /** Creates the source of weights, once the layers of the model are known. */
  public interface Weights {
    WeightGroup of(List<LayerConfig> layers);
  }

  /**
   * @param model the JSON of the model
   * @param weights its arrays
   * @param sizes gives the sizes of the only input's axes if the model does not; null for none
   * @throws KerasFault when the kind of model or a layer is not supported
   */
  public Topology(JsonNode model, Weights weights, Supplier<List<Integer>> sizes) {
    LayerConfig whole = config(model, "");
    requireModel(whole);
    List<Start> starts = starts(whole);
    for (Start start : starts) {
      if (!vertices.add(start.vertex())) {
        throw whole.fault("it has two inputs '%s'".formatted(start.name));
      }
    }
    List<String> from = starts.stream().map(Start::vertex).toList();
    List<String> ends = flatten(whole, "", from, weights.of(children(whole)), 0);
    List<String> names = outputNames(whole);
    List<Output> made = new ArrayList<>();
    for (int i = 0; i < ends.size(); i++) {
      made.add(new Output(names.get(i), ends.get(i)));
    }
    outputs = List.copyOf(made);
    channelsFirst = layers.stream().anyMatch(layer -> isChannelsFirst(layer.config()));
    inputs =
        starts.stream()
            .map(
                start ->
                    new Input(
                        start.name,
                        start.vertex(),
                        shape(start.layer, channelsFirst, starts.size() > 1 ? () -> null : sizes)))
            .toList();
  }

  /** The inputs. */
  public List<Input> inputs() {
    return inputs;
  }

  /** Whether a vertex is an input. */
  boolean isInput(String vertex) {
    return inputs.stream().anyMatch(input -> input.vertex.equals(vertex));
  }

  /** The outputs; two may be of the same vertex. */
  public List<Output> outputs() {
    return outputs;
  }

  /** Whether the activations of a vertex are an output. */
  boolean isOutput(String vertex) {
    return outputs.stream().anyMatch(output -> output.vertex.equals(vertex));
  }

  /** Whether images are [C, H, W], because a layer has the data format {@code channels_first}. */
  public boolean channelsFirst() {
    return channelsFirst;
  }

  static boolean isChannelsFirst(LayerConfig layer) {
    return "channels_first".equals(layer.get("data_format").asText());
  }

  /** All layers, each after its inputs. */
  public List<FlatLayer> layers() {
    return layers;
  }

  /** The random augmentation layers, in their order. */
  public List<LayerConfig> random() {
    return random;
  }

  /** The layers that are not trainable in Keras. */
  public List<String> frozen() {
    return frozen;
  }

  private List<String> flatten(
      LayerConfig model, String prefix, List<String> from, WeightGroup weights, int depth) {
    if (depth > Limits.NESTING) {
      throw model.fault("models nested more than %d deep".formatted(Limits.NESTING));
    }
    return SEQUENTIAL.equals(model.className())
        ? sequential(model, prefix, from, weights, depth)
        : functional(model, prefix, from, weights, depth);
  }

  private List<String> sequential(
      LayerConfig model, String prefix, List<String> from, WeightGroup weights, int depth) {
    List<String> last = from;
    for (LayerConfig layer : children(model)) {
      last =
          add(layer, new Place(prefix, "", depth), new Call(List.of(), List.of()), last, weights);
    }
    return last;
  }

  private List<String> functional(
      LayerConfig model, String prefix, List<String> from, WeightGroup weights, int depth) {
    Calls calls = new Calls(model, children(model));
    List<Call.End> starts = InboundNodes.ends(model, "input_layers");
    if (starts.size() != from.size()) {
      throw model.fault(
          "it has %s inputs and is called with %s".formatted(starts.size(), from.size()));
    }
    List<Call.Reference> ends =
        InboundNodes.ends(model, "output_layers").stream()
            .map(end -> calls.normal(end.tensor()))
            .toList();
    Map<Call.Reference, List<String>> done = new HashMap<>();
    for (int i = 0; i < from.size(); i++) {
      done.put(new Call.Reference(starts.get(i).tensor().layer(), 0), List.of(from.get(i)));
    }
    for (Call.Reference end : ends) {
      add(calls, end.call(), done, new Place(prefix, "", depth), weights);
    }
    return ends.stream().map(end -> tensor(calls, done, end)).toList();
  }

  /** The vertex of an output of a call. */
  private static String tensor(
      Calls calls, Map<Call.Reference, List<String>> done, Call.Reference reference) {
    List<String> outputs = done.get(reference.call());
    if (reference.output() < 0 || reference.output() >= outputs.size()) {
      throw calls
          .layer(reference)
          .fault(
              "output %s of it is read, it has %s"
                  .formatted(reference.output() + 1, outputs.size()));
    }
    return outputs.get(reference.output());
  }

  /** Adds a call and those that it depends on. */
  private void add(
      Calls calls,
      Call.Reference end,
      Map<Call.Reference, List<String>> done,
      Place place,
      WeightGroup weights) {
    Set<Call.Reference> open = new HashSet<>();
    Deque<Call.Reference> stack = new ArrayDeque<>(List.of(end));
    while (!stack.isEmpty()) {
      Call.Reference at = stack.peek();
      LayerConfig layer = calls.layer(at);
      Call call = calls.call(at);
      List<Call.Reference> inputs = call.inputs().stream().map(calls::normal).toList();
      List<Call.Reference> missing =
          inputs.stream().map(Call.Reference::call).filter(in -> !done.containsKey(in)).toList();
      if (done.containsKey(at)) {
        stack.pop();
      } else if (missing.isEmpty()) {
        stack.pop();
        if (inputs.isEmpty()) {
          throw layer.fault("it has no input");
        }
        String use = at.number() == 0 ? "" : USE + (at.number() + 1);
        List<String> read = inputs.stream().map(in -> tensor(calls, done, in)).toList();
        done.put(at, add(layer, new Place(place.prefix, use, place.depth), call, read, weights));
      } else if (open.add(at)) {
        missing.forEach(stack::push);
      } else {
        throw layer.fault("it depends on its own output");
      }
    }
  }

  /** The layers of a functional model and their calls. */
  private static final class Calls {
    private final LayerConfig model;
    private final Map<String, LayerConfig> byName = new LinkedHashMap<>();
    private final Map<String, List<Call>> calls = new HashMap<>();

    Calls(LayerConfig model, List<LayerConfig> children) {
      this.model = model;
      for (int i = 0; i < children.size(); i++) {
        LayerConfig layer = children.get(i);
        if (byName.put(layer.name(), layer) != null) {
          throw layer.fault("two layers have this name");
        }
        calls.put(layer.name(), InboundNodes.of(layer, list(model).get(i), augments(layer)));
      }
    }

    /** A layer that is called once has number 0, whatever Keras counted outside of this model. */
    Call.Reference normal(Call.Reference reference) {
      return calls.getOrDefault(reference.layer(), List.of()).size() > 1
          ? reference
          : new Call.Reference(reference.layer(), 0, reference.output());
    }

    LayerConfig layer(Call.Reference reference) {
      LayerConfig layer = byName.get(reference.layer());
      if (layer == null) {
        throw model.fault(
            "it refers to a layer '%s' that does not exist".formatted(reference.layer()));
      }
      return layer;
    }

    Call call(Call.Reference reference) {
      List<Call> all = calls.get(layer(reference).name());
      if (all.isEmpty()) {
        return new Call(List.of(), List.of());
      }
      if (reference.number() < 0 || reference.number() >= all.size()) {
        throw layer(reference)
            .fault(
                "call %d of it is read, it has %d".formatted(reference.number() + 1, all.size()));
      }
      return all.get(reference.number());
    }
  }

  /**
   * Where a layer is added.
   *
   * @param prefix the names of the models it is nested in
   * @param use an ending of its name if it is called again
   * @param depth how deep it is nested
   */
  private record Place(String prefix, String use, int depth) {}

  /** Adds a layer, or the layers of a nested model; returns the vertices of its outputs. */
  private List<String> add(
      LayerConfig layer, Place place, Call call, List<String> inputs, WeightGroup weights) {
    if (++added > MOST_CALLS) {
      throw layer.fault("more than %,d calls of layers and models".formatted(MOST_CALLS));
    }
    if (INPUT_LAYER.equals(layer.className())) {
      return inputs;
    }
    if (TIME_DISTRIBUTED.equals(layer.className())) {
      return add(eachStep(layer), place, call, inputs, weights.wrapped(layer));
    }
    String path = place.prefix + layer.name() + place.use;
    LayerConfig named = new LayerConfig(layer.className(), layer.name(), path, layer.values());
    boolean copy = path.contains(USE);
    if (isModel(layer.className())) {
      WeightGroup inner = weights.nested(layer, children(named));
      return flatten(named, path + ".", ordered(named, call, inputs), inner, place.depth + 1);
    }
    if (RandomLayers.knows(layer.className())) {
      if (!copy) {
        random.add(named);
      }
      return inputs;
    }
    String vertex = vertexName(place.prefix, layer.name() + place.use);
    if (!vertices.add(vertex)) {
      throw named.fault("two layers have this name");
    }
    if (layers.size() == Limits.LAYERS) {
      throw named.fault("more than %d layers".formatted(Limits.LAYERS));
    }
    if (!copy && !layer.flag("trainable", true)) {
      frozen.add(vertex);
    }
    layers.add(new FlatLayer(vertex, named, inputs, call.constants(), weights, copy));
    return List.of(vertex);
  }

  /** The inputs of a nested model in its own order, if they were given as a dictionary. */
  private static List<String> ordered(LayerConfig model, Call call, List<String> given) {
    if (call.names().size() != given.size() || SEQUENTIAL.equals(model.className())) {
      return given;
    }
    List<String> ordered = new ArrayList<>();
    for (Call.End start : InboundNodes.ends(model, "input_layers")) {
      int at = call.names().indexOf(start.name());
      at = at < 0 ? call.names().indexOf(start.tensor().layer()) : at;
      if (at < 0) {
        throw model.fault(
            "it is called with a dictionary of %s, in which its input '%s' is missing"
                .formatted(call.names(), start.name()));
      }
      ordered.add(given.get(at));
    }
    return ordered;
  }

  /**
   * The layer that TimeDistributed applies to each step, under the name of TimeDistributed. Applied
   * to all steps at once it computes the same, because it is one that uses the last axis alone.
   */
  private static LayerConfig eachStep(LayerConfig wrapper) {
    LayerConfig inner = config(wrapper.get("layer"), "");
    if (!LAST_AXIS_ALONE.contains(inner.className())) {
      throw wrapper.fault(
          "it applies a layer %s, expected one of %s, which compute each step alone"
              .formatted(inner.className(), new TreeSet<>(LAST_AXIS_ALONE)));
    }
    return new LayerConfig(inner.className(), wrapper.name(), wrapper.path(), inner.values());
  }

  /**
   * Whether a layer, or all layers of a nested model, ignore {@code training=true} in predictions:
   * those for augmentation, and Resizing.
   */
  private static boolean augments(LayerConfig layer) {
    return isModel(layer.className())
        ? children(layer).stream().allMatch(l -> INPUT_LAYER.equals(l.className()) || augments(l))
        : layer.className().startsWith("Random") || "Resizing".equals(layer.className());
  }

  /**
   * The name without slashes. Keras 2 allowed them, but the engine from scratch uses them to mark
   * parts.
   */
  private static String vertexName(String prefix, String name) {
    return prefix + name.replace('/', '.');
  }

  private static boolean isModel(String className) {
    return SEQUENTIAL.equals(className) || FUNCTIONAL.contains(className);
  }

  private static void requireModel(LayerConfig whole) {
    if (!isModel(whole.className())) {
      throw new KerasFault(
          "a model of class '%s', expected Sequential or Functional. A model of a custom class cannot be read, because its Python code is not in the file"
              .formatted(whole.className()));
    }
  }

  /** The name of an input and the layer that gives its shape. */
  private record Start(String name, LayerConfig layer) {
    String vertex() {
      return vertexName("", INPUT_LAYER.equals(layer.className()) ? layer.name() : "input");
    }
  }

  private static List<Start> starts(LayerConfig whole) {
    if (FUNCTIONAL.contains(whole.className())) {
      List<Call.End> starts = InboundNodes.ends(whole, "input_layers");
      if (starts.size() > 1) {
        return starts.stream().map(start -> new Start(start.name(), start(whole, start))).toList();
      }
    }
    LayerConfig first = inputLayer(whole, 0);
    return List.of(new Start(first.name(), first));
  }

  private static List<String> outputNames(LayerConfig whole) {
    return FUNCTIONAL.contains(whole.className())
        ? InboundNodes.ends(whole, "output_layers").stream().map(Call.End::name).toList()
        : List.of("output");
  }

  /** The layer of an input of a functional model. */
  private static LayerConfig start(LayerConfig model, Call.End input) {
    String name = input.tensor().layer();
    return children(model).stream()
        .filter(layer -> layer.name().equals(name))
        .findFirst()
        .orElseThrow(() -> model.fault("no layer has the name '%s' of the input".formatted(name)));
  }

  /** The layer that defines the only input. */
  private static LayerConfig inputLayer(LayerConfig model, int depth) {
    List<LayerConfig> children = children(model);
    if (children.isEmpty()) {
      throw model.fault("a model without layers");
    }
    LayerConfig first = children.get(0);
    if (FUNCTIONAL.contains(model.className())) {
      return start(model, InboundNodes.ends(model, "input_layers").get(0));
    }
    return isModel(first.className()) && depth < Limits.NESTING
        ? inputLayer(first, depth + 1)
        : first;
  }

  /** The input shape: images with or without a channel axis, or vectors. */
  private static TensorShape shape(
      LayerConfig first, boolean channelsFirst, Supplier<List<Integer>> given) {
    JsonNode shape = first.get("batch_shape");
    shape = shape.isMissingNode() ? first.get("batch_input_shape") : shape;
    if (shape.isMissingNode()) {
      throw first.fault("it does not give the input's shape; build the model before saving it");
    }
    shape = completed(first, shape, given);
    int[] sides = new int[Math.max(0, shape.size() - 1)];
    boolean fine = shape.isArray() && sides.length >= 1 && sides.length <= 3;
    for (int i = 0; fine && i < sides.length; i++) {
      sides[i] = shape.get(i + 1).isIntegralNumber() ? shape.get(i + 1).intValue() : 0;
      fine = shape.get(i + 1).canConvertToInt() && sides[i] > 0;
    }
    if (!fine) {
      throw first.fault(
          "batch_shape",
          shape,
          "[null, H, W, C], [null, H, W] or [null, F] with whole numbers for H, W, C and F. If the sizes are open, write a file with fixed ones first: cnnlab export MODEL --input H,W,C --to FIXED.keras");
    }
    return switch (sides.length) {
      case 1 -> new TensorShape.Vector(sides[0]);
      case 2 -> new Image(sides[0], sides[1], 1, Axes.BARE);
      default ->
          channelsFirst
              ? new Image(sides[1], sides[2], sides[0], Axes.CHANNELS_FIRST)
              : new Image(sides[0], sides[1], sides[2]);
    };
  }

  /** The shape with the given sizes in place of those that the model leaves open. */
  private static JsonNode completed(
      LayerConfig first, JsonNode shape, Supplier<List<Integer>> given) {
    boolean open = false;
    for (int i = 1; i < shape.size(); i++) {
      open |= shape.get(i).isNull();
    }
    List<Integer> sizes = shape.isArray() && open ? given.get() : null;
    if (sizes == null) {
      return shape;
    }
    boolean fits = sizes.size() == shape.size() - 1;
    ArrayNode all = JsonNodeFactory.instance.arrayNode().addNull();
    for (int i = 0; fits && i < sizes.size(); i++) {
      JsonNode own = shape.get(i + 1);
      fits = own.isNull() || own.isInt() && own.intValue() == sizes.get(i);
      all.add(sizes.get(i));
    }
    if (!fits) {
      throw first.fault(
          "the given sizes of the input are %s, expected sizes that fit %s, the batch left out"
              .formatted(sizes, shape));
    }
    return all;
  }

  /** The layers of a model. */
  private static List<LayerConfig> children(LayerConfig model) {
    JsonNode list = list(model);
    List<LayerConfig> children = new ArrayList<>();
    for (JsonNode layer : list) {
      children.add(config(layer, model.path().isEmpty() ? "" : model.path() + "."));
    }
    return children;
  }

  private static JsonNode list(LayerConfig model) {
    // In the first versions of Keras 2 the configuration is the list itself.
    JsonNode list = model.values().isArray() ? model.values() : model.get("layers");
    if (!list.isArray()) {
      throw model.fault("layers", list.isMissingNode() ? "missing" : list.getNodeType(), "a list");
    }
    return list;
  }

  private static LayerConfig config(JsonNode layer, String prefix) {
    JsonNode values = layer.path("config");
    if (!layer.path("class_name").isTextual() || !(values.isObject() || values.isArray())) {
      throw new KerasFault(
          "the configuration is not that of a Keras model: class_name or config is missing");
    }
    String className =
        (ClassOrigin.isOperation(layer) ? Operations.PREFIX : "")
            + layer.get("class_name").asText();
    String name = values.path("name").asText(layer.path("name").asText(className));
    LayerConfig made = new LayerConfig(className, name, prefix + name, values);
    String fault = ClassOrigin.fault(layer);
    if (fault != null) {
      throw prefix.isEmpty() && isModel(className)
          ? new KerasFault("the model '%s' is %s".formatted(name, fault))
          : made.fault("it is " + fault);
    }
    return made;
  }
}
