package cnnlab.scratch.compiled.kernel;

import static cnnlab.scratch.compiled.kernel.VectorTiles.L;
import static cnnlab.scratch.compiled.kernel.VectorTiles.broadcast;
import static cnnlab.scratch.compiled.kernel.VectorTiles.load;

import jdk.incubator.vector.FloatVector;

/** Tiles like those of {@link VectorTiles}, which read several panels of weights at once. */
final class VectorStreams {
  private VectorStreams() {}

  /** One row by two panels. */
  static void tile1x8(
      float[] x,
      int at,
      int k,
      float[] w,
      int wAt,
      int panel,
      float[] z,
      int zAt,
      float[] y,
      int yAt) {
    FloatVector s00 = load(z, zAt);
    FloatVector s01 = load(z, zAt + L);
    FloatVector s02 = load(z, zAt + 2 * L);
    FloatVector s03 = load(z, zAt + 3 * L);
    FloatVector s04 = load(z, zAt + 4 * L);
    FloatVector s05 = load(z, zAt + 5 * L);
    FloatVector s06 = load(z, zAt + 6 * L);
    FloatVector s07 = load(z, zAt + 7 * L);
    for (int t = 0; t < k; t++) {
      int column0 = wAt + 4 * t * L;
      int column1 = column0 + panel;
      FloatVector x0 = broadcast(x[at + t]);
      FloatVector w0 = load(w, column0);
      s00 = w0.fma(x0, s00);
      FloatVector w1 = load(w, column0 + L);
      s01 = w1.fma(x0, s01);
      FloatVector w2 = load(w, column0 + 2 * L);
      s02 = w2.fma(x0, s02);
      FloatVector w3 = load(w, column0 + 3 * L);
      s03 = w3.fma(x0, s03);
      FloatVector w4 = load(w, column1);
      s04 = w4.fma(x0, s04);
      FloatVector w5 = load(w, column1 + L);
      s05 = w5.fma(x0, s05);
      FloatVector w6 = load(w, column1 + 2 * L);
      s06 = w6.fma(x0, s06);
      FloatVector w7 = load(w, column1 + 3 * L);
      s07 = w7.fma(x0, s07);
    }
    s00.intoArray(y, yAt);
    s01.intoArray(y, yAt + L);
    s02.intoArray(y, yAt + 2 * L);
    s03.intoArray(y, yAt + 3 * L);
    s04.intoArray(y, yAt + 4 * L);
    s05.intoArray(y, yAt + 5 * L);
    s06.intoArray(y, yAt + 6 * L);
    s07.intoArray(y, yAt + 7 * L);
  }

  /** One row by four panels. */
  static void tile1x16(
      float[] x,
      int at,
      int k,
      float[] w,
      int wAt,
      int panel,
      float[] z,
      int zAt,
      float[] y,
      int yAt) {
    FloatVector s00 = load(z, zAt);
    FloatVector s01 = load(z, zAt + L);
    FloatVector s02 = load(z, zAt + 2 * L);
    FloatVector s03 = load(z, zAt + 3 * L);
    FloatVector s04 = load(z, zAt + 4 * L);
    FloatVector s05 = load(z, zAt + 5 * L);
    FloatVector s06 = load(z, zAt + 6 * L);
    FloatVector s07 = load(z, zAt + 7 * L);
    FloatVector s08 = load(z, zAt + 8 * L);
    FloatVector s09 = load(z, zAt + 9 * L);
    FloatVector s0a = load(z, zAt + 10 * L);
    FloatVector s0b = load(z, zAt + 11 * L);
    FloatVector s0c = load(z, zAt + 12 * L);
    FloatVector s0d = load(z, zAt + 13 * L);
    FloatVector s0e = load(z, zAt + 14 * L);
    FloatVector s0f = load(z, zAt + 15 * L);
    for (int t = 0; t < k; t++) {
      int column0 = wAt + 4 * t * L;
      int column1 = column0 + panel;
      int column2 = column1 + panel;
      int column3 = column2 + panel;
      FloatVector x0 = broadcast(x[at + t]);
      FloatVector w0 = load(w, column0);
      s00 = w0.fma(x0, s00);
      FloatVector w1 = load(w, column0 + L);
      s01 = w1.fma(x0, s01);
      FloatVector w2 = load(w, column0 + 2 * L);
      s02 = w2.fma(x0, s02);
      FloatVector w3 = load(w, column0 + 3 * L);
      s03 = w3.fma(x0, s03);
      FloatVector w4 = load(w, column1);
      s04 = w4.fma(x0, s04);
      FloatVector w5 = load(w, column1 + L);
      s05 = w5.fma(x0, s05);
      FloatVector w6 = load(w, column1 + 2 * L);
      s06 = w6.fma(x0, s06);
      FloatVector w7 = load(w, column1 + 3 * L);
      s07 = w7.fma(x0, s07);
      FloatVector w8 = load(w, column2);
      s08 = w8.fma(x0, s08);
      FloatVector w9 = load(w, column2 + L);
      s09 = w9.fma(x0, s09);
      FloatVector wa = load(w, column2 + 2 * L);
      s0a = wa.fma(x0, s0a);
      FloatVector wb = load(w, column2 + 3 * L);
      s0b = wb.fma(x0, s0b);
      FloatVector wc = load(w, column3);
      s0c = wc.fma(x0, s0c);
      FloatVector wd = load(w, column3 + L);
      s0d = wd.fma(x0, s0d);
      FloatVector we = load(w, column3 + 2 * L);
      s0e = we.fma(x0, s0e);
      FloatVector wf = load(w, column3 + 3 * L);
      s0f = wf.fma(x0, s0f);
    }
    s00.intoArray(y, yAt);
    s01.intoArray(y, yAt + L);
    s02.intoArray(y, yAt + 2 * L);
    s03.intoArray(y, yAt + 3 * L);
    s04.intoArray(y, yAt + 4 * L);
    s05.intoArray(y, yAt + 5 * L);
    s06.intoArray(y, yAt + 6 * L);
    s07.intoArray(y, yAt + 7 * L);
    s08.intoArray(y, yAt + 8 * L);
    s09.intoArray(y, yAt + 9 * L);
    s0a.intoArray(y, yAt + 10 * L);
    s0b.intoArray(y, yAt + 11 * L);
    s0c.intoArray(y, yAt + 12 * L);
    s0d.intoArray(y, yAt + 13 * L);
    s0e.intoArray(y, yAt + 14 * L);
    s0f.intoArray(y, yAt + 15 * L);
  }

