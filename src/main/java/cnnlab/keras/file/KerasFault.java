package cnnlab.keras.file;

/**
 * What is wrong with a Keras file, without the file's name: {@code KerasFile} puts that before it.
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
