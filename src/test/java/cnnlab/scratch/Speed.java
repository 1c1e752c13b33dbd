package cnnlab.scratch;

public class Speed {
  static Network.Builder task1() {
    return Network.builder(new Shape(1, 28, 28))
        .add("c1", new Conv2d(1, 4, Window.square(3, 1, Padding.SAME), true, true))
        .add("p1", new MaxPool2d(Window.square(2, 2, Padding.VALID)))
        .add("c2", new Conv2d(4, 8, Window.square(3, 1, Padding.SAME), true, true))
        .add("p2", new MaxPool2d(Window.square(2, 2, Padding.VALID)))
        .add("f", new Flatten())
        .add("d", new Dense(392, 10, true, false))
        .add("s", new Softmax());
  }

  static Network.Builder task3() {
    var b = Network.builder(new Shape(3, 32, 32));
    Window w = Window.square(3, 1, Padding.SAME), p = Window.square(2, 2, Padding.VALID);
    b.add("c1", new Conv2d(3, 8, w, true, true))
        .add("c2", new Conv2d(8, 8, w, true, true))
        .add("p1", new MaxPool2d(p))
        .add("p2", new MaxPool2d(p))
        .add("c3", new Conv2d(8, 16, w, true, true))
        .add("c4", new Conv2d(16, 16, w, true, true))
        .add("p3", new MaxPool2d(p))
        .add("f", new Flatten())
        .add("d1", new Dense(256, 512, true, true))
        .add("d2", new Dense(512, 512, true, true))
        .add("d3", new Dense(512, 512, true, true))
        .add("d4", new Dense(512, 512, true, true))
        .add("d5", new Dense(512, 2, true, false))
        .add("s", new Softmax());
    return b;
  }

  public static void main(String[] a) {
    int threads = Integer.parseInt(a[0]);
    Team team = new Team(threads);
    for (int t = 1; t <= 3; t += 2) {
      var b = t == 1 ? task1() : task3();
      var net = b.build(TestNetworks.parameters(b, 1), Kernels.best());
      int n = 128;
      float[] x = TestGraphs.random(1024 * net.inputShape().size(), 1);
      float[] y = TestNetworks.targets(n, net.outputShape().size(), 2);
      int begin = net.nodes().get(net.nodes().size() - 2).parameterOffset();
      var l =
          new Learner(
              net,
              new Learner.Options(
                  new Optimizer.Adam(new Schedule.Constant(1e-4), .9, .999, 1e-7, 0),
                  t == 3
                      ? java.util.List.of(new Penalty(5000, begin, 2e-4, 2e-3))
                      : java.util.List.of(),
                  0,
                  0,
                  0,
                  128,
                  1),
              team);
      Inference[] inf = new Inference[threads];
      for (int i = 0; i < threads; i++) inf[i] = new Inference(net);
      float[] out = new float[1024 * net.outputShape().size()];
      for (int r = 0; r < 8; r++) {
        int k = t == 1 ? 200 : 60;
        long t0 = System.nanoTime();
        for (int i = 0; i < k; i++) l.step(x, y, n);
        double tt = (System.nanoTime() - t0) * 1e-9;
        t0 = System.nanoTime();
        int q = t == 1 ? 40 : 15;
        for (int i = 0; i < q; i++)
          team.run(
              32,
              (c, p) -> {
                int w =
                    Thread.currentThread().getName().startsWith("scratch-")
                        ? Integer.parseInt(Thread.currentThread().getName().substring(8))
                        : 0;
                inf[w].run(x, c * 32, c * 32 + 32, out);
              });
        double ti = (System.nanoTime() - t0) * 1e-9;
        System.out.printf(
            "task%d threads %d train %.0f infer %.0f%n", t, threads, k * n / tt, q * 1024 / ti);
      }
    }
  }
}
