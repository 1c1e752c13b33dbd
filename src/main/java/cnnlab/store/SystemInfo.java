package cnnlab.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Questions to the system around us. All answer null when there is no answer, and never throw. */
final class SystemInfo {

  private static final long TIMEOUT_SECONDS = 10;

  private SystemInfo() {}

  /**
   * Commit and state of the work tree whose top is {@code directory}. A work tree further up is
   * somebody else's, in which a distribution was unpacked.
   */
  static Provenance.Git git(Path directory) {
    String commit = run(directory, "git", "rev-parse", "HEAD");
    String changes = commit == null ? null : run(directory, "git", "status", "--porcelain");
    return new Provenance.Git(commit, changes == null ? null : !changes.isEmpty());
  }

  /**
   * The first "model name" of a file like Linux' {@code /proc/cpuinfo}.
   *
   * @return null when there is no such file or line (macOS, Windows, most ARM machines)
   */
  static String cpuModel(Path cpuinfo) {
    try (Stream<String> lines = Files.lines(cpuinfo)) {
      return lines
          .filter(line -> line.startsWith("model name") && line.indexOf(':') > 0)
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(null);
    } catch (IOException | UncheckedIOException e) {
      return null;
    }
  }

  /** Name of this machine, as it was when it was first asked for. */
  static String hostName() {
    return Host.NAME;
  }

  /** Looked up once, and only when it is needed. */
  private static final class Host {
    private static final String NAME =
        hostName(SystemInfo::localHost, Path.of("/proc/sys/kernel/hostname"), "hostname");
  }

  /**
   * The first that knows it: slim containers have no program {@code hostname}, and Java fails where
   * the name is in no list of addresses.
   */
  static String hostName(Supplier<String> local, Path kernel, String program) {
    return Stream.<Supplier<String>>of(local, () -> line(kernel), () -> run(Path.of(""), program))
        .map(Supplier::get)
        .filter(name -> name != null && !name.isBlank())
        .findFirst()
        .orElse(null);
  }

  private static String localHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static String line(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return null;
    }
  }

  /** Standard output of a command, stripped; null when it fails, is missing or takes too long. */
  private static String run(Path directory, String... command) {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.directory(directory.toAbsolutePath().toFile());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    // git status would otherwise take a lock to refresh its index while someone else works here.
    builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
    Path above = directory.toAbsolutePath().normalize().getParent();
    if (above != null) {
      builder.environment().put("GIT_CEILING_DIRECTORIES", above.toString());
    }
    Process process = null;
    try {
      process = builder.start();
      Process started = process;
      String output =
          CompletableFuture.supplyAsync(() -> readAll(started))
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? output.strip() : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (IOException | ExecutionException | TimeoutException e) {
      return null;
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  private static String readAll(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
