package cnnlab.bench.worker;

import cnnlab.bench.model.BenchModel;
import cnnlab.bench.roofline.LayerTimes;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.store.Json;
import cnnlab.text.OneLocale;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The process that measures one engine with a given number of threads. It reads one {@link Request}
 * per line and answers with one {@link Answer} per line, both in JSON.
 */
public final class BenchWorker {
  /** The prefix of an answer; other lines on standard output are ignored. */
  static final String ANSWER = "ANSWER ";

  /** Steps of a training that is compared with ours. */
  private static final int STEPS = 3;

  private static final int FIRST = 1024;

  private final String engine;
  private final int threads;
  private final Map<String, BenchModel> models = new HashMap<>();
  private final Map<String, Runner> runners = new HashMap<>();
  private String current = "";

  private BenchWorker(String engine, int threads) {
    this.engine = engine;
    this.threads = threads;
  }

  /**
   * Runs the process.
   *
   * @param args engine and number of threads
   */
  public static void main(String[] args) throws IOException {
    OneLocale.use();
    BenchWorker worker = new BenchWorker(args[0], Integer.parseInt(args[1]));
    Runners.prepare(worker.engine, worker.threads);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Answer answer = worker.answer(Json.exact(line, Request.class));
      System.out.println(ANSWER + Json.lineWriter().writeValueAsString(answer));
    }
  }

  private Answer answer(Request request) throws IOException {
    if (!request.model().equals(current)) {
      // Models are measured one after another; the memory is for one.
      runners.values().forEach(Runner::close);
      runners.clear();
      models.clear();
      current = request.model();
    }
    try {
      return switch (request.task()) {
        case OUTPUTS -> outputs(request);
        case LEARNING -> learning(request);
        case INFER -> timed(request, false);
        case TRAIN -> timed(request, true);
        case LAYERS ->
            Answer.of(
                LayerTimes.measure(
                    model(request, false).network(Kernels.best()),
                    RandomInputs.of(model(request, false), request.batch()).batch(0),
                    request.batch(),
                    threads,
                    request.seconds()));
      };
    } catch (UnsupportedOperationException e) {
      return Answer.refused(e.getMessage());
    }
  }

  /** A network that is trained is another object than one that only predicts. */
  private BenchModel model(Request request, boolean training) {
    return models.computeIfAbsent(
        training + request.model(), key -> BenchModel.open(request.model()));
  }

  private Runner runner(Request request, boolean training) throws IOException {
    String key = training + request.model();
    Runner runner = runners.get(key);
    if (runner == null) {
      runner = Runners.open(engine, model(request, training), training, threads);
      runners.put(key, runner);
    }
    return runner;
  }

  private Answer outputs(Request request) throws IOException {
    float[] x = RandomInputs.of(model(request, false), request.batch()).batch(0);
    return Answer.of(doubles(runner(request, false).predict(x, request.batch())));
  }

  static double[] doubles(float[] values) {
    double[] copy = new double[values.length];
    Arrays.setAll(copy, i -> values[i]);
    return copy;
  }

  private Answer learning(Request request) throws IOException {
    BenchModel model =
        BenchModel.open(request.model())
            .withoutDropout()
            .orElseThrow(
                () ->
                    new UnsupportedOperationException(
                        "only the networks of the experiments are trained in other libraries"));
    return Answer.of(
        losses(
            Runners.open(engine, model, true, threads),
            RandomInputs.of(model, request.batch()),
            request.batch()));
  }

  /** The losses of some steps; the runner is closed. */
  static double[] losses(Runner runner, RandomInputs inputs, int batch) {
    try (runner) {
      double[] losses = new double[STEPS];
      for (int step = 0; step < STEPS; step++) {
        losses[step] = runner.train(inputs.batch(step), inputs.y(), batch);
      }
      return losses;
    }
  }

  /** Runs full batches of varying images for at least the given time, at least one batch. */
  private Answer timed(Request request, boolean training) throws IOException {
    Runner runner = runner(request, training);
    RandomInputs inputs = RandomInputs.of(model(request, training), request.batch());
    long[] nanos = new long[FIRST];
    int calls = 0;
    long start = System.nanoTime();
    long end = start + (long) (request.seconds() * 1e9);
    long before = start;
    while (calls == 0 || before < end) {
      if (training) {
        runner.train(inputs.batch(calls), inputs.y(), request.batch());
      } else {
        runner.predict(inputs.batch(calls), request.batch());
      }
      long after = System.nanoTime();
      if (calls == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * calls);
      }
      nanos[calls++] = after - before;
      before = after;
    }
    return Answer.timed((before - start) * 1e-9, Arrays.copyOf(nanos, calls));
  }
}
