package cnnlab.keras.file;

/**
 * A fault in a Keras file. The message does not contain the name of the file; {@code KerasFile}
 * adds it.
 */
public final class KerasFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KerasFault(String message) {
    super(message);
  }

  public KerasFault(String message, Throwable cause) {
    super(message, cause);
  }
}
