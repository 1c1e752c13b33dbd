package cnnlab.experiment;

import cnnlab.data.Seeds;
import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.Engines;
import cnnlab.scratch.Kernels;
import cnnlab.scratch.ReferenceKernels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One engine with one number of threads in a process of its own. It reads a request per line,
 * {@code model mode batch seconds}, and answers with {@code RATE images-per-second}.
 */
public final class BenchWorker {
  /** Training the Task 3 network at batch 128 must fit. */
  static final String SCRATCH_HEAP = "512m";

  private static final List<String> ENGINES =
      List.of("scratch", "reference", "dl4j", "dl4j-onednn");
  private static final String ANSWER = "RATE ";
  private static final double WARM_UP_SECONDS = 1.5;
  private static final double SECONDS = 0.25;

  private final String name;
  private final int threads;
  private final Map<BenchModel, Engine> training = new EnumMap<>(BenchModel.class);

  private BenchWorker(String name, int threads) {
    this.name = name;
    this.threads = threads;
  }

  /**
   * What is measured.
   *
   * @param engine which engine
   * @param threads its threads
   * @param model which network
   * @param mode {@code train} or {@code infer}
   * @param batch images per call
   */
  record Request(String engine, int threads, BenchModel model, String mode, int batch) {
    /** Whether this is a DL4J row to compare the other one with. */
    boolean isLibraryOf(Request other) {
      return engine.startsWith("dl4j") && model == other.model && mode.equals(other.mode);
    }
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

  /** Starts the process. */
  static Client start(String engine, int threads) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.add("--add-modules=jdk.incubator.vector");
    }
    if (!engine.startsWith("dl4j")) {
      command.add("-Xmx" + SCRATCH_HEAP);
    }
    command.addAll(
        List.of("-cp", classPath(), BenchWorker.class.getName(), engine, String.valueOf(threads)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new Client(engine, threads, process);
  }

  /** Also where Maven runs us: there the class path is that of a class loader. */
  private static String classPath() {
    if (BenchWorker.class.getClassLoader() instanceof URLClassLoader loader) {
      return Stream.of(loader.getURLs())
          .map(URL::getPath)
          .collect(Collectors.joining(System.getProperty("path.separator")));
    }
    return System.getProperty("java.class.path");
  }

  /** The other end of a worker's process. */
  static final class Client implements AutoCloseable {
    private final String engine;
    private final int threads;
    private final Process process;
    private final BufferedReader in;
    private final PrintStream out;

    private Client(String engine, int threads, Process process) {
      this.engine = engine;
      this.threads = threads;
      this.process = process;
      this.in =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      this.out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    String engine() {
      return engine;
    }

    int threads() {
      return threads;
    }

    /** Images per second. */
    double measure(Request request, boolean warmUp) throws IOException {
      out.printf(
          "%s %s %d %s%n",
          request.model().name(),
          request.mode(),
          request.batch(),
          warmUp ? WARM_UP_SECONDS : SECONDS);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(ANSWER)) {
          return Double.parseDouble(line.substring(ANSWER.length()));
        }
      }
      throw new IOException(
          "the process of engine %s with %d threads ended while it was measuring %s"
              .formatted(engine, threads, request));
    }

    @Override
    public void close() {
      out.close();
      process.destroy();
    }
  }

  /**
   * The process itself.
   *
   * @param args engine and threads
   */
  public static void main(String[] args) throws IOException {
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

  /**
   * Runs whole batches for at least the given time (at least one batch), different images in each.
   */
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
    Engines.Training options = Engines.Training.plain(Bench.TRAIN_BATCH, BenchModel.SEED);
    return Engines.scratch(model.graph(), model.input(), options, kernels, threads);
  }
}
