package cnnlab.bench;

import cnnlab.config.UsageException;
import cnnlab.data.Seeds;
import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.Engines;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.text.OneLocale;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The process that measures one engine with a given number of threads. It reads one request per
 * line, {@code model mode batch seconds}, and answers with {@code RATE images-per-second}.
 */
public final class BenchWorker {
  /** All engines. */
  static final List<String> ENGINES = List.of("scratch", "reference", "dl4j", "dl4j-onednn");

  /** The prefix of an answer; other lines on standard output are ignored. */
  static final String ANSWER = "RATE ";

  private final String name;
  private final int threads;
  private final Map<BenchModel, Engine> training = new EnumMap<>(BenchModel.class);

  private BenchWorker(String name, int threads) {
    this.name = name;
    this.threads = threads;
  }

  /**
   * @throws UsageException when an engine is unknown
   */
  static void checkEngines(List<String> engines) {
    for (String engine : engines) {
      if (!ENGINES.contains(engine)) {
        throw new UsageException(
            "--engines: '%s' is not one of %s".formatted(engine, String.join(", ", ENGINES)));
      }
    }
  }

  /**
   * Runs the process.
   *
   * @param args engine and number of threads
   */
  public static void main(String[] args) throws IOException {
    OneLocale.use();
    BenchWorker worker = new BenchWorker(args[0], Integer.parseInt(args[1]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      double rate =
          worker.measure(
              BenchModel.valueOf(words[0]),
              words[1].equals("train"),
              Integer.parseInt(words[2]),
              Double.parseDouble(words[3]));
      System.out.println(ANSWER + rate);
    }
  }

  /** Runs full batches of varying images for at least the given time, at least one batch. */
  private double measure(BenchModel model, boolean train, int batch, double seconds) {
    Engine engine = training.computeIfAbsent(model, this::engine);
    int size = model.input().size();
    SplittableRandom random = Seeds.random(BenchModel.SEED, "bench");
    float[][] x = new float[4][batch * size];
    for (float[] images : x) {
      for (int i = 0; i < images.length; i++) {
        images[i] = (float) (2 * random.nextDouble() - 1);
      }
    }
    float[] y = new float[batch * model.classes()];
    for (int i = 0; i < batch; i++) {
      y[i * model.classes() + random.nextInt(model.classes())] = 1;
    }
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    int batches = 0;
    while (batches == 0 || System.nanoTime() < end) {
      float[] images = x[batches % x.length];
      if (train) {
        engine.trainBatch(images, y, batch);
      } else {
        engine.predict(images, batch);
      }
      batches++;
    }
    return batches * (double) batch / ((System.nanoTime() - start) * 1e-9);
  }

  private Engine engine(BenchModel model) {
    if (name.startsWith("dl4j")) {
      Dl4jRuntime.configure(name.equals("dl4j-onednn"), threads);
      return new Dl4jEngine(
          model.graph(), model.input().channels(), model.input().height(), model.input().width());
    }
    Kernels kernels = name.equals("reference") ? new ReferenceKernels() : Kernels.best();
    Engines.Training options = Engines.Training.withDefaults(Bench.TRAIN_BATCH, BenchModel.SEED);
    return Engines.scratch(model.graph(), model.input(), options, kernels, threads);
  }
}
