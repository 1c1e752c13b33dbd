package cnnlab.config;

/**
 * An invalid configuration. The message is for the author of the configuration: it names the source
 * (file and line, or {@code --set key=value}), the key, the value found and what was expected.
 */
public final class ConfigException extends UsageException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, where, and what to do
   */
  public ConfigException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, where, and what to do
   * @param cause the cause
   */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
