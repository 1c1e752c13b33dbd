package cnnlab.keras.layer;

import cnnlab.keras.file.KerasFault;
import cnnlab.keras.file.Limits;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Axes;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.file.TensorShape.Vector;
import cnnlab.keras.file.WeightArray;
import cnnlab.model.Updaters;
import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.shape.AxisPermutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Builds the DL4J graph: collects vertices with the shapes of their outputs, and the arrays that
 * become its parameters once everything fits.
 */
public final class Assembly {
  /** The variable of Normalization that no output depends on. */
  static final String COUNT = "count";

  private static final double LEARNING_RATE = 1e-3;

  /** Axes that turn [1, T, C] into the image of one row [C, 1, T], and back. */
  private static final int[] TO_SEQUENCE = {2, 0, 1};

  private static final int[] FROM_SEQUENCE = {1, 2, 0};

  private final Topology topology;
  private final Map<String, FlatLayer> layers = new HashMap<>();
  private final Map<String, List<FlatLayer>> consumers = new HashMap<>();
  private final Map<String, TensorShape> extents = new HashMap<>();

  /** Aliases of vertices, for layers that do not change their input. */
  private final Map<String, String> aliases = new HashMap<>();

  /** Vertices whose output shares memory with their input. */
  private final Set<String> views = new HashSet<>();

  /** Vectors that contain an image in channels-first order, unlike in Keras. */
  private final Map<String, Image> channelsFirst = new HashMap<>();

  /** The vertices that turn sequences among the outputs into rows. */
  private final Map<String, String> rows = new HashMap<>();

  private final List<Parameter> parameters = new ArrayList<>();
  private final Set<String> vertices = new HashSet<>();
  private final List<String> notes;
  private final Set<String> copies = new TreeSet<>();
  private final GraphBuilder builder;
  private long weightBytes;

  private record Parameter(FlatLayer layer, String key, Weight weight) {}

  /**
   * @param topology the layers
   * @param notes receives notes for the user
   */
  public Assembly(Topology topology, List<String> notes) {
    this.topology = topology;
    this.notes = notes;
    List<Topology.Input> inputs = topology.inputs();
    builder =
        new NeuralNetConfiguration.Builder()
            .updater(Updaters.adam(LEARNING_RATE, 0.9, 0.999, 1e-7))
            .graphBuilder()
            .addInputs(inputs.stream().map(Topology.Input::vertex).toList())
            .setInputTypes(inputTypes().toArray(InputType[]::new))
            .allowDisconnected(inputs.size() > 1)
            .validateOutputLayerConfig(false);
    for (Topology.Input input : inputs) {
      requireSize(
          input.shape(),
          inputs.size() == 1 ? "the input" : "the input '%s'".formatted(input.name()));
      vertices.add(input.vertex());
      extents.put(input.vertex(), input.shape());
    }
    for (FlatLayer layer : topology.layers()) {
      layers.put(layer.vertex(), layer);
      for (String from : layer.inputs()) {
        consumers.computeIfAbsent(from, key -> new ArrayList<>()).add(layer);
      }
    }
  }

  private static InputType inputType(TensorShape shape) {
    return shape instanceof Image image
        ? InputType.convolutional(image.height(), image.width(), image.channels())
        : InputType.feedForward(shape.size());
  }

  /** The shapes of the inputs for DL4J. */
  public List<InputType> inputTypes() {
    return topology.inputs().stream().map(input -> inputType(input.shape())).toList();
  }

  /** The shape of an output of the model, in Keras' order. */
  public TensorShape shape(Topology.Output output) {
    return extents.get(output.vertex());
  }

  /** The vertices of the graph that give the model's outputs. */
  public List<String> outputs() {
    return topology.outputs().stream()
        .map(output -> resolve(output.vertex()))
        .map(vertex -> rows.getOrDefault(vertex, vertex))
        .toList();
  }

