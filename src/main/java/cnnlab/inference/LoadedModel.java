package cnnlab.inference;

import cnnlab.config.UsageException;
import cnnlab.model.GraphEnds;
import cnnlab.model.JoinedGraph;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.dl4j.UnsupportedGraphException;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A model read from a file.
 *
 * @param file the file, for messages
 * @param graph the model
 * @param input the layout of one input, or null when the file does not give it, as files of DL4J do
 *     not
 * @param output the layout of one output, or null when the file does not give it
 * @param ends the inputs and outputs if there are several, which are joined in {@code graph}; else
 *     null. Also null for a file of DL4J until {@link #joined} is told the shapes of its inputs
 */
public record LoadedModel(
    Path file, ComputationGraph graph, ArrayLayout input, ArrayLayout output, ModelEnds ends) {

  /** A model with one input and one output. */
  public LoadedModel(Path file, ComputationGraph graph, ArrayLayout input, ArrayLayout output) {
    this(file, graph, input, output, null);
  }

  /** A model whose inputs or outputs are joined. */
  LoadedModel(Path file, ComputationGraph graph, ModelEnds ends) {
    this(file, graph, ends.input(), ends.output(), ends);
  }

  /** Whether the model has several inputs or outputs that have to be {@link #joined} first. */
  public boolean isApart() {
    return ends == null && JoinedGraph.concerns(graph);
  }

  /**
   * Requires one input and one output.
   *
   * @param who what needs it, for the message
   * @return this model
   * @throws UsageException when there are several; the message names them
   */
  public LoadedModel requireSingle(String who) {
    if (ends != null || isApart()) {
      throw new UsageException(
          "%s has the inputs %s and the outputs %s; %s takes models with one input and one output"
              .formatted(file, inputNames(), outputNames(), who));
    }
    return this;
  }

  /** The names of the inputs; those of DL4J are the vertices'. */
  public List<String> inputNames() {
    return ends != null
        ? ModelEnds.names(ends.inputs())
        : graph.getConfiguration().getNetworkInputs();
  }

  /** The names of the outputs; of a single one there is no need to know it. */
  public List<String> outputNames() {
    return ends != null
        ? ModelEnds.names(ends.outputs())
        : graph.getConfiguration().getNetworkOutputs();
  }

  /**
   * The model with joined inputs and outputs.
   *
   * @param layouts the layout of each input, in the order of {@link #inputNames}
   * @return this model if there is nothing to join
   * @throws UsageException when the model does not fit such inputs
   */
  public LoadedModel joined(List<ArrayLayout> layouts) {
    if (!isApart()) {
      return this;
    }
    List<String> names = inputNames();
    List<InputType> types = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      types.add(type(names.get(i), layouts.get(i)));
    }
    JoinedGraph made;
    try {
      made = JoinedGraph.of(graph, types);
    } catch (RuntimeException e) {
      throw new UsageException(
          "%s does not fit inputs of the shapes %s: %s"
              .formatted(file, described(names, layouts), e.getMessage()),
          e);
    }
    List<String> outputs = made.outputs().stream().map(JoinedGraph.End::name).toList();
    List<ArrayLayout> outputLayouts =
        made.outputs().stream().map(end -> new ArrayLayout(end.sizes())).toList();
    return new LoadedModel(
        file,
        made.graph(),
        new ModelEnds(
            ModelEnds.of(made.inputs(), names, layouts),
            ModelEnds.of(made.outputs(), outputs, outputLayouts),
            made.joining()));
  }

  /** Whether the sizes of all dense layers suit inputs of these layouts; quickly found. */
  boolean fits(List<ArrayLayout> layouts) {
    List<InputType> types = new ArrayList<>();
    for (int i = 0; i < layouts.size(); i++) {
      types.add(type(inputNames().get(i), layouts.get(i)));
    }
    return JoinedGraph.fits(graph, types);
  }

  /** The shape of an input for DL4J. */
  InputType type(String name, ArrayLayout layout) {
    Shape shape = layout.shape();
    return shape.isVector() && GraphEnds.takesVectors(graph, List.of(name))
        ? InputType.feedForward(shape.channels())
        : InputType.convolutional(shape.height(), shape.width(), shape.channels());
  }

  private static String described(List<String> names, List<ArrayLayout> layouts) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      parts.add(names.get(i) + " " + layouts.get(i));
    }
    return String.join(", ", parts);
  }

  /**
   * The inputs' shapes for messages: {@code [28, 28, 1]}, or with names if there are several.
   *
   * @param layout of the only input
   */
  public String inputText(ArrayLayout layout) {
    return ends == null || ends.inputs().size() == 1
        ? layout.toString()
        : ModelEnds.text(ends.inputs());
  }

  /** Whether there are several outputs, joined in {@code graph}. */
  public boolean hasSeveralOutputs() {
    return ends != null && ends.outputs().size() > 1;
  }

  /**
   * Whether the outputs, or some of several, are probabilities: the last activation is a softmax or
   * a sigmoid.
   */
  public boolean givesProbabilities() {
    if (isApart()) {
      return graph.getConfiguration().getNetworkOutputs().stream()
          .anyMatch(vertex -> GraphEnds.endsInProbabilities(graph, vertex));
    }
    return hasSeveralOutputs()
        ? ends.outputs().stream().anyMatch(this::givesProbabilities)
        : GraphEnds.endsInProbabilities(graph);
  }

  /** Whether one of several outputs is probabilities. */
  public boolean givesProbabilities(ModelEnds.End output) {
    return GraphEnds.endsInProbabilities(graph, output.vertex());
  }

  /** The last activation of one of several outputs, such as {@code softmax}. */
  public String lastActivation(ModelEnds.End output) {
    return GraphEnds.lastActivation(graph, output.vertex());
  }

  /** The last activation, such as {@code softmax} or {@code identity}. */
  public String lastActivation() {
    return GraphEnds.lastActivation(graph);
  }

  /** The layout of one output of the compiled model. */
  public ArrayLayout outputLayout(Network network) {
    return output != null ? output : ArrayLayout.of(network.outputShape());
  }

  /**
   * Compiles the model for the engine from scratch.
   *
   * @param shape shape of one input
   * @param what the name of the inputs, for messages
   * @throws UnsupportedGraphException when the engine does not support the model
   * @throws UsageException when the model does not fit the inputs
   */
  public Network compile(Shape shape, String what, Kernels kernels) {
    try {
      return GraphCompiler.compile(graph, shape, kernels);
    } catch (UnsupportedGraphException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "%s does not fit %s, of shape %s each: %s"
              .formatted(file, what, inputText(ArrayLayout.of(shape)), e.getMessage()),
          e);
    }
  }

  /** Whether the model accepts inputs of a shape. */
  public boolean takes(Shape shape, Kernels kernels) {
    if (GraphEnds.takesVectors(graph) != shape.isVector()) {
      return false;
    }
    try {
      GraphCompiler.compile(graph, shape, kernels);
      return true;
    } catch (UnsupportedGraphException e) {
      throw new UsageException(file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
