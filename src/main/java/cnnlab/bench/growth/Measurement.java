package cnnlab.bench.growth;

import cnnlab.bench.model.LayerWork;
import cnnlab.data.Seeds;
import cnnlab.engine.Engine;
import cnnlab.engine.ScratchEngine;
import cnnlab.scratch.Network;
import cnnlab.scratch.train.NetworkTrainer;
import cnnlab.scratch.train.Objective;
import cnnlab.scratch.train.Optimizer;
import cnnlab.scratch.train.Schedule;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.statistics.descriptive.Median;

/** Measures one size. */
final class Measurement {
  private static final int BATCH = 128;
  private static final int LEAST_REPEATS = 3;
  private static final int RANDOM_VALUES = 1 << 16;
  private static final long SEED = 1;

  /** Collections that find nothing more, to be sure. */
  private static final int SAME = 3;

  private static final long TOLERANCE = 10_000;

  private final int threads;
  private final double seconds;

  /**
   * @param seconds shortest duration of all repeats together; also of the warm-up before
   */
  Measurement(int threads, double seconds) {
    this.threads = threads;
    this.seconds = seconds;
  }

  GrowthPoint of(Dimension dimension, int size, boolean training) {
    long before = heap();
    Network network = dimension.network(size);
    int images = dimension.images(size);
    float[] x = values(Math.multiplyExact(images, network.inputShape().size()));
    float[] y = targets(images, network.outputShape().size());
    try (Engine engine = engine(network, training, Math.min(BATCH, images))) {
      Runnable work = () -> run(engine, training, x, y, images);
      repeat(work, 1);
      double median = repeat(work, LEAST_REPEATS);
      // With what is still reachable: the engine, the images and the targets.
      double bytes = heap() - before + 4.0 * y.length;
      double multiplications = LayerWork.operations(network, training) / 2.0 * images;
      hold(engine, x, y);
      return new GrowthPoint(dimension, training, size, multiplications, median, bytes);
    }
  }

  /** Keeps objects reachable up to here. */
  private static void hold(Object... objects) {
    for (Object object : objects) {
      java.lang.ref.Reference.reachabilityFence(object);
    }
  }

  private Engine engine(Network network, boolean training, int batch) {
    if (!training) {
      return ScratchEngine.forInference(network, threads);
    }
    Optimizer adam = new Optimizer.Adam(new Schedule.Constant(1e-3), 0.9, 0.999, 1e-7);
    return ScratchEngine.forTraining(
        network,
        new NetworkTrainer.Options(
            Objective.CATEGORICAL_CROSS_ENTROPY,
            adam,
            List.of(),
            List.of(),
            List.of(),
            0,
            batch,
            SEED),
        threads);
  }

  private static void run(Engine engine, boolean training, float[] x, float[] y, int images) {
    if (!training) {
      engine.predict(x, images);
      return;
    }
    for (int from = 0; from < images; from += BATCH) {
      int n = Math.min(BATCH, images - from);
      engine.trainBatch(part(x, from, n, images), part(y, from, n, images), n);
    }
  }

  /** As training does it: each batch is an array of its own. */
  private static float[] part(float[] all, int from, int n, int images) {
    int each = all.length / images;
    return Arrays.copyOfRange(all, from * each, (from + n) * each);
  }

  private double repeat(Runnable work, int least) {
    List<Double> times = new ArrayList<>();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    for (long now = start; times.size() < least || now < end; now = System.nanoTime()) {
      work.run();
      times.add((System.nanoTime() - now) * 1e-9);
    }
    return Median.withDefaults().evaluate(times.stream().mapToDouble(t -> t).toArray());
  }

  /** Random values, repeated after a while: making them all would take longer than computing. */
  private static float[] values(int count) {
    SplittableRandom random = Seeds.random(SEED, "growth inputs");
    float[] some = new float[RANDOM_VALUES];
    for (int i = 0; i < some.length; i++) {
      some[i] = (float) (2 * random.nextDouble() - 1);
    }
    float[] all = new float[count];
    for (int at = 0; at < count; at += some.length) {
      System.arraycopy(some, 0, all, at, Math.min(some.length, count - at));
    }
    return all;
  }

  private static float[] targets(int images, int classes) {
    float[] y = new float[images * classes];
    for (int i = 0; i < images; i++) {
      y[i * classes + i % classes] = 1;
    }
    return y;
  }

  /** What is reachable, once no collection finds less: threads that end still hold something. */
  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int same = 0; same < SAME; ) {
      System.gc();
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      same = used < least - TOLERANCE ? 0 : same + 1;
      least = Math.min(least, used);
    }
    return least;
  }
}
