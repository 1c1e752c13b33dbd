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
 * The directory of one run and the only way files get into it.
 *
 * <p>Every file is written under a temporary name and moved into place when it is complete: a
 * reader sees the old file, the new one or none, never half of one. {@code status.json} says {@code
 * running} from creation on, and {@code finished}, {@code failed} or {@code interrupted} at the
 * end; a run that died keeps {@code running}, see {@link RunStatus#effectiveState}. While it is
 * open no other process can have it; see {@link RunLock}.
 *
 * <p>Names given to the methods are relative to the directory, such as {@code history.csv} or
 * {@code repetition-2/history.csv}. All write methods throw {@link IOException} when the file
 * cannot be written, and {@link IllegalArgumentException} when the name leads out of the directory.
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
   * Uses the directory the user named; it is made when missing. Of several that want it at once one
   * gets it.
   *
   * @throws IllegalArgumentException when it is a file, a directory with something in it, or one
   *     that another process has taken
   * @throws IOException when it cannot be made or read
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
      // Another run may have come and gone between the first look and the lock.
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
   * Opens the directory of a run that did not finish, to resume it. What a process that was killed
   * left half-written is deleted. A damaged {@code status.json} is taken for that of a run that did
   * not finish, with a warning.
   *
   * @throws IllegalArgumentException when it is not a run directory, or the run is finished or
   *     still computed by another process
   * @throws IOException when it cannot be read or written
   */
  public static RunDirectory reopen(Path directory) throws IOException {
    if (!Files.isRegularFile(directory.resolve(RunStatus.FILE))) {
      throw new IllegalArgumentException(
          directory + " is no run directory: it has no " + RunStatus.FILE);
    }
    requireUnfinished(directory, status(directory, false));
    RunLock lock =
        RunLock.take(directory).orElseThrow(() -> running(directory, status(directory, false)));
    try {
      // Its last process may have ended between the first look and the lock.
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
        LOG.warn("{}; the run is taken for one that did not finish", e.getMessage());
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
            ? "another process has it"
            : "process %s on %s".formatted(status.process().pid(), status.process().host());
    return new IllegalArgumentException(
        "%s is still running (%s); wait for it or stop it".formatted(directory, who));
  }

  /**
   * Marks all that is written from now on as that of a trial: {@code result.json} has the key
   * {@code trial}, tables a column {@code mark}, pictures a line above, and {@code report.md} the
   * mark in each line.
   *
   * @param trial see {@link TrialMark}; empty for a full run
   */
  public void mark(String trial) {
    mark = trial;
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
    // Absolute, as the empty path, which the working directory may be, is no start of any other.
    Path here = directory.toAbsolutePath().normalize();
    Path path = directory.resolve(name).normalize();
    Path absolute = path.toAbsolutePath();
    if (!absolute.startsWith(here) || absolute.equals(here)) {
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
    String json = Json.toJson(value);
    if (!mark.isEmpty() && name.equals("result.json")) {
      json = json.replaceFirst("\\{", "{\n  \"trial\" : \"%s\",".formatted(TrialMark.json(mark)));
    }
    return writeText(name, json);
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
    return writeText(name, TrialMark.csv(mark, Csv.toCsv(type, rows)));
  }

  /**
   * Writes a CSV table whose columns are not known beforehand, with the same rules.
   *
   * @param rows each with a value for every column
   */
  public Path writeCsv(String name, List<String> header, List<List<Object>> rows)
      throws IOException {
    return writeText(name, TrialMark.csv(mark, Csv.toCsv(header, rows)));
  }

  /**
   * Writes {@code report.md}: with the mark of a trial, and without the pictures that could not be
   * drawn.
   */
  public Path writeReport(MarkdownReport report) throws IOException {
    return writeText(
        "report.md",
        TrialMark.markdown(mark, report.text(file -> Files.exists(directory.resolve(file)))));
  }

  /** A picture that is drawn when it is to be written. */
  public interface Drawing {
    /**
     * Draws it.
     *
     * @param mark of a trial, to be shown in the picture; empty for none
     * @return the bytes of a PNG file
     * @throws IOException when it cannot be encoded
     */
    byte[] png(String mark) throws IOException;
  }

  /**
   * Draws a picture and writes it.
   *
   * @throws IOException when it cannot be encoded or written; names the file
   */
  public Path writePng(String name, Drawing drawing) throws IOException {
    return AtomicFile.write(path(name), temporary -> Files.write(temporary, drawing.png(mark)));
  }

  /**
   * Draws a picture and writes it; when that is impossible, warns and goes on: hours of training
   * must not be lost to a picture. A Java without fonts (slim container images) cannot draw text,
   * and memory may be short.
   *
   * @return whether the file was written
   */
  public boolean tryWritePng(String name, Drawing drawing) {
    try {
      writePng(name, drawing);
      return true;
    } catch (IOException e) {
      LOG.warn("{} is not drawn: {}", name, e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.warn("{} is not drawn (are fontconfig and a font installed?): {}", name, e.toString());
      LOG.debug("cause", e);
    }
    return false;
  }

  /**
   * Writes any file, such as a model.
   *
   * @param writer receives the temporary path (same ending as {@code name}) and writes there
   * @return where the file is
   */
  public Path write(String name, IOConsumer<Path> writer) throws IOException {
    return AtomicFile.write(path(name), writer::accept);
  }

  /**
   * Writes a folder of texts: all of it appears at once, in the place of an older one.
   *
   * @param texts by file name
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

  /** Deletes what a process that was killed left half-written, at any depth. */
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

  /** Deletes a file, or whatever is in its place; nothing when there is nothing. */
  public void delete(String name) throws IOException {
    delete(path(name));
  }

  /** Deletes a file, or a folder with all that is in it; nothing when there is neither. */
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
   * @param message why, for a person
   */
  public void fail(String message) throws IOException {
    status(RunStatus.State.FAILED, clock.instant(), message);
  }

  /** Marks the run as stopped by the user. */
  public void interrupt() throws IOException {
    status(RunStatus.State.INTERRUPTED, clock.instant(), null);
  }

  /**
   * Writes the state back that the run had when it was opened to be resumed, as it was not resumed.
   */
  public void leave() throws IOException {
    if (before != null) {
      writeJson(RunStatus.FILE, before);
    }
  }

  /** Lets another process have it; its files stay. */
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
