package cnnlab.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/** The reason for a failure, as a sentence for the user, without the exception's class. */
public final class Reason {
  /** The advice if memory is short. */
  public static final String GIVE_MORE =
      "Give Java more, such as JDK_JAVA_OPTIONS=-Xmx8g if the machine has that much";

  /** The message for an {@link OutOfMemoryError}. */
  public static final String MEMORY = "memory ran out. %s.".formatted(GIVE_MORE);

  private Reason() {}

  /** Whether the user can correct the cause: wrong options, configuration or files. */
  public static boolean isUsersFault(Throwable e) {
    return e instanceof Explained explained && explained.isUsersFault();
  }

  /** The message for the user; empty for a programming error, which needs a stack trace. */
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

  /**
   * As {@link #known}; for a programming error the exception's message, or its class name if it has
   * none.
   */
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
    // The message of a FileSystemException is only the file's name.
    return e instanceof FileSystemException || e.getMessage() == null
        ? e.getClass().getSimpleName() + ": " + e.getMessage()
        : e.getMessage();
  }
}
