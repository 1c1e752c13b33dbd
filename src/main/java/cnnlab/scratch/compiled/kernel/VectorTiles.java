package cnnlab.scratch.compiled.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of a matrix product that stay in registers: y[r, j] = z[r, j] + Σ_t x[r, t] · w[t, j] for a
 * few rows r and a few vectors of columns j. Each is a method with exactly one loop and at most
 * sixteen sums; with more, or with nested loops, the compiler of JDK 17 keeps the sums on the heap,
 * which is ten times slower.
 *
 * <p>Parameters of each: {@code x} with rows of {@code k} values, the first at {@code at}, the next
 * {@code row} further; {@code w} [k, vectors] at {@code wAt}; {@code z} with rows at {@code zAt},
 * {@code zRow} apart, or 0 for one row for all; {@code y} likewise, which may be {@code z}.
 */
final class VectorTiles {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** L, the floats of one vector. */
  static final int L = SPECIES.length();

  private VectorTiles() {}

  static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /** 4 rows by 4 vectors. */
  static void tile4x4(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow) {
    int at1 = at + row;
    int at2 = at + 2 * row;
    int at3 = at + 3 * row;
    FloatVector s00 = load(z, zAt);
    FloatVector s01 = load(z, zAt + L);
    FloatVector s02 = load(z, zAt + 2 * L);
    FloatVector s03 = load(z, zAt + 3 * L);
    FloatVector s10 = load(z, zAt + zRow);
    FloatVector s11 = load(z, zAt + zRow + L);
    FloatVector s12 = load(z, zAt + zRow + 2 * L);
    FloatVector s13 = load(z, zAt + zRow + 3 * L);
    FloatVector s20 = load(z, zAt + 2 * zRow);
    FloatVector s21 = load(z, zAt + 2 * zRow + L);
    FloatVector s22 = load(z, zAt + 2 * zRow + 2 * L);
    FloatVector s23 = load(z, zAt + 2 * zRow + 3 * L);
    FloatVector s30 = load(z, zAt + 3 * zRow);
    FloatVector s31 = load(z, zAt + 3 * zRow + L);
    FloatVector s32 = load(z, zAt + 3 * zRow + 2 * L);
    FloatVector s33 = load(z, zAt + 3 * zRow + 3 * L);
    for (int t = 0; t < k; t++) {
      int column = wAt + t * 4 * L;
      FloatVector w0 = load(w, column);
      FloatVector w1 = load(w, column + L);
      FloatVector w2 = load(w, column + 2 * L);
      FloatVector w3 = load(w, column + 3 * L);
      FloatVector x0 = broadcast(x[at + t]);
      s00 = w0.fma(x0, s00);
      s01 = w1.fma(x0, s01);
      s02 = w2.fma(x0, s02);
      s03 = w3.fma(x0, s03);
      FloatVector x1 = broadcast(x[at1 + t]);
      s10 = w0.fma(x1, s10);
      s11 = w1.fma(x1, s11);
      s12 = w2.fma(x1, s12);
      s13 = w3.fma(x1, s13);
      FloatVector x2 = broadcast(x[at2 + t]);
      s20 = w0.fma(x2, s20);
      s21 = w1.fma(x2, s21);
      s22 = w2.fma(x2, s22);
      s23 = w3.fma(x2, s23);
      FloatVector x3 = broadcast(x[at3 + t]);
      s30 = w0.fma(x3, s30);
      s31 = w1.fma(x3, s31);
      s32 = w2.fma(x3, s32);
      s33 = w3.fma(x3, s33);
    }
    s00.intoArray(y, yAt);
    s01.intoArray(y, yAt + L);
    s02.intoArray(y, yAt + 2 * L);
    s03.intoArray(y, yAt + 3 * L);
    s10.intoArray(y, yAt + yRow);
    s11.intoArray(y, yAt + yRow + L);
    s12.intoArray(y, yAt + yRow + 2 * L);
    s13.intoArray(y, yAt + yRow + 3 * L);
    s20.intoArray(y, yAt + 2 * yRow);
    s21.intoArray(y, yAt + 2 * yRow + L);
    s22.intoArray(y, yAt + 2 * yRow + 2 * L);
    s23.intoArray(y, yAt + 2 * yRow + 3 * L);
    s30.intoArray(y, yAt + 3 * yRow);
    s31.intoArray(y, yAt + 3 * yRow + L);
    s32.intoArray(y, yAt + 3 * yRow + 2 * L);
    s33.intoArray(y, yAt + 3 * yRow + 3 * L);
  }

