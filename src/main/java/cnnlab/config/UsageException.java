package cnnlab.config;

import cnnlab.text.Explained;

/**
 * What the user asked for cannot be done: exit code 2. The message is shown as it is: it names the
 * option, file or key, what was found, what was expected and what to do.
 *
 * <p>A fault of our own is never one of these, so that it cannot pass for a mistake of the user.
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
   * @param cause the fault underneath
   */
  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isUsersFault() {
    return true;
  }
}
