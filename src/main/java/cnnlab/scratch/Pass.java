package cnnlab.scratch;

/**
 * One node's view of the numbers while some groups of images go through it.
 *
 * <p>Activations lie in groups of L images (L = {@link Kernels#lanes}): value (n, c, h, w) of a
 * tensor [N, C, H, W] stands at {@code (((n / L)·C + c)·H + h)·W + w)·L + n % L}. With L = 1 that
 * is plain [N, C, H, W]. Gradients of activations lie the same way.
 */
final class Pass {
  /** The loops to compute with. */
  Kernels kernels;

  /** Memory of the thread that computes, for what a kernel needs in between. */
  Scratchpad scratchpad;

  /** The first group of images. */
  int from;

  /** One behind the last group. */
  int to;

  /** How many images there are in all groups; a last group that is not full ends with zeros. */
  int images;

  /** The node's place in the network. */
  Node node;

  /** The window on the input, or null. */
  Window.Geometry geometry;

  /** The convolution on the input, or null. */
  ConvShape convolution;

  /** Shapes of the inputs. */
  Shape[] inShapes;

  /** Activations of the inputs. */
  float[][] inputs;

  /** Activations of the node. */
  float[] output;

  /** All parameters of the network; the node's begin at its parameter offset. */
  float[] parameters;

  /** Whether the network is being trained. */
  boolean training;

  /** dLoss/dOutput; null at inference. */
  float[] outputGradient;

  /** dLoss/dInput for each input, to be written; an entry is null where nobody asks. */
  float[][] inputGradients;

  /** dLoss/dParameters, to be added to; laid out as {@link #parameters}. */
  float[] parameterGradients;

  /** What a layer keeps from forward to backward; shared by all passes of the node. */
  Object memory;

  /** Which step of the training this is, for dropout. */
  long step;

  /** The seed of the node's random numbers. */
  long seed;

  /** The same pass over other groups. */
  Pass on(int first, int end, Scratchpad pad) {
    Pass pass = new Pass();
    pass.kernels = kernels;
    pass.scratchpad = pad;
    pass.from = first;
    pass.to = end;
    pass.images = images;
    pass.node = node;
    pass.geometry = geometry;
    pass.convolution = convolution;
    pass.inShapes = inShapes;
    pass.inputs = inputs;
    pass.output = output;
    pass.parameters = parameters;
    pass.training = training;
    pass.outputGradient = outputGradient;
    pass.inputGradients = inputGradients;
    pass.parameterGradients = parameterGradients;
    pass.memory = memory;
    pass.step = step;
    pass.seed = seed;
    return pass;
  }

  /** The only input. */
  float[] input() {
    return inputs[0];
  }

  /** dLoss/dInput of the only input, or null. */
  float[] inputGradient() {
    return inputGradients[0];
  }

  /** The only input's shape. */
  Shape inShape() {
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
  int imagesIn(int group) {
    return Math.min(kernels.lanes(), images - group * kernels.lanes());
  }
}
