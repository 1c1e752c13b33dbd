package cnnlab.augment.colour;

import java.util.function.DoubleUnaryOperator;

/** Symmetric 3x3 matrices of colours, as rows of numbers. */
final class SymmetricMatrix {
  static final int SIZE = 3;

  /** Each sweep roughly squares the error; seven suffice from any start. */
  private static final int SWEEPS = 12;

  private SymmetricMatrix() {}

  /**
   * The matrix with the same eigenvectors and with {@code f} applied to each eigenvalue, by
   * Jacobi's rotations (Golub and Van Loan, "Matrix computations", section 8.5).
   *
   * @param matrix symmetric [3][3], not changed
   */
  static double[][] map(double[][] matrix, DoubleUnaryOperator f) {
    double[][] a = {matrix[0].clone(), matrix[1].clone(), matrix[2].clone()};
    double[][] vectors = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      rotate(a, vectors, 0, 1);
      rotate(a, vectors, 0, 2);
      rotate(a, vectors, 1, 2);
    }
    double[][] mapped = new double[SIZE][SIZE];
    for (int e = 0; e < SIZE; e++) {
      double value = f.applyAsDouble(a[e][e]);
      for (int row = 0; row < SIZE; row++) {
        for (int column = 0; column < SIZE; column++) {
          mapped[row][column] += vectors[row][e] * value * vectors[column][e];
        }
      }
    }
    return mapped;
  }

  /** Makes a[p][q] zero: a becomes JᵀaJ, and the vectors, which are columns, vectors·J. */
  private static void rotate(double[][] a, double[][] vectors, int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.copySign(1, tau) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
    double cos = 1 / Math.sqrt(1 + t * t);
    double sin = t * cos;
    turnColumns(a, p, q, cos, sin);
    turnColumns(vectors, p, q, cos, sin);
    for (int k = 0; k < SIZE; k++) {
      double first = a[p][k];
      double second = a[q][k];
      a[p][k] = cos * first - sin * second;
      a[q][k] = sin * first + cos * second;
    }
  }

  private static void turnColumns(double[][] m, int p, int q, double cos, double sin) {
    for (double[] row : m) {
      double first = row[p];
      double second = row[q];
      row[p] = cos * first - sin * second;
      row[q] = sin * first + cos * second;
    }
  }

  /** a·b. */
  static double[][] product(double[][] a, double[][] b) {
    double[][] product = new double[SIZE][SIZE];
    for (int row = 0; row < SIZE; row++) {
      for (int column = 0; column < SIZE; column++) {
        for (int k = 0; k < SIZE; k++) {
          product[row][column] += a[row][k] * b[k][column];
        }
      }
    }
    return product;
  }
}
