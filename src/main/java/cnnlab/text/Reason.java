package cnnlab.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/** Why something failed, in a sentence for a person, without the exception's class. */
public final class Reason {
  /** What to do when memory is short. */
  public static final String GIVE_MORE =
      "Give Java more, such as JDK_JAVA_OPTIONS=-Xmx8g if the machine has it";

  /** That memory ran out. */
  public static final String MEMORY = "memory ran out. %s.".formatted(GIVE_MORE);

  private Reason() {}

  /** Whether the user can mend it: options, configuration, or files that do not fit. */
  public static boolean isUsersFault(Throwable e) {
    return e instanceof Explained explained && explained.isUsersFault();
  }

  /**
   * What is said of it; nothing for a fault of our own, of which only a stack trace says enough.
   */
  public static Optional<String> known(Throwable e) {
    if (e instanceof Explained) {
      return Optional.of(e.getMessage());
    }
    if (isOutOfMemory(e)) {
      return Optional.of(MEMORY);
    }
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    return cause instanceof IOException io ? Optional.of(describe(io)) : Optional.empty();
  }

  /** The same; of a fault of our own its message, or its kind where it has none. */
  public static String of(Throwable e) {
    return known(e)
        .orElseGet(() -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
  }

  private static boolean isOutOfMemory(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  private static String describe(IOException e) {
    // The message of a FileSystemException is the file's name alone.
    return e instanceof FileSystemException || e.getMessage() == null
        ? e.getClass().getSimpleName() + ": " + e.getMessage()
        : e.getMessage();
  }
}
