package cnnlab.model.norm;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What a {@link GroupNormalization} computes: every row of a matrix [sets, values] is normalised.
 * Computed in double precision and rounded once.
 */
final class GroupNormalizationComputation extends BaseLayer<GroupNormalization> {
  private static final long serialVersionUID = 1;

  GroupNormalizationComputation(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public Type type() {
    return Type.NORMALIZATION;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray normal = image(normal(sets(input)));
    INDArray y = normal.mul(channels(GroupNormalizationParameters.GAMMA));
    y = y.add(channels(GroupNormalizationParameters.BETA));
    return rounded(ArrayType.ACTIVATIONS, y, workspaces);
  }

  /** Writes the parameters' gradients to their views, and returns that of the input. */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray x = sets(input);
    INDArray normal = normal(x);
    INDArray dy = epsilon.castTo(DataType.DOUBLE);
    Gradient gradient = new DefaultGradient();
    add(gradient, GroupNormalizationParameters.GAMMA, dy.mul(image(normal)));
    add(gradient, GroupNormalizationParameters.BETA, dy);
    INDArray g = sets(dy.mul(channels(GroupNormalizationParameters.GAMMA)));
    INDArray dx = g.sub(g.mean(true, 1)).sub(normal.mul(g.mul(normal).mean(true, 1)));
    dx = image(dx.mul(factor(x)));
    weightNoiseParams.clear();
    return new Pair<>(gradient, rounded(ArrayType.ACTIVATION_GRAD, dx, workspaces));
  }

  /** Writes the sum over everything but the channels to where the optimiser reads it. */
  private void add(Gradient gradient, String name, INDArray values) {
    INDArray sums = values.rank() == 4 ? values.sum(0, 2, 3) : values.sum(0);
    INDArray view = gradientViews.get(name);
    view.assign(sums.reshape(view.shape()));
    gradient.setGradientFor(name, view);
  }

  private INDArray rounded(ArrayType type, INDArray values, LayerWorkspaceMgr workspaces) {
    return workspaces
        .createUninitialized(type, dataType, input.shape(), 'c')
        .assign(values.castTo(dataType));
  }

  /** A parameter, to be combined with [N, C, H, W] or [N, C]. */
  private INDArray channels(String name) {
    INDArray values = getParam(name).castTo(DataType.DOUBLE);
    long c = layerConf().getNIn();
    return input.rank() == 4 ? values.reshape(1, c, 1, 1) : values.reshape(1, c);
  }

  private INDArray normal(INDArray sets) {
    return sets.sub(sets.mean(true, 1)).mul(factor(sets));
  }

  /** 1 / √(var + eps) of every row. */
  private INDArray factor(INDArray sets) {
    INDArray d = sets.sub(sets.mean(true, 1));
    return Transforms.sqrt(d.mul(d).mean(true, 1).add(layerConf().eps()), true).rdiv(1);
  }

  /** [N, C, H, W] or [N, C] as a matrix of the values that share a mean. */
  private INDArray sets(INDArray x) {
    GroupNormalization layer = layerConf();
    long n = x.size(0);
    long c = layer.getNIn();
    long plane = x.length() / (n * c);
    INDArray wide = x.castTo(DataType.DOUBLE).dup('c');
    return layer.everyPosition()
        ? wide.reshape('c', n, c, plane)
            .permute(0, 2, 1)
            .dup('c')
            .reshape('c', n * plane * layer.groups(), c / layer.groups())
        : wide.reshape('c', n * layer.groups(), c / layer.groups() * plane);
  }

  /** The inverse of {@link #sets}. */
  private INDArray image(INDArray sets) {
    long n = input.size(0);
    long c = layerConf().getNIn();
    INDArray image = sets.dup('c');
    if (layerConf().everyPosition()) {
      image = image.reshape('c', n, input.length() / (n * c), c).permute(0, 2, 1).dup('c');
    }
    return image.reshape('c', input.shape());
  }
}
