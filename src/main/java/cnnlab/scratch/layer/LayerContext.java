package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ConvolutionGeometry;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.Window;

/**
 * Everything a layer computes with at its place in a network: tensors, parameters, gradients, and
 * the current groups of images.
 *
 * <p>Activations lie in groups of L images (L = {@link Kernels#lanes}): value (n, c, h, w) of a
 * tensor [N, C, H, W] stands at {@code (((n / L)·C + c)·H + h)·W + w)·L + n % L}. With L = 1 that
 * is plain [N, C, H, W]. Gradients of activations lie the same way.
 *
 * <p>Only {@link #groups}, {@link #scratchpad} and {@link #batch} change, from one batch to the
 * next. A context is used by one thread at a time.
 */
public final class LayerContext {
  /** The loops to compute with. */
  public final Kernels kernels;

  /** The node's place in the network. */
  public final Node node;

  /** Whether the network is being trained. */
  public final boolean training;

  /** The window on the input, or null if the layer has none. */
  public final Window.Geometry geometry;

  /** The convolution on the input, or null if the layer is not a convolution. */
  public final ConvolutionGeometry convolution;

  /** Shapes of the inputs. */
  public final Shape[] inShapes;

  /** Activations of the inputs. */
  public final float[][] inputs;

  /** Activations of the node. */
  public final float[] output;

  /** All parameters of the network; the node's begin at its parameter offset. */
  public final float[] parameters;

  /** What the layer computes with in place of its parameters; see {@link Layer#expand}. */
  public final float[] expanded;

  /** dLoss/dOutput; null at inference. */
  public final float[] outputGradient;

  /** dLoss/dInput for each input, to be overwritten; an entry is null if it is not required. */
  public final float[][] inputGradients;

  /** dLoss/dParameters, to be added to; laid out as {@link #parameters}. Null at inference. */
  public final float[] parameterGradients;

  /** What the layer keeps from forward to backward, for all groups; see {@link Layer#newState}. */
  public final Object savedForBackward;

  /** The groups of images to compute. */
  public Range groups = new Range(0, 0);

  /** Working memory of the thread that computes. */
  public Scratchpad scratchpad;

  /** The batch to which the groups belong. */
  public Batch batch = new Batch(0, 0, 0);

  /**
   * One batch.
   *
   * @param images how many images all groups hold; a last group that is not full ends with zeros
   * @param step which step of the training this is, from 0; chooses the random numbers
   * @param seed of the network's random numbers
   */
  public record Batch(int images, long step, long seed) {}

  /**
   * The tensors around a node, each with all groups.
   *
   * @param inShapes shapes of the inputs
   * @param inputs activations of the inputs
   * @param output activations of the node
   * @param outputGradient dLoss/dOutput; null at inference
   * @param inputGradients dLoss/dInput for each input; entries may be null
   */
  public record Tensors(
      Shape[] inShapes,
      float[][] inputs,
      float[] output,
      float[] outputGradient,
      float[][] inputGradients) {}

  /**
   * @param kernels the loops to compute with
   * @param node the node's place in the network
   * @param tensors around the node
   * @param parameters all parameters of the network
   * @param parameterGradients their gradients; null at inference
   * @param savedForBackward what {@link Layer#newState} gave; null at inference
   */
  public LayerContext(
      Kernels kernels,
      Node node,
      Tensors tensors,
      float[] parameters,
      float[] parameterGradients,
      Object savedForBackward) {
    this.kernels = kernels;
    this.node = node;
    this.training = parameterGradients != null;
    this.inShapes = tensors.inShapes;
    this.inputs = tensors.inputs;
    this.output = tensors.output;
    this.outputGradient = tensors.outputGradient;
    this.inputGradients = tensors.inputGradients;
    this.parameters = parameters;
    this.parameterGradients = parameterGradients;
    this.savedForBackward = savedForBackward;
    this.expanded = new float[node.layer().expandedCount()];
    this.geometry = node.layer().geometry(inShape());
    this.convolution = geometry == null ? null : node.layer().convolution(geometry);
  }

  /**
   * dLoss/dOutput before the node's fused ReLU: where the output is 0, the gradient is set to 0.
   *
   * @param relu whether the node has a fused ReLU; without, nothing is changed
   */
  float[] gradientBeforeRelu(boolean relu) {
    if (relu) {
      Shape out = node.shape();
      kernels.reluGradient(output, outputGradient, begin(out), end(out));
    }
    return outputGradient;
  }

  /** The same node, with gradients of the parameters elsewhere. */
  private LayerContext(LayerContext other, float[] parameterGradients) {
    this.kernels = other.kernels;
    this.node = other.node;
    this.training = other.training;
    this.geometry = other.geometry;
    this.convolution = other.convolution;
    this.inShapes = other.inShapes;
    this.inputs = other.inputs;
    this.output = other.output;
    this.parameters = other.parameters;
    this.expanded = other.expanded;
    this.outputGradient = other.outputGradient;
    this.inputGradients = other.inputGradients;
    this.parameterGradients = parameterGradients;
    this.savedForBackward = other.savedForBackward;
  }

  /**
   * A context for a part of the groups: the same tensors, parameters and saved state.
   *
   * @param partialGradients the part's own gradients of the parameters; null at inference
   */
  public LayerContext part(float[] partialGradients) {
    return new LayerContext(this, partialGradients);
  }

  /** The only input. */
  public float[] input() {
    return inputs[0];
  }

  /** dLoss/dInput of the only input, or null if it is not required. */
  public float[] inputGradient() {
    return inputGradients[0];
  }

  /** The only input's shape. */
  public Shape inShape() {
    return inShapes[0];
  }

  /** Where the groups begin in a tensor of the given shape. */
  int begin(Shape shape) {
    return groups.from() * shape.size() * kernels.lanes();
  }

  /** Where the groups end in a tensor of the given shape. */
  int end(Shape shape) {
    return groups.to() * shape.size() * kernels.lanes();
  }

  /** How many of a group's L images are real, at least 1 and at most L. */
  public int imagesIn(int group) {
    return Math.min(kernels.lanes(), batch.images() - group * kernels.lanes());
  }
}
