package cnnlab.bench;

import cnnlab.text.Numbers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts a {@link BenchWorker} in its own process and requests measurements from it. */
final class BenchClient implements AutoCloseable {
  /** Heap size of the engine from scratch; enough to train the Task 3 network at batch size 128. */
  static final String SCRATCH_HEAP = "512m";

  /** The same in bytes. */
  static final long SCRATCH_HEAP_BYTES = 512L << 20;

  private static final int LAST_WORDS = 15;
  private static final int PATIENCE_SECONDS = 5;

  private final String engine;
  private final int threads;
  private final Process process;
  private final Path errors;
  private final BufferedReader in;
  private final PrintStream out;

  /**
   * A measurement.
   *
   * @param engine the engine
   * @param threads its number of threads
   * @param model the network
   * @param mode {@code train} or {@code infer}
   * @param batch images per call
   */
  record Request(String engine, int threads, BenchModel model, String mode, int batch) {
    /** Whether this is a DL4J measurement that the other one is compared with. */
    boolean isLibraryOf(Request other) {
      return engine.startsWith("dl4j") && model == other.model && mode.equals(other.mode);
    }

    @Override
    public String toString() {
      return "%s %s at batch size %s".formatted(model, mode, batch);
    }
  }

  private BenchClient(String engine, int threads, Process process, Path errors) {
    this.engine = engine;
    this.threads = threads;
    this.process = process;
    this.errors = errors;
    this.in =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts the process. */
  static BenchClient start(String engine, int threads) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As in this process: the module by name, or the export that lets the engine add it.
    command.add(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
            ? "--add-modules=jdk.incubator.vector"
            : "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED");
    if (!engine.startsWith("dl4j")) {
      command.add("-Xmx" + SCRATCH_HEAP);
    }
    command.addAll(
        List.of("-cp", classPath(), BenchWorker.class.getName(), engine, String.valueOf(threads)));
    Path errors = Files.createTempFile("cnnlab-bench-", ".log");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      return new BenchClient(engine, threads, process, errors);
    } catch (IOException e) {
      Files.deleteIfExists(errors);
      throw e;
    }
  }

  /** The class path; when Maven runs the program, it is that of a class loader. */
  private static String classPath() {
    if (BenchClient.class.getClassLoader() instanceof URLClassLoader loader) {
      return Stream.of(loader.getURLs())
          .map(BenchClient::path)
          .collect(Collectors.joining(System.getProperty("path.separator")));
    }
    return System.getProperty("java.class.path");
  }

  private static String path(URL url) {
    try {
      return Path.of(url.toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("on the class path: " + url, e);
    }
  }

  String engine() {
    return engine;
  }

  int threads() {
    return threads;
  }

  /**
   * Measures images per second.
   *
   * @param seconds minimum duration
   * @throws IOException when the process ends instead of answering; the message has its last lines
   */
  double measure(Request request, double seconds) throws IOException {
    out.println(
        String.join(
            " ",
            request.model().name(),
            request.mode(),
            String.valueOf(request.batch()),
            String.valueOf(seconds)));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith(BenchWorker.ANSWER)) {
        return Double.parseDouble(line.substring(BenchWorker.ANSWER.length()));
      }
    }
    throw new IOException(
        "the process of engine %s with %s ended%s while measuring %s; its last output:%n%s"
            .formatted(
                engine, Numbers.counted(threads, "thread"), exitCode(), request, lastWords()));
  }

  private String exitCode() {
    try {
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
          ? " with exit code " + process.exitValue()
          : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readString(errors, StandardCharsets.UTF_8).lines().toList();
    return lines.isEmpty()
        ? "(nothing)"
        : String.join(
            System.lineSeparator(),
            lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size()));
  }

  /** Ends the process. */
  @Override
  public void close() {
    out.close();
    process.destroy();
    exitCode();
    // If it cannot be deleted, it is left to the system.
    errors.toFile().delete();
  }
}
