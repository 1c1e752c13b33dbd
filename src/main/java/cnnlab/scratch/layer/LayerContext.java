package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ConvolutionGeometry;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.Window;

/**
 * One node's view of the numbers while some groups of images go through it.
 *
 * <p>Activations lie in groups of L images (L = {@link Kernels#lanes}): value (n, c, h, w) of a
 * tensor [N, C, H, W] stands at {@code (((n / L)·C + c)·H + h)·W + w)·L + n % L}. With L = 1 that
 * is plain [N, C, H, W]. Gradients of activations lie the same way.
 */
public final class LayerContext {
  /** The loops to compute with. */
  public Kernels kernels;

  /** Memory of the thread that computes, for what a kernel needs in between. */
  public Scratchpad scratchpad;

  /** The first group of images. */
  public int from;

  /** One behind the last group. */
  public int to;

  /** How many images there are in all groups; a last group that is not full ends with zeros. */
  public int images;

  /** The node's place in the network. */
  public Node node;

  /** The window on the input, or null. */
  public Window.Geometry geometry;

  /** The convolution on the input, or null. */
  public ConvolutionGeometry convolution;

  /** Shapes of the inputs. */
  public Shape[] inShapes;

  /** Activations of the inputs. */
  public float[][] inputs;

  /** Activations of the node. */
  public float[] output;

  /** All parameters of the network; the node's begin at its parameter offset. */
  public float[] parameters;

  /** Whether the network is being trained. */
  public boolean training;

  /** dLoss/dOutput; null at inference. */
  public float[] outputGradient;

  /** dLoss/dInput for each input, to be written; an entry is null where nobody asks. */
  public float[][] inputGradients;

  /** dLoss/dParameters, to be added to; laid out as {@link #parameters}. */
  public float[] parameterGradients;

  /** What a layer keeps from forward to backward; shared by all passes of the node. */
  public Object savedForBackward;

  /** Which step of the training this is, for dropout. */
  public long step;

  /** The seed of the node's random numbers. */
  public long seed;

  /** The same pass over other groups. */
  public LayerContext slice(int first, int end, Scratchpad pad) {
    LayerContext context = new LayerContext();
    context.kernels = kernels;
    context.scratchpad = pad;
    context.from = first;
    context.to = end;
    context.images = images;
    context.node = node;
    context.geometry = geometry;
    context.convolution = convolution;
    context.inShapes = inShapes;
    context.inputs = inputs;
    context.output = output;
    context.parameters = parameters;
    context.training = training;
    context.outputGradient = outputGradient;
    context.inputGradients = inputGradients;
    context.parameterGradients = parameterGradients;
    context.savedForBackward = savedForBackward;
    context.step = step;
    context.seed = seed;
    return context;
  }

  /** The only input. */
  public float[] input() {
    return inputs[0];
  }

  /** dLoss/dInput of the only input, or null. */
  public float[] inputGradient() {
    return inputGradients[0];
  }

  /** The only input's shape. */
  public Shape inShape() {
    return inShapes[0];
  }

  /** Where this pass begins in a tensor of the given shape. */
  int begin(Shape shape) {
    return from * shape.size() * kernels.lanes();
  }

  /** Where this pass ends in a tensor of the given shape. */
  int end(Shape shape) {
    return to * shape.size() * kernels.lanes();
  }

  /** How many of a group's L images are real. */
  public int imagesIn(int group) {
    return Math.min(kernels.lanes(), images - group * kernels.lanes());
  }
}
