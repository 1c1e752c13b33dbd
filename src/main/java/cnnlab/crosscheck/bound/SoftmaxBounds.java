package cnnlab.crosscheck.bound;

import static cnnlab.crosscheck.bound.RoundingBounds.TINY;
import static cnnlab.crosscheck.bound.RoundingBounds.U;
import static cnnlab.crosscheck.bound.RoundingBounds.gamma;

import cnnlab.scratch64.layer.Shape;

/**
 * Bounds of softmax, p[i] = exp(x[i] − max x) / Σ exp(x[j] − max x), and of its logarithm.
 *
 * <p><b>Conditioning.</b> If each logit has an error of at most e[i], ln p[i] changes by ∫ Σ_j
 * p[j]·(δ[i] − δ[j]); along the path no p[j] grows by more than the factor exp(2·max e), so that
 *
 * <pre>
 *   |Δ ln p[i]| ≤ c[i] = exp(2·max e) · ( (1 − p[i])·e[i] + Σ_{j≠i} p[j]·e[j] )
 *   |Δ p[i]| ≤ p[i]·(exp(c[i]) − 1), and at most 1 for any logits
 * </pre>
 *
 * To first order this is the usual p[i]·(e[i] + Σ p[j]·e[j]).
 *
 * <p><b>Rounding errors.</b> With d = max x − x, the subtraction has an error of at most u·d, and
 * argument reduction by a rounded ln 2 another u·d; exp turns both into relative errors. For exp
 * itself 4 ulp (8u) are assumed: the engine from scratch uses {@code Math.exp} in double precision
 * (1 ulp of a double, far less than u after rounding to float), the C library's float exp in ND4J
 * has an error below 1 ulp, and the polynomials of vectorised libraries such as oneDNN stay within
 * 4 ulp. The sum of K terms adds γ_K, and the division, or the multiplication by a rounded
 * reciprocal, adds 3u:
 *
 * <pre>
 *   r[i] = (8 + 2·d[i])·u + Σ p[j]·(8 + 2·d[j])·u + γ_K + 3u
 * </pre>
 */
final class SoftmaxBounds {
  private static final double EXP = 8;
  private static final double DIVISION = 3;

  /** A factor that covers second-order terms, for r far below its margin. */
  private static final double SECOND_ORDER = 1.01;

  /** For logit errors above this, exp(2e) is meaningless and soon overflows. */
  private static final double DOMAIN = 300;

  /** A computed probability can exceed 1 only by the rounding errors of a reciprocal. */
  private static final double MOST = 1 + 4 * U;

  private SoftmaxBounds() {}

  private interface Row {
    /**
     * @param conditioning c[i]
     * @param own r[i]
     * @param logSum the logarithm of Σ exp(x − max)
     * @param below d[i]
     */
    double error(int at, double conditioning, double own, double logSum, double below);
  }

  /**
   * @param x logits [n, shape], over the channels at each position
   * @param p their softmax
   * @param e errors of the logits
   * @return errors of {@code p}
   */
  static double[] softmax(double[] x, double[] p, double[] e, Shape shape, int n) {
    return rows(
        x,
        e,
        shape,
        n,
        (at, c, r, logSum, below) -> {
          double moved = Double.isInfinite(c) ? 1 : Math.min(p[at] * Math.expm1(c), 1);
          return Math.min((p[at] + moved) * r + moved + 4 * TINY, MOST);
        });
  }

  /**
   * The same for log p. Its own rounding errors are those of the sum, the logarithm (4 ulp) and two
   * subtractions, or those of the logarithm of a computed p.
   */
  static double[] logSoftmax(double[] x, double[] y, double[] e, Shape shape, int n) {
    return rows(
        x,
        e,
        shape,
        n,
        (at, c, r, logSum, below) ->
            c + r + U * (8 * Math.abs(y[at]) + 8 * logSum + 2 * below) + 4 * TINY);
  }

  private static double[] rows(double[] x, double[] e, Shape shape, int n, Row row) {
    double[] errors = new double[x.length];
    int k = shape.channels();
    int stride = shape.plane();
    double[] p = new double[k];
    for (int image = 0; image < n; image++) {
      for (int position = 0; position < stride; position++) {
        row(x, e, errors, image * k * stride + position, stride, p, row);
      }
    }
    return errors;
  }

  private static void row(
      double[] x, double[] e, double[] errors, int begin, int stride, double[] p, Row row) {
    double max = Double.NEGATIVE_INFINITY;
    double largest = 0;
    for (int j = 0; j < p.length; j++) {
      max = Math.max(max, x[begin + j * stride]);
      largest = Math.max(largest, e[begin + j * stride]);
    }
    double sum = 0;
    for (int j = 0; j < p.length; j++) {
      p[j] = Math.exp(x[begin + j * stride] - max);
      sum += p[j];
    }
    double weightedError = 0;
    double weightedRounding = 0;
    for (int j = 0; j < p.length; j++) {
      p[j] /= sum;
      weightedError += p[j] * e[begin + j * stride];
      weightedRounding += p[j] * (EXP + 2 * (max - x[begin + j * stride])) * U;
    }
    for (int i = 0; i < p.length; i++) {
      int at = begin + i * stride;
      double others = 0;
      for (int j = 0; j < p.length && p.length <= 64; j++) {
        others += j == i ? 0 : p[j];
      }
      others = p.length <= 64 ? others : 1 - p[i] + p.length * 0x1p-52;
      double c =
          largest < DOMAIN
              ? Math.exp(2 * largest) * (others * e[at] + Math.max(weightedError - p[i] * e[at], 0))
              : Double.POSITIVE_INFINITY;
      double below = max - x[at];
      double r =
          SECOND_ORDER
              * ((EXP + 2 * below) * U + weightedRounding + gamma(p.length) + DIVISION * U);
      errors[at] = row.error(at, c, r, Math.log(sum), below);
    }
  }
}
