package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A program on a terminal of its own, as a person has it: Ctrl-C is a key there, not a signal that
 * is sent. The terminal is made by util-linux' {@code script} or by Python's {@code pty}.
 */
public final class PseudoTerminal implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final long PAUSE_MILLIS = 20;
  private static final char CTRL_C = 3;

  /** How wide it is. */
  public static final int COLUMNS = 90;

  private static final String PYTHON =
      "import os,pty,sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])) % 256)";

  private final Process process;
  private final Path transcript;

  private PseudoTerminal(Process process, Path transcript) {
    this.process = process;
    this.transcript = transcript;
  }

  /** Which of the programs that make terminals is here; empty where none is. */
  public static Optional<String> maker() {
    if (says("util-linux", "script", "--version")) {
      return Optional.of("script");
    }
    return says("ok", "python3", "-c", "import os, pty; os.waitstatus_to_exitcode; print('ok')")
        ? Optional.of("python3")
        : Optional.empty();
  }

  private static boolean says(String expected, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.PIPE)
              .start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return process.waitFor() == 0 && said.contains(expected);
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Starts Java with the class path of the tests.
   *
   * @param maker of {@link #maker}
   * @param folder for the transcript
   */
  public static PseudoTerminal java(String maker, Path folder, List<String> arguments)
      throws IOException {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(
        List.of(
            "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path")));
    java.addAll(arguments);
    List<String> command = new ArrayList<>();
    if (maker.equals("script")) {
      String line = "exec '" + String.join("' '", java) + "'";
      command.addAll(List.of("script", "-q", "-e", "-c", line, "/dev/null"));
    } else {
      command.addAll(List.of("python3", "-c", PYTHON));
      command.addAll(java);
    }
    Path transcript = Files.createTempFile(folder, "terminal", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(transcript.toFile());
    builder.environment().put("TERM", "xterm");
    builder.environment().put("SHELL", "/bin/sh");
    builder.environment().remove("NO_COLOR");
    builder.environment().put("COLUMNS", String.valueOf(COLUMNS));
    return new PseudoTerminal(builder.start(), transcript);
  }

  /** What has appeared on the terminal. */
  public String shown() throws IOException {
    return Files.readString(transcript, StandardCharsets.UTF_8);
  }

  /** Waits until something appears. */
  void await(Predicate<String> what) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!what.test(shown())) {
      assertThat(process.isAlive()).as("it runs; %s", shown()).isTrue();
      assertThat(System.nanoTime() - start).as(shown()).isLessThan(PATIENCE_NANOS);
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Presses Ctrl-C. */
  void interrupt() throws IOException {
    OutputStream keys = process.getOutputStream();
    keys.write(CTRL_C);
    keys.flush();
  }

  /** Sends the program a SIGTERM, as the system does before it shuts down. */
  void terminate() {
    ProcessHandle java =
        process
            .descendants()
            .filter(p -> p.info().command().orElse("").endsWith("java"))
            .findFirst()
            .orElseThrow();
    java.destroy();
  }

  /** Waits for the end; the exit code. */
  public int end() throws IOException, InterruptedException {
    boolean ended = process.waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    assertThat(ended).as("it ends; %s", shown()).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
