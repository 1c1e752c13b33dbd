package cnnlab.model.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a {@link GroupConvolution} computes: ND4J's convolution of [N, 8C, H, W] to [N, 8O, H, W],
 * which is the memory of [N, C, 8H, W] and [N, O, 8H, W], with the filters of {@link FilterBank}.
 * Weights are copied in Java, because ND4J's {@code gather} takes a microsecond for each.
 */
final class GroupConvolutionComputation extends BaseLayer<GroupConvolution> {
  private static final long serialVersionUID = 1;

  private static final int SAME_PADDING = 1;
  private static final int CHANNELS_FIRST = 0;

  /** Weights are [out, in, height, width]. */
  private static final int OUT_IN_HEIGHT_WIDTH = 1;

  private transient int[] sources;

  GroupConvolutionComputation(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public Type type() {
    return Type.CONVOLUTIONAL;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public boolean hasBias() {
    return layerConf().hasBias();
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    applyDropOutIfNecessary(training, workspaces);
    INDArray z = linear(training, ArrayType.ACTIVATIONS, workspaces);
    return layerConf().getActivationFn().getActivation(z, training);
  }

  /** The output before the activation [N, O, 8H, W]. */
  private INDArray linear(boolean training, ArrayType array, LayerWorkspaceMgr workspaces) {
    INDArray x = planes(input);
    long[] shape = {x.size(0), bank().outputs(), x.size(2), x.size(3)};
    INDArray z = workspaces.createUninitialized(array, dataType, shape, 'c');
    INDArray w = filters(training, workspaces);
    if (hasBias()) {
      convolve("conv2d", new INDArray[] {x, w, biases(training, workspaces)}, z);
    } else {
      convolve("conv2d", new INDArray[] {x, w}, z);
    }
    return z.reshape('c', outputShape(x));
  }

  /** Writes the parameters' gradients to their views, and returns that of the input. */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray x = planes(input);
    IActivation f = layerConf().getActivationFn();
    INDArray dz =
        f instanceof ActivationIdentity
            ? epsilon
            : f.backprop(linear(true, ArrayType.BP_WORKING_MEM, workspaces), epsilon).getFirst();
    dz = contiguous(dz).reshape('c', x.size(0), bank().outputs(), x.size(2), x.size(3));
    INDArray dx =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
    INDArray w = filters(true, workspaces);
    INDArray dw = Nd4j.createUninitialized(dataType, w.shape(), 'c');
    Gradient gradient = new DefaultGradient();
    if (hasBias()) {
      INDArray db = Nd4j.createUninitialized(dataType, bank().outputs());
      INDArray[] inputs = {x, w, biases(true, workspaces), dz};
      convolve("conv2d_bp", inputs, dx, dw, db);
      add(gradient, GroupConvolutionParameters.BIAS, foldedBiases(db));
    } else {
      convolve("conv2d_bp", new INDArray[] {x, w, dz}, dx, dw);
    }
    add(gradient, GroupConvolutionParameters.WEIGHTS, folded(dw));
    weightNoiseParams.clear();
    return new Pair<>(gradient, backpropDropOutIfPresent(dx.reshape('c', input.shape())));
  }

  /** Copies a parameter's gradient to where the optimiser reads it. */
  private void add(Gradient gradient, String name, INDArray values) {
    INDArray view = gradientViews.get(name);
    view.assign(values);
    gradient.setGradientFor(name, view, 'c');
  }

  private void convolve(String name, INDArray[] inputs, INDArray... outputs) {
    int side = layerConf().side();
    Nd4j.exec(
        DynamicCustomOp.builder(name)
            .addInputs(inputs)
            .addOutputs(outputs)
            .addIntegerArguments(
                side, side, 1, 1, 0, 0, 1, 1, SAME_PADDING, CHANNELS_FIRST, OUT_IN_HEIGHT_WIDTH)
            .build());
  }

  private FilterBank bank() {
    return new FilterBank(layerConf());
  }

  private int[] sources() {
    if (sources == null) {
      sources = bank().sources();
    }
    return sources;
  }

  /** The weights in all orientations [8O, 8C, k, k]. */
  private INDArray filters(boolean training, LayerWorkspaceMgr workspaces) {
    float[] stored = values(GroupConvolutionParameters.WEIGHTS, training, workspaces);
    int[] from = sources();
    float[] filters = new float[from.length];
    for (int i = 0; i < filters.length; i++) {
      filters[i] = stored[from[i]];
    }
    return Nd4j.create(filters, bank().shape(), 'c');
  }

  /** The biases of all orientations [8O]. */
  private INDArray biases(boolean training, LayerWorkspaceMgr workspaces) {
    float[] stored = values(GroupConvolutionParameters.BIAS, training, workspaces);
    float[] all = new float[stored.length * FilterBank.ORIENTATIONS];
    for (int i = 0; i < all.length; i++) {
      all[i] = stored[i / FilterBank.ORIENTATIONS];
    }
    return Nd4j.createFromArray(all);
  }

  private float[] values(String name, boolean training, LayerWorkspaceMgr workspaces) {
    return getParamWithNoise(name, training, workspaces).dup('c').data().asFloat();
  }

  /** The gradient of the stored weights: the sum over their copies. */
  private INDArray folded(INDArray dFilters) {
    float[] copies = dFilters.data().asFloat();
    int[] from = sources();
    double[] sums = new double[from.length / FilterBank.ORIENTATIONS];
    for (int i = 0; i < from.length; i++) {
      sums[from[i]] += copies[i];
    }
    float[] folded = new float[sums.length];
    for (int i = 0; i < folded.length; i++) {
      folded[i] = (float) sums[i];
    }
    return Nd4j.create(folded, bank().storedShape(), 'c');
  }

  /** The gradient of the stored biases [1, O]. */
  private static INDArray foldedBiases(INDArray db) {
    return db.reshape('c', 1, db.length() / FilterBank.ORIENTATIONS, FilterBank.ORIENTATIONS)
        .sum(2);
  }

  /** The input as [N, 8C, H, W]; an image as it is. */
  private INDArray planes(INDArray x) {
    GroupConvolution layer = layerConf();
    if (x.rank() != 4 || x.size(1) != layer.getNIn()) {
      throw new IllegalArgumentException(
          "layer %s: input [N, %d, H, W] expected, %s found"
              .formatted(layerId(), layer.getNIn(), Arrays.toString(x.shape())));
    }
    int orientations = layer.lifting() ? 1 : FilterBank.ORIENTATIONS;
    if (x.size(2) % orientations != 0) {
      throw new IllegalArgumentException(
          "layer %s: a height that is a multiple of 8 expected, %s found"
              .formatted(layerId(), Arrays.toString(x.shape())));
    }
    return contiguous(x)
        .reshape('c', x.size(0), bank().inputs(), x.size(2) / orientations, x.size(3));
  }

  private long[] outputShape(INDArray planes) {
    return new long[] {
      planes.size(0),
      layerConf().getNOut(),
      FilterBank.ORIENTATIONS * planes.size(2),
      planes.size(3)
    };
  }

  private static INDArray contiguous(INDArray x) {
    return x.ordering() == 'c' && Shape.hasDefaultStridesForShape(x) ? x : x.dup('c');
  }
}
