package cnnlab.model.product;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes {@link MatrixProduct}: y = a · b for each image and row, where the image [N, K, B, M] is
 * the matrices [N · B, M, K].
 */
// setInputs(INDArray[]) of DL4J's own base class overrides setInputs(INDArray...).
@SuppressWarnings("overrides")
final class MatrixProductComputation extends BaseGraphVertex {
  private static final long serialVersionUID = 1;

  MatrixProductComputation(ComputationGraph graph, String name, int index, DataType type) {
    super(graph, name, index, null, null, type);
  }

  @Override
  public boolean hasLayer() {
    return false;
  }

  @Override
  public Layer getLayer() {
    return null;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray y = product(matrices(inputs[0]), matrices(inputs[1]));
    return workspaces.dup(ArrayType.ACTIVATIONS, images(y, inputs[0].size(0)), 'c');
  }

  /** dL/da = dy · bᵀ and dL/db = aᵀ · dy. */
  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    long n = inputs[0].size(0);
    INDArray dy = matrices(epsilon);
    INDArray a = matrices(inputs[0]).permute(0, 2, 1).dup('c');
    INDArray b = matrices(inputs[1]).permute(0, 2, 1).dup('c');
    return new Pair<>(
        null,
        new INDArray[] {
          workspaces.dup(ArrayType.ACTIVATION_GRAD, images(product(dy, b), n), 'c'),
          workspaces.dup(ArrayType.ACTIVATION_GRAD, images(product(a, dy), n), 'c')
        });
  }

  /** [I, M, K] · [I, K, P] for each of I matrices. */
  private static INDArray product(INDArray a, INDArray b) {
    INDArray y = Nd4j.create(a.dataType(), a.size(0), a.size(1), b.size(2));
    for (long i = 0; i < a.size(0); i++) {
      y.slice(i).assign(a.slice(i).mmul(b.slice(i)));
    }
    return y;
  }

  private static INDArray matrices(INDArray image) {
    INDArray last = image.permute(0, 2, 3, 1).dup('c');
    return last.reshape('c', last.size(0) * last.size(1), last.size(2), last.size(3));
  }

  private static INDArray images(INDArray matrices, long n) {
    return matrices
        .reshape('c', n, matrices.size(0) / n, matrices.size(1), matrices.size(2))
        .permute(0, 3, 1, 2);
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray gradients) {
    if (gradients != null) {
      throw new IllegalArgumentException("MatrixProduct has no parameters");
    }
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int batch) {
    return new Pair<>(null, state);
  }

  @Override
  public String toString() {
    return "MatrixProduct(%s)".formatted(getVertexName());
  }
}