  /** 2 rows by 4 vectors. */
  static void tile2x4(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow) {
    int at1 = at + row;
    FloatVector s00 = load(z, zAt);
    FloatVector s01 = load(z, zAt + L);
    FloatVector s02 = load(z, zAt + 2 * L);
    FloatVector s03 = load(z, zAt + 3 * L);
    FloatVector s10 = load(z, zAt + zRow);
    FloatVector s11 = load(z, zAt + zRow + L);
    FloatVector s12 = load(z, zAt + zRow + 2 * L);
    FloatVector s13 = load(z, zAt + zRow + 3 * L);
    for (int t = 0; t < k; t++) {
      int column = wAt + t * 4 * L;
      FloatVector w0 = load(w, column);
      FloatVector w1 = load(w, column + L);
      FloatVector w2 = load(w, column + 2 * L);
      FloatVector w3 = load(w, column + 3 * L);
      FloatVector x0 = broadcast(x[at + t]);
      s00 = w0.fma(x0, s00);
      s01 = w1.fma(x0, s01);
      s02 = w2.fma(x0, s02);
      s03 = w3.fma(x0, s03);
      FloatVector x1 = broadcast(x[at1 + t]);
      s10 = w0.fma(x1, s10);
      s11 = w1.fma(x1, s11);
      s12 = w2.fma(x1, s12);
      s13 = w3.fma(x1, s13);
    }
    s00.intoArray(y, yAt);
    s01.intoArray(y, yAt + L);
    s02.intoArray(y, yAt + 2 * L);
    s03.intoArray(y, yAt + 3 * L);
    s10.intoArray(y, yAt + yRow);
    s11.intoArray(y, yAt + yRow + L);
    s12.intoArray(y, yAt + yRow + 2 * L);
    s13.intoArray(y, yAt + yRow + 3 * L);
  }

  /** One row by 4 vectors. */
  static void tile1x4(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow) {
    FloatVector s00 = load(z, zAt);
    FloatVector s01 = load(z, zAt + L);
    FloatVector s02 = load(z, zAt + 2 * L);
    FloatVector s03 = load(z, zAt + 3 * L);
    for (int t = 0; t < k; t++) {
      int column = wAt + t * 4 * L;
      FloatVector w0 = load(w, column);
      FloatVector w1 = load(w, column + L);
      FloatVector w2 = load(w, column + 2 * L);
      FloatVector w3 = load(w, column + 3 * L);
      FloatVector x0 = broadcast(x[at + t]);
      s00 = w0.fma(x0, s00);
      s01 = w1.fma(x0, s01);
      s02 = w2.fma(x0, s02);
      s03 = w3.fma(x0, s03);
    }
    s00.intoArray(y, yAt);
    s01.intoArray(y, yAt + L);
    s02.intoArray(y, yAt + 2 * L);
    s03.intoArray(y, yAt + 3 * L);
  }

