package cnnlab.model.layer;

/**
 * The filters of a {@link GroupConvolution} in all orientations: [8O, 8C, k, k] from the stored
 * weights w [O, C, 8, k, k], and [8O, C, k, k] from [O, C, k, k] if an image is lifted.
 *
 * <p>Orientation 4m + q stands for q quarter turns anticlockwise after m mirrorings of left and
 * right. The filter of output orientation g is the stored one, turned and mirrored by g, and reads
 * input orientation h with the weights of orientation g⁻¹h:
 *
 * <pre>
 *   bank[o, g, c, h] = g applied to the k×k kernel w[o, c, g⁻¹h]
 * </pre>
 */
final class FilterBank {
  static final int ORIENTATIONS = 8;
  private static final int TURNS = 4;

  private final int in;
  private final int out;
  private final int side;
  private final int inOrientations;

  FilterBank(GroupConvolution layer) {
    this.in = Math.toIntExact(layer.getNIn());
    this.out = Math.toIntExact(layer.getNOut());
    this.side = layer.side();
    this.inOrientations = layer.lifting() ? 1 : ORIENTATIONS;
  }

  long[] storedShape() {
    return inOrientations == 1
        ? new long[] {out, in, side, side}
        : new long[] {out, in, inOrientations, side, side};
  }

  /** {@link Long#MAX_VALUE} if there are more. */
  long storedWeights() {
    double exact = (double) out * in * inOrientations * side * side;
    return exact < Long.MAX_VALUE ? (long) out * in * inOrientations * side * side : Long.MAX_VALUE;
  }

  long[] shape() {
    return new long[] {outputs(), inputs(), side, side};
  }

  /** 8C, or C if an image is lifted. */
  long inputs() {
    return (long) in * inOrientations;
  }

  /** 8O. */
  long outputs() {
    return (long) out * ORIENTATIONS;
  }

  double fanIn() {
    return (double) inputs() * side * side;
  }

  double fanOut() {
    return (double) outputs() * side * side;
  }

  /**
   * For every weight of the bank, the position of the stored weight that it is a copy of.
   *
   * @throws ArithmeticException when the bank is too large for an array
   */
  int[] sources() {
    int area = side * side;
    int[] sources = new int[Math.toIntExact(Math.multiplyExact(storedWeights(), ORIENTATIONS))];
    int at = 0;
    for (int o = 0; o < out; o++) {
      for (int g = 0; g < ORIENTATIONS; g++) {
        for (int c = 0; c < in; c++) {
          for (int h = 0; h < inOrientations; h++) {
            int kernel = (o * in + c) * inOrientations + (inOrientations == 1 ? 0 : relative(g, h));
            for (int u = 0; u < side; u++) {
              for (int v = 0; v < side; v++) {
                sources[at++] = kernel * area + before(g, u, v);
              }
            }
          }
        }
      }
    }
    return sources;
  }

  /**
   * g⁻¹h. With R for a quarter turn and M for a mirroring, MR = R⁻¹M; so the inverse of R^q is
   * R^−q, and R^q·M is its own.
   */
  static int relative(int g, int h) {
    int turns = h % TURNS - g % TURNS;
    boolean mirrored = h >= TURNS;
    if (g >= TURNS) {
      turns = -turns;
      mirrored = !mirrored;
    }
    return Math.floorMod(turns, TURNS) + (mirrored ? TURNS : 0);
  }

  /** Where a kernel's value at (u, v) stood before it was transformed by g. */
  private int before(int g, int u, int v) {
    int row = u;
    int column = v;
    for (int turn = 0; turn < g % TURNS; turn++) {
      int above = column;
      column = side - 1 - row;
      row = above;
    }
    return row * side + (g < TURNS ? column : side - 1 - column);
  }
}
