package cnnlab.scratch;

/**
 * One node's view of the numbers while some groups of images go through it.
 *
 * <p>Activations lie in groups of L images (L = {@link Kernels#lanes}): value (n, c, h, w) of a
 * tensor [N, C, H, W] stands at {@code (((n / L)·C + c)·H + h)·W + w)·L + n % L}. With L = 1 that
 * is plain [N, C, H, W].
 */
final class Pass {
  /** The loops to compute with. */
  Kernels kernels;

  /** The first group of images. */
  int from;

  /** One behind the last group. */
  int to;

  /** The node's place in the network. */
  Network.Node node;

  /** Shapes of the inputs. */
  Shape[] inShapes;

  /** Activations of the inputs. */
  float[][] inputs;

  /** Activations of the node, to be written. */
  float[] output;

  /** All parameters of the network; the node's begin at its parameter offset. */
  float[] parameters;

  /** The only input. */
  float[] input() {
    return inputs[0];
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
}