  /** The shape of the only input. */
  TensorShape input(FlatLayer layer) {
    return extents.get(layer.input());
  }

  /** The shapes of the inputs. */
  List<TensorShape> inputs(FlatLayer layer) {
    return layer.inputs().stream().map(extents::get).toList();
  }

  /** The image that the layer's input contains in channels-first order, or null. */
  Image channelsFirst(FlatLayer layer) {
    return channelsFirst.get(layer.input());
  }

  /** Whether the layer's output is the model's only output. */
  boolean isOutput(FlatLayer layer) {
    return topology.outputs().size() == 1 && topology.isOutput(layer.vertex());
  }

  /** The loss that fits an output activation. */
  static LossFunction loss(IActivation activation) {
    if (activation instanceof ActivationSoftmax) {
      return LossFunction.MCXENT;
    }
    return activation instanceof ActivationSigmoid ? LossFunction.XENT : LossFunction.MSE;
  }

  /** Adds a note for the user. */
  public void note(FlatLayer layer, String what) {
    notes.add("layer '%s' (%s): %s".formatted(layer.vertex(), layer.config().className(), what));
  }

  /** Records that the layer does not change its input. */
  void pass(FlatLayer layer) {
    pass(layer, input(layer));
  }

  /** Records that the layer only reshapes its input. */
  void pass(FlatLayer layer, TensorShape out) {
    aliases.put(layer.vertex(), resolve(layer.input()));
    extents.put(layer.vertex(), out);
    views.add(layer.vertex());
    keepOrder(layer);
  }

  /** Records that an image in the layer's output has the same order as in its input. */
  void keepOrder(FlatLayer layer) {
    if (channelsFirst(layer) != null) {
      channelsFirst.put(layer.vertex(), channelsFirst(layer));
    }
  }

  /** Records that the layer's output contains an image in channels-first order. */
  void markChannelsFirst(FlatLayer layer, Image image) {
    channelsFirst.put(layer.vertex(), image);
  }

  /** Records that the layer's output shares memory with its input. */
  void markView(FlatLayer layer) {
    views.add(layer.vertex());
  }

  /** Whether all layers that read the output, directly or indirectly, are of the given classes. */
  boolean feedsOnly(FlatLayer layer, Set<String> ends, Set<String> between) {
    List<FlatLayer> next = consumers.getOrDefault(layer.vertex(), List.of());
    return !next.isEmpty()
        && !topology.isOutput(layer.vertex())
        && next.stream()
            .allMatch(
                n ->
                    ends.contains(n.config().className())
                        || between.contains(n.config().className()) && feedsOnly(n, ends, between));
  }

  /** Adds the DL4J layer for a Keras layer. */
  void add(FlatLayer layer, Layer made, TensorShape out) {
    add(layer, layer.vertex(), made, out, resolved(layer));
  }

  /** Adds a DL4J layer with its own name, which reads the given vertices. */
  void add(FlatLayer layer, String vertex, Layer made, TensorShape out, String... inputs) {
    put(layer, vertex, out);
    builder.addLayer(vertex, made, inputs);
  }

  /** Adds the DL4J vertex for a Keras layer. */
  void add(FlatLayer layer, GraphVertex made, TensorShape out) {
    put(layer, layer.vertex(), out);
    builder.addVertex(layer.vertex(), made, resolved(layer));
  }

  /** Adds a DL4J vertex with its own name, which reads the given vertices. */
  void addVertex(
      FlatLayer layer, String vertex, GraphVertex made, TensorShape out, String... inputs) {
    put(layer, vertex, out);
    builder.addVertex(vertex, made, inputs);
  }

  /**
   * Adds a DL4J layer that overwrites its input at inference; the input is copied if something else
   * needs it.
   */
  void addOverwriting(FlatLayer layer, Layer made, TensorShape out) {
    String input = resolve(layer.input());
    if (shared(layer.input())) {
      String copy = layer.vertex() + ".input";
      put(layer, copy, input(layer));
      builder.addVertex(
          copy, new PreprocessorVertex(new ChannelAffine(new float[] {1}, new float[] {0})), input);
      input = copy;
    }
    add(layer, layer.vertex(), made, out, input);
  }