  /** 4 rows by 2 vectors. */
  static void tile4x2(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow) {
    int at1 = at + row;
    int at2 = at + 2 * row;
    int at3 = at + 3 * row;
    FloatVector s00 = load(z, zAt);
    FloatVector s01 = load(z, zAt + L);
    FloatVector s10 = load(z, zAt + zRow);
    FloatVector s11 = load(z, zAt + zRow + L);
    FloatVector s20 = load(z, zAt + 2 * zRow);
    FloatVector s21 = load(z, zAt + 2 * zRow + L);
    FloatVector s30 = load(z, zAt + 3 * zRow);
    FloatVector s31 = load(z, zAt + 3 * zRow + L);
    for (int t = 0; t < k; t++) {
      int column = wAt + t * 2 * L;
      FloatVector w0 = load(w, column);
      FloatVector w1 = load(w, column + L);
      FloatVector x0 = broadcast(x[at + t]);
      s00 = w0.fma(x0, s00);
      s01 = w1.fma(x0, s01);
      FloatVector x1 = broadcast(x[at1 + t]);
      s10 = w0.fma(x1, s10);
      s11 = w1.fma(x1, s11);
      FloatVector x2 = broadcast(x[at2 + t]);
      s20 = w0.fma(x2, s20);
      s21 = w1.fma(x2, s21);
      FloatVector x3 = broadcast(x[at3 + t]);
      s30 = w0.fma(x3, s30);
      s31 = w1.fma(x3, s31);
    }
    s00.intoArray(y, yAt);
    s01.intoArray(y, yAt + L);
    s10.intoArray(y, yAt + yRow);
    s11.intoArray(y, yAt + yRow + L);
    s20.intoArray(y, yAt + 2 * yRow);
    s21.intoArray(y, yAt + 2 * yRow + L);
    s30.intoArray(y, yAt + 3 * yRow);
    s31.intoArray(y, yAt + 3 * yRow + L);
  }

  /** 2 rows by 2 vectors. */
  static void tile2x2(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow) {
    int at1 = at + row;
    FloatVector s00 = load(z, zAt);
    FloatVector s01 = load(z, zAt + L);
    FloatVector s10 = load(z, zAt + zRow);
    FloatVector s11 = load(z, zAt + zRow + L);
    for (int t = 0; t < k; t++) {
      int column = wAt + t * 2 * L;
      FloatVector w0 = load(w, column);
      FloatVector w1 = load(w, column + L);
      FloatVector x0 = broadcast(x[at + t]);
      s00 = w0.fma(x0, s00);
      s01 = w1.fma(x0, s01);
      FloatVector x1 = broadcast(x[at1 + t]);
      s10 = w0.fma(x1, s10);
      s11 = w1.fma(x1, s11);
    }
    s00.intoArray(y, yAt);
    s01.intoArray(y, yAt + L);
    s10.intoArray(y, yAt + yRow);
    s11.intoArray(y, yAt + yRow + L);
  }

  /** One row by 2 vectors. */
  static void tile1x2(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow) {
    FloatVector s00 = load(z, zAt);
    FloatVector s01 = load(z, zAt + L);
    for (int t = 0; t < k; t++) {
      int column = wAt + t * 2 * L;
      FloatVector w0 = load(w, column);
      FloatVector w1 = load(w, column + L);
      FloatVector x0 = broadcast(x[at + t]);
      s00 = w0.fma(x0, s00);
      s01 = w1.fma(x0, s01);
    }
    s00.intoArray(y, yAt);
    s01.intoArray(y, yAt + L);
  }

