package cnnlab.onnx.layer;

import cnnlab.model.Updaters;
import cnnlab.model.layer.ChannelAffine;
import cnnlab.onnx.read.Limits;
import cnnlab.onnx.read.OnnxFault;
import cnnlab.onnx.read.OnnxNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Builds the DL4J graph: collects vertices in the order of computation, and the arrays that become
 * parameters once everything fits. An activation after a convolution or dense layer that nothing
 * else reads becomes the activation of that layer.
 */
final class Assembly {
  private static final double LEARNING_RATE = 1e-3;
  private static final LossFunction ANY_VALUES = LossFunction.MSE;

  /** Either a layer or another vertex, and the vertices that it reads. */
  private static final class Part {
    Layer layer;
    final GraphVertex vertex;
    final List<String> inputs;

    Part(Layer layer, GraphVertex vertex, List<String> inputs) {
      this.layer = layer;
      this.vertex = vertex;
      this.inputs = new ArrayList<>(inputs);
    }
  }

  private record Parameter(
      OnnxNode node, String vertex, String key, long size, Supplier<float[]> values) {}

  private final String input;
  private final long batch;
  private final Set<OnnxNode> passed = new HashSet<>();
  private final List<Integer> inputSizes;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<String> notes;
  private final Layouts layouts = new Layouts(this);
  private long weightBytes;

  /**
   * @param input the model's input
   * @param batch the number of examples that the file gives, or −1
   * @param notes receives notes for the user
   */
  Assembly(Live input, long batch, List<String> notes) {
    this.batch = batch;
    this.input = input.vertex();
    this.inputSizes = input.sizes();
    this.notes = notes;
    requireSize(input, "the input");
  }

  private static void requireSize(Live value, String what) {
    if (value.size() > Limits.ACTIVATIONS || value.size() < 1) {
      throw new OnnxFault(
          "%s is %s, %,d values for one example; the limit is %,d"
              .formatted(what, value.text(), value.size(), Limits.ACTIVATIONS));
    }
  }

  /** Other orders and shapes of this graph's values. */
  Layouts layouts() {
    return layouts;
  }

  /** The number of examples that the file gives, or −1. */
  long batch() {
    return batch;
  }

  /** Records that a node passes its input on, because what it computes is done before it. */
  void markPassed(OnnxNode node) {
    passed.add(node);
  }

  /** Whether a node passes its input on. */
  boolean isPassed(OnnxNode node) {
    return passed.contains(node);
  }

  /** Adds a note for the user. */
  void note(String what) {
    notes.add(what);
  }

  /**
   * Adds a layer.
   *
   * @param name its name, that of a node; numbered if it is taken
   * @param out its output; the vertex in it is replaced
   */
  Live layer(String name, Layer made, Live out, Live... inputs) {
    return put(name, out, new Part(made, null, vertices(inputs)));
  }

  /** Adds a vertex that is no layer. */
  Live vertex(String name, GraphVertex made, Live out, Live... inputs) {
    return put(name, out, new Part(null, made, vertices(inputs)));
  }

  /** Adds a preprocessor as a vertex. */
  Live preprocess(String name, InputPreProcessor made, Live out, Live from) {
    return vertex(name, new PreprocessorVertex(made), out, from);
  }

  /** Adds scale · x + offset, per channel or for all. */
  Live affine(String name, float[] scale, float[] offset, Live from) {
    return preprocess(name, new ChannelAffine(scale, offset), from, from);
  }

  /** Adds an activation. */
  Live activation(String name, IActivation f, Live from) {
    return layer(name, new ActivationLayer(f), from, from);
  }

  /**
   * What an activation was applied to.
   *
   * @return null when the value is not this activation's
   */
  Live argument(Live value, Class<? extends IActivation> activation) {
    Part part = parts.get(value.vertex());
    return part != null
            && part.layer instanceof ActivationLayer layer
            && layer.getActivationFn().getClass() == activation
        ? value.at(part.inputs.get(0))
        : null;
  }

