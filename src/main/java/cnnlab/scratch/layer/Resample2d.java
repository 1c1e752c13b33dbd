package cnnlab.scratch.layer;

import java.util.Arrays;
import java.util.List;

/**
 * Rows and columns of images as weighted sums of others:
 *
 * <pre>
 *   y[c, i, j] = Σ_r Σ_s rows[i][r] · columns[j][s] · x[c, r, s]
 * </pre>
 *
 * <p>With one factor of 1 for each it selects, repeats or mirrors rows and columns; with two it
 * interpolates. Input [N, C, H, W], output [N, C, OH, OW].
 *
 * @param rows OH of them
 * @param columns OW of them
 */
public record Resample2d(List<Taps> rows, List<Taps> columns) implements Layer {

  /**
   * What one row or column is made of.
   *
   * @param at rows or columns of the input
   * @param factors one for each
   */
  public record Taps(List<Integer> at, List<Double> factors) {
    public Taps {
      at = List.copyOf(at);
      factors = List.copyOf(factors);
    }
  }

  public Resample2d {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
  }

  /** The number of products in a value, at most. */
  public int terms() {
    return most(rows) * most(columns);
  }

  /** The same with the magnitudes of the factors, for bounds on rounding errors. */
  public Resample2d magnitudes() {
    return new Resample2d(magnitudes(rows), magnitudes(columns));
  }

  private static List<Taps> magnitudes(List<Taps> axis) {
    return axis.stream()
        .map(t -> new Taps(t.at(), t.factors().stream().map(Math::abs).toList()))
        .toList();
  }

  private static int most(List<Taps> axis) {
    return axis.stream().mapToInt(t -> t.at().size()).max().orElse(0);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    require(rows, in.height(), in);
    require(columns, in.width(), in);
    return new Shape(in.channels(), rows.size(), columns.size());
  }

  private static void require(List<Taps> axis, int size, Shape in) {
    for (Taps taps : axis) {
      for (int at : taps.at()) {
        if (at < 0 || at >= size) {
          throw new IllegalArgumentException(
              "Resample2d reads row or column %s, its input is %s".formatted(at, in));
        }
      }
    }
  }

  @Override
  public void forward(LayerContext context) {
    Shape out = context.node.shape();
    Arrays.fill(context.output, context.begin(out), context.end(out), 0);
    forEachTerm(context, (x, y, factor) -> context.output[y] += factor * context.input()[x]);
  }

  @Override
  public void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    if (dx != null) {
      Arrays.fill(dx, context.begin(context.inShape()), context.end(context.inShape()), 0);
      forEachTerm(context, (x, y, factor) -> dx[x] += factor * context.outputGradient[y]);
    }
  }

  /** One term factor · x of an output y; receives the positions of the two. */
  private interface Term {
    void at(int x, int y, float factor);
  }

  private void forEachTerm(LayerContext context, Term term) {
    for (int i = 0; i < rows.size(); i++) {
      Taps row = rows.get(i);
      for (int j = 0; j < columns.size(); j++) {
        Taps column = columns.get(j);
        for (int r = 0; r < row.at().size(); r++) {
          for (int s = 0; s < column.at().size(); s++) {
            float factor = (float) (row.factors().get(r) * column.factors().get(s));
            forEachLane(context, row.at().get(r), column.at().get(s), i, j, factor, term);
          }
        }
      }
    }
  }

  private void forEachLane(
      LayerContext context, int row, int column, int i, int j, float factor, Term term) {
    Shape in = context.inShape();
    int lanes = context.kernels.lanes();
    int planes = context.groups.to() * in.channels();
    for (int plane = context.groups.from() * in.channels(); plane < planes; plane++) {
      int x = ((plane * in.height() + row) * in.width() + column) * lanes;
      int y = ((plane * rows.size() + i) * columns.size() + j) * lanes;
      for (int l = 0; l < lanes; l++) {
        term.at(x + l, y + l, factor);
      }
    }
  }
}
