package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ConvolutionGeometry;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.WeightsAndBias;
import cnnlab.scratch.kernel.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Group convolution over p4m, the translations, quarter turns and mirrorings of the plane (Cohen
 * and Welling 2016, "Group equivariant convolutional networks", ICML, equations 10 and 11). A
 * feature map has a value at each position and in each of the eight orientations of {@link
 * SquareSymmetry}. For output channel o in orientation g at position p:
 *
 * <pre>
 *   lifting an image:  y[o, g](p) = f( b[o] + Σ_c Σ_d w[o, c](g⁻¹d) · x[c](p + d) )
 *   feature maps:      y[o, g](p) = f( b[o] + Σ_c Σ_h Σ_d w[o, c, g⁻¹h](g⁻¹d) · x[c, h](p + d) )
 * </pre>
 *
 * where d runs over the offsets of a k×k kernel from its centre and x is zero outside the image.
 * Turning or mirroring a square image by s turns or mirrors the output, and moves orientation g to
 * s·g.
 *
 * <p>The eight orientations of a channel lie one below the other: input [N, C, H, W] for lifting,
 * else [N, C, 8H, W]; output [N, O, 8H, W]; weights [O, C, k, k] or [O, C, 8, k, k], one bias for
 * all orientations of a channel. So batch normalisation, which has one scale for each channel, and
 * global pooling are equivariant and invariant as they should be, and so is pooling by windows that
 * do not cross from one orientation into the next.
 *
 * <p>It is computed as the convolution [N, 8C, H, W] to [N, 8O, H, W], which is the same memory,
 * with the filter bank [8O, 8C, k, k] of all transformed weights, written before each batch.
 *
 * @param inChannels C, at least 1; image channels for lifting, else channels of eight orientations
 * @param outChannels O, at least 1, channels of eight orientations
 * @param side k, rows and columns of the kernel, odd
 * @param lifting whether the input is an image
 * @param bias whether there is a bias b
 * @param relu whether f is ReLU; f is the identity otherwise
 */