  /** Whether a value is another one times a number. */
  boolean isScaled(Live value, Live other, double factor, double tolerance) {
    Part part = parts.get(value.vertex());
    return part != null
        && part.inputs.get(0).equals(other.vertex())
        && value.axes().equals(other.axes())
        && part.vertex instanceof PreprocessorVertex v
        && v.getPreProcessor() instanceof ChannelAffine affine
        && affine.scale().length == 1
        && affine.offset().length == 1
        && affine.offset()[0] == 0
        && Math.abs(affine.scale()[0] - factor) <= tolerance;
  }

  private static List<String> vertices(Live... inputs) {
    List<String> names = new ArrayList<>();
    for (Live in : inputs) {
      names.add(in.vertex());
    }
    return names;
  }

  private Live put(String wanted, Live out, Part part) {
    requireSize(out, "the output of node '" + wanted + "'");
    String name = wanted;
    for (int i = 2; parts.containsKey(name) || name.equals(input); i++) {
      name = wanted + "." + i;
    }
    parts.put(name, part);
    return out.at(name);
  }

  /** Sets a parameter of a vertex, such as {@code W}, when the graph is built. */
  void set(OnnxNode node, Live vertex, String key, long size, Supplier<float[]> values) {
    weightBytes += size * Float.BYTES;
    Limits.requireWeights("node '" + node.name() + "' and those before it", weightBytes);
    parameters.add(new Parameter(node, vertex.vertex(), key, size, values));
  }

  /**
   * Builds the graph.
   *
   * @param output the model's output
   * @throws OnnxFault when the weights do not fit
   */
  ComputationGraph build(Live output) {
    if (output.vertex().equals(input)) {
      throw new OnnxFault("the model computes nothing: its output is its input");
    }
    removeUnused(output.vertex());
    Map<String, String> fused = fuseActivations(output.vertex());
    copyOverwritten();
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .updater(Updaters.adam(LEARNING_RATE, 0.9, 0.999, 1e-8))
            .graphBuilder()
            .addInputs(input)
            .setInputTypes(inputType())
            .validateOutputLayerConfig(false);
    String last = withLoss(fused.getOrDefault(output.vertex(), output.vertex()), output);
    parts.forEach(
        (name, part) -> {
          String[] from = part.inputs.toArray(String[]::new);
          if (part.layer != null) {
            builder.addLayer(name, part.layer, from);
          } else {
            builder.addVertex(name, part.vertex, from);
          }
        });
    builder.setOutputs(last);
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    parameters.forEach(p -> set(graph, p));
    return graph;
  }

  private InputType inputType() {
    return inputSizes.size() == 1
        ? InputType.feedForward(inputSizes.get(0))
        : InputType.convolutional(inputSizes.get(1), inputSizes.get(2), inputSizes.get(0));
  }

  /** Removes what the output does not depend on, such as parts of formulas. */
  private void removeUnused(String output) {
    Set<String> used = new HashSet<>(Set.of(output));
    List<String> names = new ArrayList<>(parts.keySet());
    for (int i = names.size() - 1; i >= 0; i--) {
      if (used.contains(names.get(i))) {
        used.addAll(parts.get(names.get(i)).inputs);
      }
    }
    parts.keySet().retainAll(used);
    parameters.removeIf(p -> !parts.containsKey(p.vertex));
  }

  /** How many vertices read each vertex. */
  private Map<String, Integer> readers() {
    Map<String, Integer> readers = new HashMap<>();
    parts.values().forEach(p -> p.inputs.forEach(i -> readers.merge(i, 1, Integer::sum)));
    return readers;
  }

