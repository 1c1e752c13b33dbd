package cnnlab.store;

import cnnlab.io.AtomicFile;
import cnnlab.io.IOConsumer;
import cnnlab.io.WriteFault;
import cnnlab.text.MarkdownReport;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one run; all of its files are written through this class.
 *
 * <p>Every file is written under a temporary name and moved into place when it is complete: a
 * reader sees the old file, the new file or none, never a partial one. {@code status.json} says
 * {@code running} from creation on, and {@code finished}, {@code failed} or {@code interrupted} at
 * the end; a run that died keeps {@code running}, see {@link RunStatus#effectiveState}. While the
 * directory is open, no other process can open it; see {@link RunLock}.
 *
 * <p>Names given to the methods are relative to the directory, such as {@code history.csv} or
 * {@code repetition-2/history.csv}. All write methods throw {@link IOException} if the file cannot
 * be written, and {@link IllegalArgumentException} if the name leads out of the directory.
 */
public final class RunDirectory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Path directory;
  private final Clock clock;
  private final Instant startedAt;
  private final RunLock lock;
  private final RunStatus before;
  private boolean finished;
  private String mark = "";

  private RunDirectory(Path directory, Clock clock, RunLock lock, RunStatus before)
      throws IOException {
    this.directory = directory;
    this.clock = clock;
    this.startedAt = clock.instant();
    this.lock = lock;
    this.before = before;
    try {
      status(RunStatus.State.RUNNING, null, null);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Creates {@code results/<experiment>/<yyyyMMdd-HHmmss>-<seed>/}, with -2, -3, … appended if that
   * exists.
   *
   * @param results root of all results; created if missing
   * @param experiment such as {@code task1}
   * @param clock gives the time, in its own time zone
   * @throws IOException if the directory cannot be created
   */
  public static RunDirectory create(Path results, String experiment, long seed, Clock clock)
      throws IOException {
    Path parent = Files.createDirectories(results.resolve(experiment));
    String name = ZonedDateTime.now(clock).format(STAMP) + "-" + seed;
    for (int copy = 1; ; copy++) {
      Path directory = parent.resolve(copy == 1 ? name : name + "-" + copy);
      try {
        // Unlike createDirectories, this call fails for the second of two runs in the same second.
        Files.createDirectory(directory);
        Optional<RunLock> lock = RunLock.take(directory);
        if (lock.isPresent()) {
          return new RunDirectory(directory, clock, lock.get(), null);
        }
      } catch (FileAlreadyExistsException taken) {
        LOG.debug("{} exists, trying the next name", directory);
      }
    }
  }

  /**
   * Uses the directory that the user named; it is created if missing. If several processes open it
   * at once, one succeeds.
   *
   * @throws IllegalArgumentException if it is a file, is not empty, or is open in another process
   * @throws IOException if it cannot be created or read
   */
  public static RunDirectory at(Path directory) throws IOException {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          directory + " is a file; name a new or an empty directory for the results");
    }
    Files.createDirectories(directory);
    requireEmpty(directory);
    RunLock lock =
        RunLock.take(directory)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        directory
                            + " was taken by another run at the same time; name another directory for the results"));
    try {
      // Another run may have started and ended between the first check and the lock.
      requireEmpty(directory);
      return new RunDirectory(directory, Clock.systemDefaultZone(), lock, null);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static void requireEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      if (entries.anyMatch(entry -> !RunLock.isLock(entry))) {
        throw new IllegalArgumentException(
            directory
                + " is not empty; name a new or an empty directory for the results, so that no"
                + " earlier run is overwritten");
      }
    }
  }

  /**
   * Opens the directory of an unfinished run, to resume it. Temporary files of a killed process are
   * deleted. A run with a damaged {@code status.json} counts as unfinished, with a warning.
   *
   * @throws IllegalArgumentException if it is not a run directory, or the run is finished or still
   *     running in another process
   * @throws IOException if it cannot be read or written
   */
  public static RunDirectory reopen(Path directory) throws IOException {
    if (!Files.isRegularFile(directory.resolve(RunStatus.FILE))) {
      throw new IllegalArgumentException(
          directory + " is not a run directory: it has no " + RunStatus.FILE);
    }
    requireUnfinished(directory, status(directory, false));
    RunLock lock =
        RunLock.take(directory).orElseThrow(() -> running(directory, status(directory, false)));
    try {
      // Its last process may have ended between the first check and the lock.
      RunStatus status = status(directory, true);
      requireUnfinished(directory, status);
      if (status != null && status.isComputedElsewhere(directory, Instant.now())) {
        throw running(directory, status);
      }
      deleteTemporary(directory);
      return new RunDirectory(directory, Clock.systemDefaultZone(), lock, status);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static RunStatus status(Path directory, boolean warn) {
    try {
      return RunStatus.read(directory);
    } catch (IOException e) {
      if (warn) {
        LOG.warn("{}; the run is treated as unfinished", e.getMessage());
      }
      return null;
    }
  }

  private static void requireUnfinished(Path directory, RunStatus status) {
    if (status != null && status.state() == RunStatus.State.FINISHED) {
      throw new IllegalArgumentException(directory + " is a finished run; there is nothing to do");
    }
  }

  private static IllegalArgumentException running(Path directory, RunStatus status) {
    String who =
        status == null || status.process() == null
            ? "another process uses it"
            : "process %s on %s".formatted(status.process().pid(), status.process().host());
    return new IllegalArgumentException(
        "%s is still running (%s); wait for it or stop it".formatted(directory, who));
  }

  /**
   * Marks everything written from now on as belonging to a trial run: {@code result.json} has the
   * key {@code trial}, tables have a column {@code mark}, pictures a line at the top, and {@code
   * report.md} the mark in each line.
   *
   * @param trial the mark, see {@link TrialMark}; empty for a full run
   */
  public void mark(String trial) {
    mark = trial;
  }

  /** The mark of a trial run; empty for a full run. */
  public String mark() {
    return mark;
  }

  /** The path of the directory. */
  public Path directory() {
    return directory;
  }

  /**
   * The path of the file of this name, which need not exist.
   *
   * @throws IllegalArgumentException if the name leads out of the directory
   */
  public Path path(String name) {
    // Absolute, because the empty path (the working directory) is not a prefix of any other path.
    Path here = directory.toAbsolutePath().normalize();
    Path path = directory.resolve(name).normalize();
    Path absolute = path.toAbsolutePath();
    if (!absolute.startsWith(here) || absolute.equals(here)) {
      throw new IllegalArgumentException("'" + name + "' is not a file name inside " + directory);
    }
    return path;
  }

  /** Writes UTF-8 text unchanged. */
  public Path writeText(String name, String text) throws IOException {
    return write(name, path -> Files.writeString(path, text));
  }

  /**
   * Writes indented JSON, terminated by a newline. Keys keep their order: record components as
   * declared, maps in iteration order. NaN and infinities become null; times are ISO 8601.
   *
   * @param value a record, map, list or plain value
   */
  public Path writeJson(String name, Object value) throws IOException {
    String json = Json.toJson(value);
    if (!mark.isEmpty() && name.equals("result.json")) {
      json = json.replaceFirst("\\{", "{\n  \"trial\" : \"%s\",".formatted(TrialMark.json(mark)));
    }
    return writeText(name, json);
  }

  /**
   * Writes a CSV table: a header of the component names, then one line per record. Floats and
   * doubles are written exactly (NaN is {@code NaN}); null is an empty cell; the elements of arrays
   * and lists are joined by x, so a shape is {@code 8x14x14}.
   *
   * @param type the record type, which gives the header even without rows
   */
  public <R extends Record> Path writeCsv(String name, Class<R> type, List<R> rows)
      throws IOException {
    return writeText(name, TrialMark.csv(mark, Csv.toCsv(type, rows)));
  }

  /**
   * Writes a CSV table with the given columns, by the same rules.
   *
   * @param rows the rows, each with a value for every column
   */
  public Path writeCsv(String name, List<String> header, List<List<Object>> rows)
      throws IOException {
    return writeText(name, TrialMark.csv(mark, Csv.toCsv(header, rows)));
  }

  /**
   * Writes {@code report.md}, with the mark of a trial run and without the pictures that could not
   * be drawn.
   */
  public Path writeReport(MarkdownReport report) throws IOException {
    return writeText(
        "report.md",
        TrialMark.markdown(mark, report.text(file -> Files.exists(directory.resolve(file)))));
  }

  /** A picture that is drawn at the moment it is written. */
  public interface Drawing {
    /**
     * Draws it.
     *
     * @param mark of a trial run, to be shown in the picture; empty for none
     * @return the bytes of a PNG file
     * @throws IOException if it cannot be encoded
     */
    byte[] png(String mark) throws IOException;
  }

  /**
   * Draws a picture and writes it.
   *
   * @throws IOException if it cannot be encoded or written; the message names the file
   */
  public Path writePng(String name, Drawing drawing) throws IOException {
    return AtomicFile.write(path(name), temporary -> Files.write(temporary, drawing.png(mark)));
  }

  /**
   * Draws a picture and writes it; if that fails, logs a warning and continues: hours of training
   * must not be lost because of a picture. A Java without fonts (slim container images) cannot draw
   * text, and memory may be short.
   *
   * @return whether the file was written
   */
  public boolean tryWritePng(String name, Drawing drawing) {
    try {
      writePng(name, drawing);
      return true;
    } catch (IOException e) {
      LOG.warn("{} was not drawn: {}", name, e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.warn("{} was not drawn (are fontconfig and a font installed?): {}", name, e.toString());
      LOG.debug("cause", e);
    }
    return false;
  }

  /**
   * Writes any file, such as a model.
   *
   * @param writer receives the temporary path (same extension as {@code name}) and writes there
   * @return the path of the file
   */
  public Path write(String name, IOConsumer<Path> writer) throws IOException {
    return AtomicFile.write(path(name), writer::accept);
  }

  /**
   * Writes a folder of text files atomically: the whole folder appears at once and replaces an
   * older one.
   *
   * @param texts contents by file name
   */
  public Path writeFolder(String name, Map<String, String> texts) throws IOException {
    Path target = path(name);
    Path temporary = AtomicFile.temporary(target);
    try {
      Files.createDirectories(temporary);
      for (Map.Entry<String, String> text : texts.entrySet()) {
        Files.writeString(temporary.resolve(text.getKey()), text.getValue());
      }
      delete(target);
      AtomicFile.move(temporary, target);
      return target;
    } catch (IOException e) {
      throw WriteFault.named(target, e);
    } finally {
      delete(temporary);
    }
  }

  /** Deletes the temporary files and folders of a killed process, at any depth. */
  public static void deleteTemporary(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        if (AtomicFile.isTemporary(entry)) {
          delete(entry);
        } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          deleteTemporary(entry);
        }
      }
    }
  }

  /** Deletes the file or folder of this name, if there is one. */
  public void delete(String name) throws IOException {
    delete(path(name));
  }

  /** Deletes a file, or a folder with all its contents, if it exists. */
  public static void delete(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Marks the run as finished. */
  public void finish() throws IOException {
    status(RunStatus.State.FINISHED, clock.instant(), null);
    finished = true;
  }

  /**
   * Marks the run as failed.
   *
   * @param message the reason, for people
   */
  public void fail(String message) throws IOException {
    status(RunStatus.State.FAILED, clock.instant(), message);
  }

  /** Marks the run as stopped by the user. */
  public void interrupt() throws IOException {
    status(RunStatus.State.INTERRUPTED, clock.instant(), null);
  }

  /**
   * Restores the state that the run had when it was opened for resuming, because it was not
   * resumed.
   */
  public void leave() throws IOException {
    if (before != null) {
      writeJson(RunStatus.FILE, before);
    }
  }

  /** Releases the directory for other processes; its files stay. */
  @Override
  public void close() throws IOException {
    try {
      if (finished) {
        lock.delete();
      }
    } finally {
      lock.close();
    }
  }

  private void status(RunStatus.State state, Instant endedAt, String message) throws IOException {
    RunStatus.Process process =
        state == RunStatus.State.RUNNING ? RunStatus.Process.current() : null;
    writeJson(RunStatus.FILE, new RunStatus(state, startedAt, endedAt, message, process));
  }
}