  private boolean shared(String name) {
    return topology.isInput(name)
        || topology.isOutput(name)
        || consumers.get(name).size() > 1
        || views.contains(name) && shared(layers.get(name).input());
  }

  /**
   * The layer with inputs [H, W] turned into sequences [T, C], whose last axis is that of the
   * channels; a vertex {@code NAME.sequence} for each.
   */
  FlatLayer withSequences(FlatLayer layer) {
    List<String> read = layer.inputs().stream().map(name -> sequence(layer, name)).toList();
    return new FlatLayer(
        layer.vertex(), layer.config(), read, layer.constants(), layer.weights(), layer.copy());
  }

  private String sequence(FlatLayer layer, String name) {
    if (!(extents.get(name) instanceof Image image && image.bare())) {
      return name;
    }
    String vertex = name + ".sequence";
    if (!vertices.contains(vertex)) {
      put(layer, vertex, new Image(1, image.height(), image.width(), Axes.SEQUENCE));
      builder.addVertex(
          vertex, new PreprocessorVertex(new AxisPermutation(TO_SEQUENCE)), resolve(name));
      consumers.put(vertex, consumers.get(name));
    }
    return vertex;
  }

  /** The names of the vertices that compute the layer's inputs. */
  String[] resolved(FlatLayer layer) {
    return layer.inputs().stream().map(this::resolve).toArray(String[]::new);
  }

  private String resolve(String name) {
    return aliases.getOrDefault(name, name);
  }

  private void put(FlatLayer layer, String vertex, TensorShape out) {
    if (!vertices.add(vertex)) {
      throw layer
          .config()
          .fault("two layers would have the name '%s' in the graph".formatted(vertex));
    }
    requireSize(out, "the output of layer '" + vertex + "'");
    extents.put(vertex, out);
  }

  private static void requireSize(TensorShape extent, String what) {
    if (extent.size() > Limits.ACTIVATIONS || extent.size() < 1) {
      throw new KerasFault(
          "%s is %s, %,d values for one image; the limit is %,d"
              .formatted(what, extent, extent.size(), Limits.ACTIVATIONS));
    }
  }

  /** Sets a parameter of the layer's vertex, such as {@code W}, when the graph is built. */
  void set(FlatLayer layer, String parameter, Weight weight) {
    set(layer, layer.vertex(), parameter, weight);
  }

  /** Sets a parameter of another vertex of the layer. */
  void set(FlatLayer layer, String vertex, String parameter, Weight weight) {
    if (layer.copy()) {
      copies.add(layer.config().path());
    }
    weightBytes += weight.size() * Float.BYTES;
    Limits.requireWeights("layer '" + layer.vertex() + "' and those before it", weightBytes);
    parameters.add(new Parameter(layer, vertex + "_" + parameter, weight));
  }

  /**
   * Builds the graph.
   *
   * @throws KerasFault when the weights do not fit
   */
  public ComputationGraph build() {
    if (outputs().stream().allMatch(topology::isInput)) {
      throw new KerasFault("the model computes nothing: its output is its input");
    }
    if (!copies.isEmpty()) {
      notes.add(
          "layers that are called several times have a copy of their weights for each call (%s); training would change each copy separately"
              .formatted(String.join(", ", copies)));
    }
    outputs().stream().distinct().forEach(this::addRows);
    List<String> outputs = outputs().stream().distinct().toList();
    if (topology.outputs().size() == 1) {
      builder.setOutputs(withLoss(outputs.get(0)));
    } else {
      notes.add("the model has several outputs; it can be compared but not trained");
      // DL4J accepts no input as an output; JoinedGraph adds it.
      builder.setOutputs(
          outputs.stream().filter(name -> !topology.isInput(name)).toArray(String[]::new));
    }
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    for (Parameter parameter : parameters) {
      set(graph, parameter);
    }
    return graph;
  }

