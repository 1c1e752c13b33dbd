package cnnlab.bench.worker;

import cnnlab.store.Json;
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
public final class WorkerProcess implements AutoCloseable {
  private static final int LAST_WORDS = 15;
  private static final int PATIENCE_SECONDS = 5;

  /** Since this Java, what native libraries do is a warning without a flag. */
  private static final int NATIVE_ACCESS = 24;

  private final String engine;
  private final int threads;
  private final Process process;
  private final Path errors;
  private final BufferedReader in;
  private final PrintStream out;

  private WorkerProcess(String engine, int threads, Process process, Path errors) {
    this.engine = engine;
    this.threads = threads;
    this.process = process;
    this.errors = errors;
    this.in =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /**
   * Starts the process.
   *
   * @param heap largest heap in mebibytes; 0 for Java's choice
   */
  public static WorkerProcess start(String engine, int threads, long heap) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As in this process: the module by name, or the export that lets the engine add it.
    command.add(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
            ? "--add-modules=jdk.incubator.vector"
            : "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED");
    if (Runtime.version().feature() >= NATIVE_ACCESS) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    if (heap > 0) {
      command.add("-Xmx" + heap + "m");
    }
    command.addAll(
        List.of("-cp", classPath(), BenchWorker.class.getName(), engine, String.valueOf(threads)));
    Path errors = Files.createTempFile("cnnlab-bench-", ".log");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      return new WorkerProcess(engine, threads, process, errors);
    } catch (IOException e) {
      Files.deleteIfExists(errors);
      throw e;
    }
  }

  /** The class path; when Maven runs the program, it is that of a class loader. */
  private static String classPath() {
    if (WorkerProcess.class.getClassLoader() instanceof URLClassLoader loader) {
      return Stream.of(loader.getURLs())
          .map(WorkerProcess::path)
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

  public String engine() {
    return engine;
  }

  public int threads() {
    return threads;
  }

  /**
   * Asks for something.
   *
   * @throws IOException when the process ends instead of answering; the message has its last lines
   */
  public Answer ask(Request request) throws IOException {
    out.println(Json.lineWriter().writeValueAsString(request));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith(BenchWorker.ANSWER)) {
        return Json.exact(line.substring(BenchWorker.ANSWER.length()), Answer.class);
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
