package cnnlab.model.norm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of a {@link GroupNormalization}: gamma, initially 1, then beta, initially 0. */
final class GroupNormalizationParameters implements ParamInitializer {
  static final GroupNormalizationParameters INSTANCE = new GroupNormalizationParameters();
  static final String GAMMA = "gamma";
  static final String BETA = "beta";

  private GroupNormalizationParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return 2 * channels(layer);
  }

  private static long channels(Layer layer) {
    return ((GroupNormalization) layer).getNIn();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return List.of(GAMMA, BETA);
  }

  /** None: as in batch normalisation, penalties do not apply. */
  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of();
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return false;
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return false;
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray parameters, boolean initialize) {
    Map<String, INDArray> table = views(conf.getLayer(), parameters);
    if (initialize) {
      table.get(GAMMA).assign(1);
      table.get(BETA).assign(0);
    }
    table.keySet().forEach(conf::addVariable);
    return table;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradients) {
    return views(conf.getLayer(), gradients);
  }

  private static Map<String, INDArray> views(Layer layer, INDArray flat) {
    long c = channels(layer);
    INDArray row = flat.reshape(flat.length());
    Map<String, INDArray> table = new LinkedHashMap<>();
    table.put(GAMMA, row.get(NDArrayIndex.interval(0, c)).reshape('c', 1, c));
    table.put(BETA, row.get(NDArrayIndex.interval(c, 2 * c)).reshape('c', 1, c));
    return table;
  }
}
