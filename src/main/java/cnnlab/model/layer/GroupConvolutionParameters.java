package cnnlab.model.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The parameters of a {@link GroupConvolution}: weights, then bias. Weights are initialised with
 * the fan-in and fan-out of the filter bank, as a convolution of 8C to 8O channels would be.
 */
final class GroupConvolutionParameters implements ParamInitializer {
  static final GroupConvolutionParameters INSTANCE = new GroupConvolutionParameters();
  static final String WEIGHTS = "W";
  static final String BIAS = "b";

  private GroupConvolutionParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return weights(of(layer)) + biases(of(layer));
  }

  private static GroupConvolution of(Layer layer) {
    return (GroupConvolution) layer;
  }

  private static long weights(GroupConvolution layer) {
    return new FilterBank(layer).storedWeights();
  }

  private static long biases(GroupConvolution layer) {
    return layer.hasBias() ? layer.getNOut() : 0;
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return of(layer).hasBias() ? List.of(WEIGHTS, BIAS) : List.of(WEIGHTS);
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of(WEIGHTS);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return of(layer).hasBias() ? List.of(BIAS) : List.of();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return WEIGHTS.equals(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return BIAS.equals(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray parameters, boolean initialize) {
    GroupConvolution layer = of(conf.getLayer());
    Map<String, INDArray> table = views(layer, parameters);
    if (initialize) {
      FilterBank bank = new FilterBank(layer);
      INDArray flat = part(parameters, 0, weights(layer));
      layer.getWeightInitFn().init(bank.fanIn(), bank.fanOut(), bank.storedShape(), 'c', flat);
      if (layer.hasBias()) {
        table.get(BIAS).assign(layer.getBiasInit());
      }
    }
    table.keySet().forEach(conf::addVariable);
    return table;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradients) {
    return views(of(conf.getLayer()), gradients);
  }

  private static Map<String, INDArray> views(GroupConvolution layer, INDArray flat) {
    long weights = weights(layer);
    Map<String, INDArray> table = new LinkedHashMap<>();
    table.put(WEIGHTS, part(flat, 0, weights).reshape('c', new FilterBank(layer).storedShape()));
    if (layer.hasBias()) {
      table.put(
          BIAS, part(flat, weights, weights + layer.getNOut()).reshape('c', 1, layer.getNOut()));
    }
    return table;
  }

  /** Values {@code from} to {@code to} of a row, as a view. */
  private static INDArray part(INDArray row, long from, long to) {
    return row.reshape(row.length()).get(NDArrayIndex.interval(from, to));
  }
}
