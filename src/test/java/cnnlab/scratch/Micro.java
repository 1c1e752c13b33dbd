package cnnlab.scratch;

public class Micro {
  public static void main(String[] a) {
    Kernels k = Kernels.best();
    System.out.println(k.name() + " " + k.lanes());
    int L = k.lanes();
    Scratchpad pad = new Scratchpad();
    int[][] cs = {{1, 4, 28}, {4, 8, 14}, {3, 8, 32}, {8, 8, 32}, {8, 16, 8}, {16, 16, 8}};
    for (int[] c : cs) {
      var g = Window.square(3, 1, Padding.SAME).on(c[2], c[2]);
      var s = new Kernels.ConvShape(c[0], c[1], g);
      float[] x = new float[2 * c[0] * c[2] * c[2] * L],
          y = new float[2 * c[1] * c[2] * c[2] * L],
          w = new float[c[0] * c[1] * 9 + c[1]],
          gr = new float[w.length];
      double gf = 2.0 * 2 * L * c[0] * c[1] * 9 * c[2] * c[2];
      for (int r = 0; r < 4; r++) {
        int n = (int) (2e9 / gf) + 1;
        long t0 = System.nanoTime();
        for (int i = 0; i < n; i++) k.conv2d(s, x, w, 0, c[0] * c[1] * 9, true, y, 0, 2, pad);
        double t1 = (System.nanoTime() - t0) / 1e9;
        t0 = System.nanoTime();
        for (int i = 0; i < n; i++) k.conv2dInputGradient(s, y, w, 0, x, 0, 2, pad);
        double t2 = (System.nanoTime() - t0) / 1e9;
        t0 = System.nanoTime();
        for (int i = 0; i < n; i++) k.conv2dWeightGradient(s, x, y, gr, 0, -1, 0, 2, pad);
        double t3 = (System.nanoTime() - t0) / 1e9;
        if (r > 1)
          System.out.printf(
              "conv %d->%d %d: fwd %.1f dx %.1f dw %.1f GF%n",
              c[0], c[1], c[2], n * gf / t1 / 1e9, n * gf / t2 / 1e9, n * gf / t3 / 1e9);
      }
    }
    for (int[] c : new int[][] {{512, 512}, {256, 512}, {392, 10}}) {
      float[] x = new float[8 * c[0] * L],
          y = new float[8 * c[1] * L],
          w = new float[c[0] * c[1]],
          gr = new float[c[0] * c[1]];
      double gf = 2.0 * 8 * L * c[0] * c[1];
      for (int r = 0; r < 4; r++) {
        int n = (int) (2e9 / gf) + 1;
        long t0 = System.nanoTime();
        for (int i = 0; i < n; i++)
          for (int q = 0; q < 8; q += 2) k.dense(c[0], c[1], x, w, 0, -1, true, y, q, q + 2, pad);
        double t1 = (System.nanoTime() - t0) / 1e9;
        t0 = System.nanoTime();
        for (int i = 0; i < n; i++)
          for (int q = 0; q < 8; q += 2)
            k.denseInputGradient(c[0], c[1], y, w, 0, x, q, q + 2, pad);
        double t2 = (System.nanoTime() - t0) / 1e9;
        t0 = System.nanoTime();
        for (int i = 0; i < n; i++)
          for (int q = 0; q < c[0]; q += 32)
            k.denseWeightGradient(c[0], c[1], x, y, gr, 0, 8, q, Math.min(c[0], q + 32), pad);
        double t3 = (System.nanoTime() - t0) / 1e9;
        if (r > 1)
          System.out.printf(
              "dense %d->%d: fwd %.1f dx %.1f dw %.1f GF%n",
              c[0], c[1], n * gf / t1 / 1e9, n * gf / t2 / 1e9, n * gf / t3 / 1e9);
      }
    }
  }
}