  /** 8 rows by 1 vector. */
  static void tile8x1(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow) {
    int at1 = at + row;
    int at2 = at + 2 * row;
    int at3 = at + 3 * row;
    int at4 = at + 4 * row;
    int at5 = at + 5 * row;
    int at6 = at + 6 * row;
    int at7 = at + 7 * row;
    FloatVector s00 = load(z, zAt);
    FloatVector s10 = load(z, zAt + zRow);
    FloatVector s20 = load(z, zAt + 2 * zRow);
    FloatVector s30 = load(z, zAt + 3 * zRow);
    FloatVector s40 = load(z, zAt + 4 * zRow);
    FloatVector s50 = load(z, zAt + 5 * zRow);
    FloatVector s60 = load(z, zAt + 6 * zRow);
    FloatVector s70 = load(z, zAt + 7 * zRow);
    for (int t = 0; t < k; t++) {
      int column = wAt + t * L;
      FloatVector w0 = load(w, column);
      FloatVector x0 = broadcast(x[at + t]);
      s00 = w0.fma(x0, s00);
      FloatVector x1 = broadcast(x[at1 + t]);
      s10 = w0.fma(x1, s10);
      FloatVector x2 = broadcast(x[at2 + t]);
      s20 = w0.fma(x2, s20);
      FloatVector x3 = broadcast(x[at3 + t]);
      s30 = w0.fma(x3, s30);
      FloatVector x4 = broadcast(x[at4 + t]);
      s40 = w0.fma(x4, s40);
      FloatVector x5 = broadcast(x[at5 + t]);
      s50 = w0.fma(x5, s50);
      FloatVector x6 = broadcast(x[at6 + t]);
      s60 = w0.fma(x6, s60);
      FloatVector x7 = broadcast(x[at7 + t]);
      s70 = w0.fma(x7, s70);
    }
    s00.intoArray(y, yAt);
    s10.intoArray(y, yAt + yRow);
    s20.intoArray(y, yAt + 2 * yRow);
    s30.intoArray(y, yAt + 3 * yRow);
    s40.intoArray(y, yAt + 4 * yRow);
    s50.intoArray(y, yAt + 5 * yRow);
    s60.intoArray(y, yAt + 6 * yRow);
    s70.intoArray(y, yAt + 7 * yRow);
  }

  /** 4 rows by 1 vector. */
  static void tile4x1(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow) {
    int at1 = at + row;
    int at2 = at + 2 * row;
    int at3 = at + 3 * row;
    FloatVector s00 = load(z, zAt);
    FloatVector s10 = load(z, zAt + zRow);
    FloatVector s20 = load(z, zAt + 2 * zRow);
    FloatVector s30 = load(z, zAt + 3 * zRow);
    for (int t = 0; t < k; t++) {
      int column = wAt + t * L;
      FloatVector w0 = load(w, column);
      FloatVector x0 = broadcast(x[at + t]);
      s00 = w0.fma(x0, s00);
      FloatVector x1 = broadcast(x[at1 + t]);
      s10 = w0.fma(x1, s10);
      FloatVector x2 = broadcast(x[at2 + t]);
      s20 = w0.fma(x2, s20);
      FloatVector x3 = broadcast(x[at3 + t]);
      s30 = w0.fma(x3, s30);
    }
    s00.intoArray(y, yAt);
    s10.intoArray(y, yAt + yRow);
    s20.intoArray(y, yAt + 2 * yRow);
    s30.intoArray(y, yAt + 3 * yRow);
  }

  /** 2 rows by 1 vector. */
  static void tile2x1(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow) {
    int at1 = at + row;
    FloatVector s00 = load(z, zAt);
    FloatVector s10 = load(z, zAt + zRow);
    for (int t = 0; t < k; t++) {
      int column = wAt + t * L;
      FloatVector w0 = load(w, column);
      FloatVector x0 = broadcast(x[at + t]);
      s00 = w0.fma(x0, s00);
      FloatVector x1 = broadcast(x[at1 + t]);
      s10 = w0.fma(x1, s10);
    }
    s00.intoArray(y, yAt);
    s10.intoArray(y, yAt + yRow);
  }

  /** One row by 1 vector. */
  static void tile1x1(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow) {
    FloatVector s00 = load(z, zAt);
    for (int t = 0; t < k; t++) {
      int column = wAt + t * L;
      FloatVector w0 = load(w, column);
      FloatVector x0 = broadcast(x[at + t]);
      s00 = w0.fma(x0, s00);
    }
    s00.intoArray(y, yAt);
  }
}
