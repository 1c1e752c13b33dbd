package cnnlab.crosscheck.bound;

import static cnnlab.crosscheck.bound.RoundingBounds.TINY;
import static cnnlab.crosscheck.bound.RoundingBounds.U;
import static cnnlab.crosscheck.bound.RoundingBounds.gamma;

import cnnlab.scratch64.layer.Shape;

/**
 * Bounds of softmax, p[i] = exp(x[i] − max x) / Σ exp(x[j] − max x), and of its logarithm.
 *
 * <p><b>Conditioning.</b> When each logit may be wrong by e[i], ln p[i] changes by ∫ Σ_j p[j]·(δ[i]
 * − δ[j]); on the way no p[j] grows by more than the factor exp(2·max e), so that
 *
 * <pre>
 *   |Δ ln p[i]| ≤ c[i] = exp(2·max e) · ( (1 − p[i])·e[i] + Σ_{j≠i} p[j]·e[j] )
 *   |Δ p[i]| ≤ p[i]·(exp(c[i]) − 1), and at most 1, whatever the logits
 * </pre>
 *
 * whose first order is the usual p[i]·(e[i] + Σ p[j]·e[j]).
 *
 * <p><b>Roundings.</b> With d = max x − x: the subtraction rounds to within u·d, and a reduction of
 * the argument by a rounded ln 2 to within another u·d, both of which exp turns into a relative
 * error. For exp itself 4 ulp (8u) are assumed: the engine from scratch takes {@code Math.exp} in
 * double precision (1 ulp of a double, far less than u after rounding to float), the C library's
 * float exp under ND4J stays below 1 ulp, and the polynomial of vectorised libraries such as oneDNN
 * within 4. Then the sum of K terms (γ_K) and the division, or a multiplication with the rounded
 * reciprocal (3u):
 *
 * <pre>
 *   r[i] = (8 + 2·d[i])·u + Σ p[j]·(8 + 2·d[j])·u + γ_K + 3u
 * </pre>
 */
final class SoftmaxBounds {
  private static final double EXP = 8;
  private static final double DIVISION = 3;

  /** Bounds r far below it, so that second-order terms are covered by as much. */
  private static final double SECOND_ORDER = 1.01;

  /** Where logits may be wrong by this, exp(2e) tells nothing, and soon is no number. */
  private static final double DOMAIN = 300;

  /** A computed probability is above 1 by the roundings of a reciprocal at most. */
  private static final double MOST = 1 + 4 * U;

  private SoftmaxBounds() {}

  private interface Row {
    /**
     * @param conditioning c[i]
     * @param own r[i]
     * @param logSum of exp(x − max)
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
   * The same for log p. Its own roundings: those of the sum, of the logarithm (4 ulp), of two
   * subtractions; or those of the logarithm of a computed p.
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
