package cnnlab;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.MnistCnn;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** The command line. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    for (int threads = 1; threads <= 2; threads++)
      for (boolean on : new boolean[] {true, false}) {
        System.out.println(Dl4jRuntime.configure(on, threads));
        var g = MnistCnn.create(1, new Adam(1e-3));
        System.out.println(g.numParams());
        var x = Nd4j.rand(128, 1, 28, 28);
        var y = Nd4j.zeros(128, 10);
        for (int i = 0; i < 128; i++) y.putScalar(i, i % 10, 1);
        for (int r = 0; r < 3; r++) {
          long t0 = System.nanoTime();
          int k = on ? 100 : 20;
          for (int i = 0; i < k; i++) g.fit(new DataSet(x, y));
          double tt = (System.nanoTime() - t0) * 1e-9;
          t0 = System.nanoTime();
          for (int i = 0; i < k; i++) g.outputSingle(x);
          double ti = (System.nanoTime() - t0) * 1e-9;
          System.out.printf("train %.0f infer %.0f%n", k * 128 / tt, k * 128 / ti);
        }
      }
  }
}
