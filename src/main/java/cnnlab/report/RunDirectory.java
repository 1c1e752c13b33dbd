package cnnlab.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one run and the only way files get into it.
 *
 * <p>Every file is written under a temporary name and moved into place when it is complete: a
 * reader sees the old file, the new one or none, never half of one. {@code status.json} says {@code
 * running} from creation on, and {@code finished}, {@code failed} or {@code interrupted} at the
 * end; a run that died keeps {@code running}, see {@link RunStatus#seen}.
 *
 * <p>Names given to the methods are relative to the directory, such as {@code history.csv} or
 * {@code repetition-2/history.csv}. All write methods throw {@link IOException} when the file
 * cannot be written, and {@link IllegalArgumentException} when the name leads out of the directory.
 */
public final class RunDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
  private static final String TEMPORARY = ".tmp-";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Path directory;
  private final Clock clock;
  private final Instant startedAt;

  private RunDirectory(Path directory, Clock clock) throws IOException {
    this.directory = directory;
    this.clock = clock;
    this.startedAt = clock.instant();
    status(RunStatus.State.RUNNING, null, null);
  }

  /**
   * Makes {@code results/<experiment>/<yyyyMMdd-HHmmss>-<seed>/}, with -2, -3, … appended when that
   * exists.
   *
   * @param results root of all results; made when missing
   * @param experiment such as {@code task1}
   * @param clock gives the time, in its own time zone
   * @throws IOException when the directory cannot be made
   */
  public static RunDirectory create(Path results, String experiment, long seed, Clock clock)
      throws IOException {
    Path parent = Files.createDirectories(results.resolve(experiment));
    String name = ZonedDateTime.now(clock).format(STAMP) + "-" + seed;
    for (int copy = 1; ; copy++) {
      Path directory = parent.resolve(copy == 1 ? name : name + "-" + copy);
      try {
        // Not createDirectories: this call fails for the second of two runs of the same second.
        return new RunDirectory(Files.createDirectory(directory), clock);
      } catch (FileAlreadyExistsException taken) {
        LOG.debug("{} exists, trying the next name", directory);
      }
    }
  }

  /**
   * Uses the directory the user named; it is made when missing.
   *
   * @throws IllegalArgumentException when it is a file, or a directory with something in it
   * @throws IOException when it cannot be made or read
   */
  public static RunDirectory at(Path directory) throws IOException {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          directory + " is a file; name a new or an empty directory for the results");
    }
    Files.createDirectories(directory);
    try (Stream<Path> entries = Files.list(directory)) {
      if (entries.findAny().isPresent()) {
        throw new IllegalArgumentException(
            directory
                + " is not empty; name a new or an empty directory for the results, so that no"
                + " earlier run is overwritten");
      }
    }
    return new RunDirectory(directory, Clock.systemDefaultZone());
  }

  /**
   * Opens the directory of a run that did not finish, to go on with it.
   *
   * @throws IllegalArgumentException when it is not a run directory, or the run is finished or
   *     still computed by another process
   * @throws IOException when it cannot be read
   */
  public static RunDirectory reopen(Path directory) throws IOException {
    if (!Files.isRegularFile(directory.resolve(RunStatus.FILE))) {
      throw new IllegalArgumentException(
          directory + " is no run directory: it has no " + RunStatus.FILE);
    }
    RunStatus status = RunStatus.read(directory);
    if (status.state() == RunStatus.State.FINISHED) {
      throw new IllegalArgumentException(directory + " is a finished run; there is nothing to do");
    }
    if (status.isComputedElsewhere(directory, Instant.now())) {
      throw new IllegalArgumentException(
          "%s is still running (process %d on %s); wait for it or stop it"
              .formatted(directory, status.process().pid(), status.process().host()));
    }
    return new RunDirectory(directory, Clock.systemDefaultZone());
  }

  /** The directory itself. */
  public Path directory() {
    return directory;
  }

  /**
   * Where the file of this name is or will be.
   *
   * @throws IllegalArgumentException when the name leads out of the directory
   */
  public Path path(String name) {
    Path path = directory.resolve(name).normalize();
    if (!path.startsWith(directory.normalize()) || path.equals(directory.normalize())) {
      throw new IllegalArgumentException("'" + name + "' is not a file name inside " + directory);
    }
    return path;
  }

  /** Writes UTF-8 text as it is. */
  public Path writeText(String name, String text) throws IOException {
    return write(name, path -> Files.writeString(path, text));
  }

  /**
   * Writes JSON, indented, ended by a newline. Keys stand as declared: record components in their
   * order, maps in their iteration order. NaN and infinities become null; times are ISO 8601.
   *
   * @param value a record, map, list or plain value
   */
  public Path writeJson(String name, Object value) throws IOException {
    return writeText(name, Json.json(value));
  }

  /** Writes YAML, with the same rules as {@link #writeJson}. */
  public Path writeYaml(String name, Object value) throws IOException {
    return writeText(name, Json.yaml(value));
  }

  /**
   * Writes a CSV table: the component names, then one line per record. Floats and doubles read back
   * to the same value (NaN is {@code NaN}); null is an empty cell; arrays and lists are joined by
   * x, so a shape is {@code 8x14x14}.
   *
   * @param type gives the header, also when there are no rows
   */
  public <R extends Record> Path writeCsv(String name, Class<R> type, List<R> rows)
      throws IOException {
    return writeText(name, Csv.csv(type, rows));
  }

  /**
   * Writes a CSV table whose columns are not known beforehand, with the same rules.
   *
   * @param rows each with a value for every column
   */
  public Path writeCsv(String name, List<String> header, List<List<Object>> rows)
      throws IOException {
    return writeText(name, Csv.csv(header, rows));
  }

  /** Writes an image as PNG. */
  public Path writePng(String name, BufferedImage image) throws IOException {
    return write(
        name,
        path -> {
          try (OutputStream out = Files.newOutputStream(path)) {
            if (!ImageIO.write(image, "png", out)) {
              throw new IOException(name + ": no PNG writer for image type " + image.getType());
            }
          }
        });
  }

  /**
   * Draws an image and writes it as PNG; when drawing is impossible, warns and goes on. A Java
   * without fonts (slim container images) cannot draw text, and hours of training must not be lost
   * to that.
   *
   * @return whether the file was written
   */
  public boolean tryWritePng(String name, Supplier<BufferedImage> drawing) throws IOException {
    try {
      writePng(name, drawing.get());
      return true;
    } catch (RuntimeException | LinkageError | InternalError e) {
      LOG.warn("{} is not drawn (are fontconfig and a font installed?)", name, e);
      return false;
    }
  }

  /**
   * Writes any file, such as a model.
   *
   * @param writer receives the temporary path (same ending as {@code name}) and writes there
   * @return where the file is
   */
  public Path write(String name, IOConsumer<Path> writer) throws IOException {
    Path target = path(name);
    Files.createDirectories(target.getParent());
    Path temporary = temporary(target);
    try {
      writer.accept(temporary);
      return Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw WriteFault.named(target, e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Writes a folder of texts: all of it appears at once, in the place of an older one.
   *
   * @param texts by file name
   */
  public Path writeFolder(String name, Map<String, String> texts) throws IOException {
    Path target = path(name);
    Path temporary = temporary(target);
    try {
      Files.createDirectories(temporary);
      for (Map.Entry<String, String> text : texts.entrySet()) {
        Files.writeString(temporary.resolve(text.getKey()), text.getValue());
      }
      delete(target);
      return Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw WriteFault.named(target, e);
    } finally {
      delete(temporary);
    }
  }

  private static Path temporary(Path target) {
    String unique = UUID.randomUUID().toString().substring(0, 8);
    return target.resolveSibling(TEMPORARY + unique + "-" + target.getFileName());
  }

  /** Deletes what a process that was killed left half-written in a folder. */
  public void deleteTemporary(String folder) throws IOException {
    if (!Files.isDirectory(path(folder))) {
      return;
    }
    try (Stream<Path> files = Files.list(path(folder))) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(TEMPORARY)) {
          delete(file);
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Deletes a folder of files that are not needed any more; nothing when there is none. */
  public void deleteFolder(String name) throws IOException {
    delete(path(name));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Marks the run as finished. */
  public void finish() throws IOException {
    status(RunStatus.State.FINISHED, clock.instant(), null);
  }

  /**
   * Marks the run as failed.
   *
   * @param message why, for a person
   */
  public void fail(String message) throws IOException {
    status(RunStatus.State.FAILED, clock.instant(), message);
  }

  /** Marks the run as stopped by the user. */
  public void interrupt() throws IOException {
    status(RunStatus.State.INTERRUPTED, clock.instant(), null);
  }

  private void status(RunStatus.State state, Instant endedAt, String message) throws IOException {
    RunStatus.Process process =
        state == RunStatus.State.RUNNING ? RunStatus.Process.current() : null;
    writeJson(RunStatus.FILE, new RunStatus(state, startedAt, endedAt, message, process));
  }
}