public record GroupConv2d(
    int inChannels, int outChannels, int side, boolean lifting, boolean bias, boolean relu)
    implements Layer {
  private static final int ORIENTATIONS = SquareSymmetry.COUNT;

  /**
   * @throws IllegalArgumentException when a number is not positive or the kernel's side is even
   */
  public GroupConv2d {
    if (Math.min(inChannels, outChannels) < 1) {
      throw new IllegalArgumentException(
          "group convolution of %d to %d channels: both must be at least 1"
              .formatted(inChannels, outChannels));
    }
    if (side < 1 || side % 2 == 0) {
      throw new IllegalArgumentException(
          "group convolution with a kernel of %dx%d: its side must be odd, so that the kernel turns about a pixel"
              .formatted(side, side));
    }
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.withChannels(this, inputs, inChannels);
    if (!lifting && in.height() % ORIENTATIONS != 0) {
      throw new IllegalArgumentException(
          "group convolution reads eight orientations one below the other, so the height must be a multiple of 8; its input is %s"
              .formatted(in));
    }
    return new Shape(
        outChannels,
        lifting ? Math.multiplyExact(ORIENTATIONS, in.height()) : in.height(),
        in.width());
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> list = new ArrayList<>();
    list.add(
        lifting
            ? Parameter.of("W", outChannels, inChannels, side, side)
            : Parameter.of("W", outChannels, inChannels, ORIENTATIONS, side, side));
    if (bias) {
      list.add(Parameter.of("b", outChannels));
    }
    return list;
  }

  @Override
  public Window window() {
    return Window.square(side, 1, Padding.SAME);
  }

  /** The input as planes: an image's channels, or each orientation of each channel. */
  public Shape planes(Shape in) {
    return lifting
        ? in
        : new Shape(
            Math.multiplyExact(in.channels(), ORIENTATIONS),
            in.height() / ORIENTATIONS,
            in.width());
  }

  @Override
  public Window.Geometry geometry(Shape in) {
    Shape planes = planes(in);
    return window().on(planes.height(), planes.width());
  }

  @Override
  public ConvolutionGeometry convolution(Window.Geometry geometry) {
    return new ConvolutionGeometry(
        inChannels * inOrientations(), outChannels * ORIENTATIONS, geometry);
  }

  /** The number of products that are added up for a value: 8C·k², or C·k² for lifting. */
  public int products() {
    return inChannels * inOrientations() * side * side;
  }

  private int inOrientations() {
    return lifting ? 1 : ORIENTATIONS;
  }

  /** Weights of the filter bank, followed by its biases. */
  @Override
  public int expandedCount() {
    int biases = bias ? Math.multiplyExact(ORIENTATIONS, outChannels) : 0;
    return Math.addExact(expandedWeights(), biases);
  }

  private int expandedWeights() {
    return Math.multiplyExact(ORIENTATIONS, parameters().get(0).size());
  }

  /** The filter bank: bank[o, g, c, h](d) = w[o, c, g⁻¹h](g⁻¹d); for lifting there is no h. */
  @Override
  public void expand(float[] parameters, int begin, float[] bank) {
    forEachKernel(
        (at, from, sources) -> {
          for (int i = 0; i < sources.length; i++) {
            bank[at + i] = parameters[begin + from + sources[i]];
          }
        });
    int weights = expandedWeights();
    int stored = begin + weights / ORIENTATIONS;
    for (int i = weights; i < bank.length; i++) {
      bank[i] = parameters[stored + (i - weights) / ORIENTATIONS];
    }
  }

  /** The gradient of the stored parameters: the sum over the copies in the filter bank. */
  private void addFolded(float[] bank, float[] gradients, int begin) {
    forEachKernel(
        (at, from, sources) -> {
          for (int i = 0; i < sources.length; i++) {
            gradients[begin + from + sources[i]] += bank[at + i];
          }
        });
    int weights = expandedWeights();
    int stored = begin + weights / ORIENTATIONS;
    for (int i = weights; i < expandedCount(); i++) {
      gradients[stored + (i - weights) / ORIENTATIONS] += bank[i];
    }
  }

  /** A kernel of the filter bank. */
  private interface Kernel {
    /**
     * @param at where it begins in the bank
     * @param from where the stored kernel begins among the weights
     * @param sources position in the stored kernel for each of its positions
     */
    void of(int at, int from, int[] sources);
  }

  private void forEachKernel(Kernel kernel) {
    int area = side * side;
    int[][] sources = new int[ORIENTATIONS][];
    for (int g = 0; g < ORIENTATIONS; g++) {
      sources[g] = SquareSymmetry.of(g).sources(side);
    }
    int[][] relative = relativeOrientations();
    int in = inOrientations();
    int at = 0;
    for (int o = 0; o < outChannels; o++) {
      for (int g = 0; g < ORIENTATIONS; g++) {
        for (int c = 0; c < inChannels; c++) {
          for (int h = 0; h < in; h++, at += area) {
            int from = ((o * inChannels + c) * in + (lifting ? 0 : relative[g][h])) * area;
            kernel.of(at, from, sources[g]);
          }
        }
      }
    }
  }

  /** g⁻¹h for all g and h. */
  private static int[][] relativeOrientations() {
    int[][] relative = new int[ORIENTATIONS][ORIENTATIONS];
    for (int g = 0; g < ORIENTATIONS; g++) {
      for (int h = 0; h < ORIENTATIONS; h++) {
        relative[g][h] = SquareSymmetry.of(g).inverse().after(SquareSymmetry.of(h)).index();
      }
    }
    return relative;
  }

  @Override
  public void forward(LayerContext context) {
    context.kernels.conv2d(
        context.convolution,
        bank(context.expanded),
        relu,
        context.input(),
        context.output,
        context.groups,
        context.scratchpad);
  }

  @Override
  public void backward(LayerContext context) {
    float[] dy = context.gradientBeforeRelu(relu);
    float[] gradients = context.scratchpad.ofLayer(expandedCount());
    Arrays.fill(gradients, 0, expandedCount(), 0);
    context.kernels.conv2dWeightGradient(
        context.convolution,
        context.input(),
        dy,
        bank(gradients),
        context.groups,
        context.scratchpad);
    addFolded(gradients, context.parameterGradients, context.node.parameterOffset());
    if (context.inputGradient() != null) {
      context.kernels.conv2dInputGradient(
          context.convolution,
          bank(context.expanded),
          dy,
          context.inputGradient(),
          context.groups,
          context.scratchpad);
    }
  }

  private WeightsAndBias bank(float[] values) {
    return new WeightsAndBias(values, 0, bias ? expandedWeights() : WeightsAndBias.NO_BIAS);
  }
}