  /**
   * Gives layers with weights the activation that follows them.
   *
   * @return for each activation that is gone the vertex that has it now
   */
  private Map<String, String> fuseActivations(String output) {
    Map<String, Integer> readers = readers();
    Map<String, String> fused = new HashMap<>();
    for (String name : List.copyOf(parts.keySet())) {
      Part part = parts.get(name);
      part.inputs.replaceAll(i -> fused.getOrDefault(i, i));
      if (!(part.layer instanceof ActivationLayer activation)) {
        continue;
      }
      String from = part.inputs.get(0);
      Part before = parts.get(from);
      if (before != null
          && (before.layer instanceof ConvolutionLayer || before.layer instanceof DenseLayer)
          && before.layer instanceof BaseLayer layer
          && layer.getActivationFn() instanceof ActivationIdentity
          && readers.get(from) == 1
          && !from.equals(output)) {
        layer.setActivationFn(activation.getActivationFn());
        fused.put(name, from);
        readers.put(from, readers.getOrDefault(name, 0));
        parts.remove(name);
      }
    }
    return fused;
  }

  /**
   * Lets layers that overwrite their input at inference read a copy, if something else reads the
   * input or memory that it shares.
   */
  private void copyOverwritten() {
    Map<String, Integer> readers = readers();
    for (String name : List.copyOf(parts.keySet())) {
      Part part = parts.get(name);
      if ((part.layer instanceof ActivationLayer || part.layer instanceof PReLULayer)
          && shared(part.inputs.get(0), readers)) {
        String copy = name + ".input";
        GraphVertex made =
            new PreprocessorVertex(new ChannelAffine(new float[] {1}, new float[] {0}));
        parts.put(copy, new Part(null, made, part.inputs));
        part.inputs.set(0, copy);
      }
    }
  }

  private boolean shared(String name, Map<String, Integer> readers) {
    if (name.equals(input) || readers.get(name) > 1) {
      return true;
    }
    Part part = parts.get(name);
    // A preprocessor that flattens gives a view of its input.
    return part.vertex instanceof PreprocessorVertex v
        && !(v.getPreProcessor() instanceof ChannelAffine)
        && shared(part.inputs.get(0), readers);
  }

  /** Makes the last layer one with a loss, if it can have one. */
  private String withLoss(String name, Live output) {
    Part part = parts.get(name);
    boolean read = readers().containsKey(name);
    if (!output.isVector()) {
      note("the output is an image; the model can be compared but not trained");
      return name;
    }
    if (part.layer instanceof DenseLayer dense && !read) {
      part.layer =
          new OutputLayer.Builder(loss(dense.getActivationFn()))
              .nIn(dense.getNIn())
              .nOut(dense.getNOut())
              .hasBias(dense.hasBias())
              .activation(dense.getActivationFn())
              .build();
      return name;
    }
    if (part.layer instanceof ActivationLayer activation && !read) {
      IActivation f = activation.getActivationFn();
      part.layer = new LossLayer.Builder(loss(f)).activation(f).build();
      return name;
    }
    LossLayer loss = new LossLayer.Builder(ANY_VALUES).activation(new ActivationIdentity()).build();
    String last = name + ".loss";
    parts.put(last, new Part(loss, null, List.of(name)));
    return last;
  }

  private static LossFunction loss(IActivation activation) {
    if (activation instanceof ActivationSoftmax) {
      return LossFunction.MCXENT;
    }
    return activation instanceof ActivationSigmoid ? LossFunction.XENT : ANY_VALUES;
  }

  private void set(ComputationGraph graph, Parameter parameter) {
    INDArray target = graph.paramTable().get(parameter.vertex + "_" + parameter.key);
    if (target == null || target.length() != parameter.size) {
      throw parameter.node.fault("DL4J has no parameter of this size for its weights");
    }
    float[] values = parameter.values.get();
    target.assign(Nd4j.create(values, target.shape(), 'c'));
    for (float value : values) {
      if (!Float.isFinite(value)) {
        note("node '%s': weights that are NaN or infinite".formatted(parameter.node.name()));
        break;
      }
    }
  }
}
