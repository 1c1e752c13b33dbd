package cnnlab.config;

import cnnlab.text.Explained;

/**
 * Wrong usage: exit code 2. The message is shown unchanged: it names the option, file or key, the
 * value found, what was expected and what to do.
 *
 * <p>Never thrown for faults of the program, which must not be reported as mistakes of the user.
 */
public class UsageException extends RuntimeException implements Explained {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, where, and what to do
   */
  public UsageException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, where, and what to do
   * @param cause the cause
   */
  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isUsersFault() {
    return true;
  }
}
