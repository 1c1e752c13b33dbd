package cnnlab.data.file;

import cnnlab.text.Explained;
import java.nio.file.Path;

/**
 * A problem with a data file that the user can fix. The message is shown unchanged: it gives the
 * file, what was found, what was expected, and a remedy.
 */
public final class DataException extends RuntimeException implements Explained {
  private static final long serialVersionUID = 1L;

  /**
   * @param message the whole message
   */
  public DataException(String message) {
    super(message);
  }

  /**
   * @param message the whole message
   * @param cause the underlying error
   */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Composes {@code "FILE: found FOUND, expected EXPECTED. REMEDY"}.
   *
   * @param file the file at fault
   * @param found what was found
   * @param expected what was expected
   * @param remedy a sentence that tells the user what to do
   */
  public DataException(Path file, String found, String expected, String remedy) {
    super(message(file, found, expected, remedy));
  }

  /**
   * Composes {@code "FILE: found FOUND, expected EXPECTED. REMEDY"}.
   *
   * @param cause the underlying error
   */
  public DataException(Path file, String found, String expected, String remedy, Throwable cause) {
    super(message(file, found, expected, remedy), cause);
  }

  private static String message(Path file, String found, String expected, String remedy) {
    return "%s: found %s, expected %s. %s".formatted(file, found, expected, remedy);
  }

  @Override
  public boolean isUsersFault() {
    return true;
  }
}
