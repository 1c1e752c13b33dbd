package cnnlab.data.file;

import cnnlab.text.Explained;
import java.nio.file.Path;

/**
 * A fault in a data file that its user can mend. The message is made to be shown as it is: it names
 * the file, what was found, what was expected and what to do.
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
   * @param cause what went wrong below
   */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Composes {@code "FILE: found FOUND, expected EXPECTED. REMEDY"}.
   *
   * @param file the file at fault
   * @param found what it holds
   * @param expected what it should hold
   * @param remedy what to do, a sentence
   */
  public DataException(Path file, String found, String expected, String remedy) {
    super(message(file, found, expected, remedy));
  }

  /**
   * Composes {@code "FILE: found FOUND, expected EXPECTED. REMEDY"}.
   *
   * @param cause what went wrong below
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