  /** Turns an output that is a sequence into [1, T, C], so that its values have Keras' order. */
  private void addRows(String output) {
    if (!(extents.get(output) instanceof Image image && image.sequence())) {
      return;
    }
    String vertex = output + ".rows";
    builder.addVertex(vertex, new PreprocessorVertex(new AxisPermutation(FROM_SEQUENCE)), output);
    extents.put(vertex, new Image(image.width(), image.channels(), 1, Axes.BARE));
    rows.put(output, vertex);
  }

  /** Adds an identity layer with a loss if the last layer cannot have one. */
  private String withLoss(String output) {
    Object last = builder.getVertices().get(output);
    boolean has =
        last instanceof org.deeplearning4j.nn.conf.graph.LayerVertex v
            && (v.getLayerConf().getLayer() instanceof LossLayer
                || v.getLayerConf().getLayer()
                    instanceof org.deeplearning4j.nn.conf.layers.BaseOutputLayer);
    if (has) {
      return output;
    }
    if (extents.get(output) instanceof Vector) {
      String loss = output + ".loss";
      builder.addLayer(
          loss,
          new LossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build(),
          output);
      return loss;
    }
    notes.add("the output is an image; the model can be compared but not trained");
    return output;
  }

  private void set(ComputationGraph graph, Parameter parameter) {
    INDArray target = graph.paramTable().get(parameter.key);
    float[] values = parameter.weight.values();
    if (target == null || target.length() != values.length) {
      throw parameter
          .layer
          .config()
          .fault("DL4J has no parameter of this size for " + parameter.weight.variable());
    }
    target.assign(Nd4j.create(values, target.shape(), 'c'));
    for (float value : values) {
      if (!Float.isFinite(value)) {
        note(parameter.layer, parameter.weight.variable() + " has values that are NaN or infinite");
        break;
      }
    }
  }

  /**
   * The arrays of a layer's variables.
   *
   * @param variables the variables, in the order in which Keras creates them
   * @param shapes the shape of each
   * @throws KerasFault when the file has other arrays
   */
  static List<Weight> weights(FlatLayer layer, List<String> variables, List<long[]> shapes) {
    return checked(layer, layer.weights().arrays(layer.config(), variables), variables, shapes);
  }

  /**
   * The arrays of a layer that consists of layers.
   *
   * @param parts its layers, in the order in which Keras creates them
   * @param variables the variables of each part
   * @param shapes the shape of each, part by part
   * @throws KerasFault when the file has other arrays
   */
  static List<Weight> weights(
      FlatLayer layer, List<String> parts, List<String> variables, List<long[]> shapes) {
    List<String> names =
        parts.stream().flatMap(part -> variables.stream().map(v -> part + " " + v)).toList();
    return checked(layer, layer.weights().arrays(layer.config(), parts, variables), names, shapes);
  }

  private static List<Weight> checked(
      FlatLayer layer, List<WeightArray> arrays, List<String> variables, List<long[]> shapes) {
    List<Weight> weights = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      WeightArray array = arrays.get(i);
      if (!Arrays.equals(array.shape(), shapes.get(i))) {
        throw layer
            .config()
            .fault(
                "%s has shape %s in the weights, its configuration requires %s"
                    .formatted(
                        variables.get(i),
                        Arrays.toString(array.shape()),
                        Arrays.toString(shapes.get(i))));
      }
      // Keras counts samples in a whole number, which is not a weight.
      if (!array.readable() && !variables.get(i).equals(COUNT)) {
        throw layer
            .config()
            .fault(
                "%s is not stored as plain floating-point numbers of 16, 32 or 64 bits; save the model with dtype float32 and without compression"
                    .formatted(variables.get(i)));
      }
      weights.add(Weight.of(variables.get(i), array));
    }
    return weights;
  }
}
