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

/**
 * Best-effort system information. All methods return null if the information is not available, and
 * never throw.
 */
final class SystemInfo {

  private static final long TIMEOUT_SECONDS = 10;

  private SystemInfo() {}

  /**
   * Commit and state of the work tree whose root is {@code directory}. An enclosing work tree is
   * ignored: it is a repository in which a distribution was unpacked.
   */
  static Provenance.Git git(Path directory) {
    String commit = run(directory, "git", "rev-parse", "HEAD");
    String changes = commit == null ? null : run(directory, "git", "status", "--porcelain");
    return new Provenance.Git(commit, changes == null ? null : !changes.isEmpty());
  }

  /**
   * The first "model name" in a file such as Linux's {@code /proc/cpuinfo}.
   *
   * @return null without such a file or line (macOS, Windows, most ARM machines)
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

  /** The name of this machine, looked up once. */
  static String hostName() {
    return Host.NAME;
  }

  /** Lazy holder of the host name. */
  private static final class Host {
    private static final String NAME =
        hostName(SystemInfo::localHost, Path.of("/proc/sys/kernel/hostname"), "hostname");
  }

  /**
   * The host name from the first source that knows it: slim containers lack the program {@code
   * hostname}, and Java fails if the name cannot be resolved to an address.
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

  /** Standard output of a command, stripped; null if it fails, is missing or takes too long. */
  private static String run(Path directory, String... command) {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.directory(directory.toAbsolutePath().toFile());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    // Otherwise git status would lock the index to refresh it, while the user may be working here.
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
