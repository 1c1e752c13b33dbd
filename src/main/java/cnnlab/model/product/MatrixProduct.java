package cnnlab.model.product;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products of matrices that are both activations, as in attention (Vaswani et al. 2017): one for
 * each row of an image, in channels-last order. With a = [M, K] and b = [K, P] in each of B rows,
 * the inputs are the images a [N, K, B, M] and b [N, P, B, K] and the output is
 *
 * <pre>
 *   y[n, p, r, m] = Σ_k a[n, k, r, m] · b[n, p, r, k],   [N, P, B, M]
 * </pre>
 */
public final class MatrixProduct extends GraphVertex {
  private static final long serialVersionUID = 1;

  @Override
  public MatrixProduct clone() {
    return new MatrixProduct();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MatrixProduct;
  }

  @Override
  public int hashCode() {
    return MatrixProduct.class.hashCode();
  }

  @Override
  public long numParams(boolean backprop) {
    return 0;
  }

  @Override
  public int minVertexInputs() {
    return 2;
  }

  @Override
  public int maxVertexInputs() {
    return 2;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    return new MatrixProductComputation(graph, name, index, type);
  }

  /**
   * @throws InvalidInputTypeException when the inputs are not images whose sides fit
   */
  @Override
  public InputType getOutputType(int index, InputType... inputs) throws InvalidInputTypeException {
    if (inputs.length == 2
        && inputs[0] instanceof InputTypeConvolutional a
        && inputs[1] instanceof InputTypeConvolutional b
        && a.getChannels() == b.getWidth()
        && a.getHeight() == b.getHeight()) {
      return InputType.convolutional(a.getHeight(), a.getWidth(), b.getChannels());
    }
    throw new InvalidInputTypeException(
        "MatrixProduct cannot take %s; expected images [K, B, M] and [P, B, K]"
            .formatted(java.util.Arrays.toString(inputs)));
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    InputType out;
    try {
      out = getOutputType(0, inputs);
    } catch (InvalidInputTypeException e) {
      throw new IllegalArgumentException(e);
    }
    return new LayerMemoryReport.Builder(null, MatrixProduct.class, inputs[0], out)
        .standardMemory(0, 0)
        .workingMemory(0, 0, 0, 0)
        .cacheMemory(0, 0)
        .build();
  }
}
