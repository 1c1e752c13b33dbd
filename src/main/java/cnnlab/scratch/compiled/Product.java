package cnnlab.scratch.compiled;

import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activation;

/**
 * A convolution or dense layer in the form in which it is multiplied: weights [K, columns], where a
 * row k stands for row u, column v and channel c of the window, (u·KW + v)·C + c.
 *
 * @param window the window on the input
 * @param taps K
 * @param columns output channels
 * @param weights where the weights are
 * @param scale the factor of each column
 * @param bias [columns]; the factor is contained
 * @param activation is applied to the sums
 */
record Product(
    Window.Geometry window,
    int taps,
    int columns,
    Weights weights,
    double[] scale,
    double[] bias,
    Activation activation) {

  /** Weights in some order. */
  interface Weights {
    /** The weight of tap k for a column. */
    float at(int k, int column);
  }

  /**
   * With another factor and summand for each column after the bias: factor · y + summand, as batch
   * normalisation computes it.
   */
  Product then(double[] factor, double[] summand) {
    double[] s = new double[columns];
    double[] b = new double[columns];
    for (int j = 0; j < columns; j++) {
      s[j] = factor[j] * scale[j];
      b[j] = factor[j] * bias[j] + summand[j];
    }
    return new Product(window, taps, columns, weights, s, b, activation);
  }

  /** With an activation. */
  Product then(Activation f) {
    return new Product(window, taps, columns, weights, scale, bias, f);
  }

  /**
   * The weights in panels of columns, each [K, width], the last one filled up with zeros.
   *
   * @param panelFrom where panels begin, in vectors, and where the last one ends
   * @param lanes floats of a vector
   */
  float[] packed(int[] panelFrom, int lanes) {
    int panels = panelFrom.length - 1;
    float[] packed = new float[Math.multiplyExact(taps, panelFrom[panels] * lanes)];
    int at = 0;
    for (int p = 0; p < panels; p++) {
      for (int k = 0; k < taps; k++) {
        for (int j = panelFrom[p] * lanes; j < panelFrom[p + 1] * lanes; j++) {
          packed[at++] = j < columns ? (float) (scale[j] * weights.at(k, j)) : 0;
        }
      }
    }
    return packed;
  }

  /** The bias, filled up with zeros. */
  float[] paddedBias(int lanes) {
    float[] padded = new float[(columns + lanes - 1) / lanes * lanes];
    for (int j = 0; j < columns; j++) {
      padded[j] = (float) bias[j];
    }
    return padded;
  }
}
