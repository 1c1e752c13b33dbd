package cnnlab.store;

import cnnlab.io.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The exclusive right to write into a run directory: an operating-system lock on {@code run.lock},
 * which is released when the process ends, however it ends. That file is always empty.
 *
 * <p>On a file system without locks, the file {@code run.lock.held} is used instead: its creation
 * is atomic everywhere. A killed process leaves it behind, so it names the process that created it,
 * and is taken over once that process is gone; see {@link RunStatus.Process}.
 */
public final class RunLock implements AutoCloseable {
  static final String FILE = "run.lock";
  static final String HELD = "run.lock.held";

  /**
   * Directories that this process has locked. Java would refuse a second lock in the same process,
   * but on POSIX systems closing its file would release the first.
   */
  private static final Set<Path> HERE = new HashSet<>();

  private final Path directory;
  private final Path key;
  private final FileChannel channel;

  /** Locks a file; tests replace it. */
  @FunctionalInterface
  interface Locker {
    FileLock lock(FileChannel channel) throws IOException;
  }

  /**
   * @param channel null if the file system has no locks
   */
  private RunLock(Path directory, Path key, FileChannel channel) {
    this.directory = directory;
    this.key = key;
    this.channel = channel;
  }

  /**
   * Takes the lock if it is free.
   *
   * @param directory an existing directory
   * @return empty if another run holds it, in this process or another
   * @throws IOException if the directory cannot be written
   */
  public static Optional<RunLock> take(Path directory) throws IOException {
    return take(directory, FileChannel::tryLock);
  }

  static Optional<RunLock> take(Path directory, Locker locker) throws IOException {
    Path key = directory.toRealPath();
    synchronized (HERE) {
      if (!HERE.add(key)) {
        return Optional.empty();
      }
    }
    Optional<RunLock> lock = Optional.empty();
    try {
      lock = lock(directory, key, locker);
      return lock;
    } finally {
      if (lock.isEmpty()) {
        forget(key);
      }
    }
  }

  private static void forget(Path key) {
    synchronized (HERE) {
      HERE.remove(key);
    }
  }

  private static Optional<RunLock> lock(Path directory, Path key, Locker locker)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = locker.lock(channel) != null;
      return locked ? Optional.of(new RunLock(directory, key, channel)) : Optional.empty();
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    } catch (IOException noLocks) {
      return create(directory) ? Optional.of(new RunLock(directory, key, null)) : Optional.empty();
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static boolean create(Path directory) throws IOException {
    Path held = directory.resolve(HELD);
    String mine = Json.exact(RunStatus.Process.current());
    for (int tries = 0; tries < 2; tries++) {
      try {
        Files.writeString(held, mine, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return true;
      } catch (FileAlreadyExistsException taken) {
        if (!takeOver(directory, held)) {
          return false;
        }
      }
    }
    return false;
  }

  /** Removes the file of a process that is gone. If several processes try at once, one succeeds. */
  private static boolean takeOver(Path directory, Path held) throws IOException {
    Path aside = AtomicFile.temporary(held);
    try {
      String found = Files.readString(held);
      if (RunStatus.lives(directory, held, found, Instant.now())) {
        return false;
      }
      Files.move(held, aside);
      if (Files.readString(aside).equals(found)) {
        Files.delete(aside);
        return true;
      }
      // Another process has taken over in the meantime; this file is its own.
      Files.move(aside, held);
      return false;
    } catch (NoSuchFileException gone) {
      return true;
    }
  }

  /** Whether a file belongs to a lock. */
  public static boolean isLock(Path file) {
    String name = file.getFileName().toString();
    return name.equals(FILE) || name.equals(HELD);
  }

  /**
   * Deletes the files of the lock; the caller must hold it. Call this only if nothing will take the
   * lock again, because the run is finished or its directory removed: otherwise a process that had
   * opened the old file would lock a deleted file, and the next process a new one.
   */
  public void delete() throws IOException {
    Files.deleteIfExists(directory.resolve(FILE));
    Files.deleteIfExists(directory.resolve(HELD));
  }

  /** Releases the lock. */
  @Override
  public void close() throws IOException {
    try {
      if (channel == null) {
        Files.deleteIfExists(directory.resolve(HELD));
      } else {
        channel.close();
      }
    } finally {
      forget(key);
    }
  }
}
