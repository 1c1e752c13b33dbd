package cnnlab.augment.colour;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/** Functions of symmetric 3x3 matrices of colours, as rows of numbers. */
final class SymmetricMatrix {
  private SymmetricMatrix() {}

  /**
   * The matrix with the same eigenvectors and with {@code f} applied to each eigenvalue.
   *
   * @param matrix symmetric up to rounding [3][3], not changed
   */
  static double[][] map(double[][] matrix, DoubleUnaryOperator f) {
    RealMatrix m = new Array2DRowRealMatrix(matrix);
    // Exactly symmetric, so that the eigenvectors are orthogonal.
    EigenDecomposition eigen = new EigenDecomposition(m.add(m.transpose()).scalarMultiply(0.5));
    double[] values = eigen.getRealEigenvalues();
    for (int i = 0; i < values.length; i++) {
      values[i] = f.applyAsDouble(values[i]);
    }
    RealMatrix scaled = eigen.getV().multiply(MatrixUtils.createRealDiagonalMatrix(values));
    return scaled.multiply(eigen.getVT()).getData();
  }

  /** a·b. */
  static double[][] product(double[][] a, double[][] b) {
    return new Array2DRowRealMatrix(a).multiply(new Array2DRowRealMatrix(b)).getData();
  }
}
