package cnnlab.model.shape;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Rows and columns of images [N, C, H, W] as weighted sums of others: what ONNX's Resize, Slice and
 * Pad do with one or two rows for each, and means over one axis with all. A product with one matrix
 * for the columns and one for the rows.
 */
public final class Resampling extends ShapeChange {
  private static final long serialVersionUID = 1;
  private static final int MOST = 1 << 20;

  @JsonProperty private final long[] from;
  @JsonProperty private final int[][] rows;
  @JsonProperty private final double[][] rowFactors;
  @JsonProperty private final int[][] columns;
  @JsonProperty private final double[][] columnFactors;

  /**
   * @param from [H, W] of the input
   * @param rows for each row of the output the rows of the input that it is made of
   * @param rowFactors their factors
   * @param columns for each column of the output the columns of the input that it is made of
   * @param columnFactors their factors
   * @throws IllegalArgumentException when a row or column is outside, or has no factor
   */
  @JsonCreator
  public Resampling(
      @JsonProperty("from") long[] from,
      @JsonProperty("rows") int[][] rows,
      @JsonProperty("rowFactors") double[][] rowFactors,
      @JsonProperty("columns") int[][] columns,
      @JsonProperty("columnFactors") double[][] columnFactors) {
    if (from.length != 2) {
      throw new IllegalArgumentException("a resampling needs two sides");
    }
    require(from[0], rows, rowFactors);
    require(from[1], columns, columnFactors);
    this.from = from.clone();
    this.rows = copy(rows);
    this.rowFactors = copy(rowFactors);
    this.columns = copy(columns);
    this.columnFactors = copy(columnFactors);
  }

  private static void require(long size, int[][] at, double[][] factors) {
    boolean fits = size > 0 && size <= MOST && at.length > 0 && at.length == factors.length;
    for (int i = 0; fits && i < at.length; i++) {
      fits =
          at[i].length == factors[i].length
              && Arrays.stream(at[i]).allMatch(k -> k >= 0 && k < size);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "rows or columns of a resampling are not among the %s, or have no factors"
              .formatted(size));
    }
  }

  private static int[][] copy(int[][] values) {
    return Arrays.stream(values).map(int[]::clone).toArray(int[][]::new);
  }

  private static double[][] copy(double[][] values) {
    return Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
  }

  /** For each row of the output the rows of the input that it is made of. */
  public int[][] rows() {
    return copy(rows);
  }

  /** The factors of {@link #rows}. */
  public double[][] rowFactors() {
    return copy(rowFactors);
  }

  /** For each column of the output the columns of the input that it is made of. */
  public int[][] columns() {
    return copy(columns);
  }

  /** The factors of {@link #columns}. */
  public double[][] columnFactors() {
    return copy(columnFactors);
  }

  /**
   * The share of each of {@code size} rows in each of the output: [size, target]; null when each is
   * its own.
   */
  private static INDArray matrix(long size, int[][] at, double[][] factors) {
    boolean same = at.length == size;
    for (int i = 0; same && i < at.length; i++) {
      same = at[i].length == 1 && at[i][0] == i && factors[i][0] == 1;
    }
    if (same) {
      return null;
    }
    float[][] shares = new float[(int) size][at.length];
    for (int i = 0; i < at.length; i++) {
      for (int k = 0; k < at[i].length; k++) {
        shares[at[i][k]][i] += (float) factors[i][k];
      }
    }
    return Nd4j.createFromArray(shares);
  }

  private INDArray rowMatrix() {
    return matrix(from[0], rows, rowFactors);
  }

  private INDArray columnMatrix() {
    return matrix(from[1], columns, columnFactors);
  }

  @Override
  INDArray forward(INDArray input, long n) {
    return BilinearResize.multiply(input, rowMatrix(), columnMatrix());
  }

  @Override
  INDArray backward(INDArray gradient, long n) {
    return BilinearResize.multiply(gradient, transposed(rowMatrix()), transposed(columnMatrix()));
  }

  private static INDArray transposed(INDArray matrix) {
    return matrix == null ? null : matrix.transpose();
  }

  @Override
  InputType output(InputType input) {
    long[] in = image(input);
    if (in[1] != from[0] || in[2] != from[1]) {
      throw refusal(input);
    }
    return image(new long[] {in[0], rows.length, columns.length});
  }

  @Override
  public String toString() {
    return "Resampling(%s x %s, rows %s of %s, columns %s of %s)"
        .formatted(
            from[0],
            from[1],
            Arrays.deepToString(rowFactors),
            Arrays.deepToString(rows),
            Arrays.deepToString(columnFactors),
            Arrays.deepToString(columns));
  }
}