  /** Two rows by two panels. */
  static void tile2x8(
      float[] x,
      int at,
      int row,
      int k,
      float[] w,
      int wAt,
      int panel,
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
    FloatVector s04 = load(z, zAt + 4 * L);
    FloatVector s05 = load(z, zAt + 5 * L);
    FloatVector s06 = load(z, zAt + 6 * L);
    FloatVector s07 = load(z, zAt + 7 * L);
    FloatVector s10 = load(z, zAt + zRow);
    FloatVector s11 = load(z, zAt + zRow + L);
    FloatVector s12 = load(z, zAt + zRow + 2 * L);
    FloatVector s13 = load(z, zAt + zRow + 3 * L);
    FloatVector s14 = load(z, zAt + zRow + 4 * L);
    FloatVector s15 = load(z, zAt + zRow + 5 * L);
    FloatVector s16 = load(z, zAt + zRow + 6 * L);
    FloatVector s17 = load(z, zAt + zRow + 7 * L);
    for (int t = 0; t < k; t++) {
      int column0 = wAt + 4 * t * L;
      int column1 = column0 + panel;
      FloatVector x0 = broadcast(x[at + t]);
      FloatVector x1 = broadcast(x[at1 + t]);
      FloatVector w0 = load(w, column0);
      s00 = w0.fma(x0, s00);
      s10 = w0.fma(x1, s10);
      FloatVector w1 = load(w, column0 + L);
      s01 = w1.fma(x0, s01);
      s11 = w1.fma(x1, s11);
      FloatVector w2 = load(w, column0 + 2 * L);
      s02 = w2.fma(x0, s02);
      s12 = w2.fma(x1, s12);
      FloatVector w3 = load(w, column0 + 3 * L);
      s03 = w3.fma(x0, s03);
      s13 = w3.fma(x1, s13);
      FloatVector w4 = load(w, column1);
      s04 = w4.fma(x0, s04);
      s14 = w4.fma(x1, s14);
      FloatVector w5 = load(w, column1 + L);
      s05 = w5.fma(x0, s05);
      s15 = w5.fma(x1, s15);
      FloatVector w6 = load(w, column1 + 2 * L);
      s06 = w6.fma(x0, s06);
      s16 = w6.fma(x1, s16);
      FloatVector w7 = load(w, column1 + 3 * L);
      s07 = w7.fma(x0, s07);
      s17 = w7.fma(x1, s17);
    }
    s00.intoArray(y, yAt);
    s01.intoArray(y, yAt + L);
    s02.intoArray(y, yAt + 2 * L);
    s03.intoArray(y, yAt + 3 * L);
    s04.intoArray(y, yAt + 4 * L);
    s05.intoArray(y, yAt + 5 * L);
    s06.intoArray(y, yAt + 6 * L);
    s07.intoArray(y, yAt + 7 * L);
    s10.intoArray(y, yAt + yRow);
    s11.intoArray(y, yAt + yRow + L);
    s12.intoArray(y, yAt + yRow + 2 * L);
    s13.intoArray(y, yAt + yRow + 3 * L);
    s14.intoArray(y, yAt + yRow + 4 * L);
    s15.intoArray(y, yAt + yRow + 5 * L);
    s16.intoArray(y, yAt + yRow + 6 * L);
    s17.intoArray(y, yAt + yRow + 7 * L);
  }
}
