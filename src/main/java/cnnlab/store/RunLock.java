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
 * The right to write into a run directory, held by one process at a time: a lock of the operating
 * system on {@code run.lock}, which ends with the process however it ends. Nothing is ever written
 * into that file.
 *
 * <p>Where the file system has no locks, the file {@code run.lock.held} stands for it: creating it
 * is atomic everywhere. A killed process leaves it, so it says which process made it, and it is
 * taken over when that one is gone; see {@link RunStatus.Process}.
 */
public final class RunLock implements AutoCloseable {
  static final String FILE = "run.lock";
  static final String HELD = "run.lock.held";

  /**
   * Directories that this process holds. A second lock by the same process would be refused by
   * Java, but closing its file would, on POSIX systems, let go of the first.
   */
  private static final Set<Path> HERE = new HashSet<>();

  private final Path directory;
  private final Path key;
  private final FileChannel channel;

  /** How a file is locked: as the system does it, but for tests. */
  @FunctionalInterface
  interface Locker {
    FileLock lock(FileChannel channel) throws IOException;
  }

  /**
   * @param channel null where the file system has no locks
   */
  private RunLock(Path directory, Path key, FileChannel channel) {
    this.directory = directory;
    this.key = key;
    this.channel = channel;
  }

  /**
   * Takes the lock if nobody has it.
   *
   * @param directory exists
   * @return empty when another run, of this process or any other, has it
   * @throws IOException when the directory cannot be written
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

  /** Removes the file of a process that is gone. Of several that try at once one succeeds. */
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
      // Somebody else took over meanwhile; this one is theirs.
      Files.move(aside, held);
      return false;
    } catch (NoSuchFileException gone) {
      return true;
    }
  }

  /** Whether a file is one of the lock's. */
  public static boolean isLock(Path file) {
    String name = file.getFileName().toString();
    return name.equals(FILE) || name.equals(HELD);
  }

  /**
   * Deletes the files of the lock, to be called by who has it. Only where nobody will take it any
   * more, as the run is finished or its directory removed: who opened the file before would
   * otherwise lock a file that is gone, and the next one another.
   */
  public void delete() throws IOException {
    Files.deleteIfExists(directory.resolve(FILE));
    Files.deleteIfExists(directory.resolve(HELD));
  }

  /** Lets go. */
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
