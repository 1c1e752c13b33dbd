package cnnlab.inference;

import cnnlab.config.UsageException;
import cnnlab.model.GraphEnds;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.dl4j.UnsupportedGraphException;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A model read from a file.
 *
 * @param file the file, for messages
 * @param graph the model
 * @param input the layout of one input, or null when the file does not give it, as files of DL4J do
 *     not
 * @param output the layout of one output, or null when the file does not give it
 */
public record LoadedModel(
    Path file, ComputationGraph graph, ArrayLayout input, ArrayLayout output) {

  /** Whether the outputs are probabilities: the last activation is a softmax or a sigmoid. */
  public boolean givesProbabilities() {
    return GraphEnds.endsInProbabilities(graph);
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
              .formatted(file, what, ArrayLayout.of(shape), e.getMessage()),
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
