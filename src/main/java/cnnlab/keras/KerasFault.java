package cnnlab.keras;

/**
 * What is wrong with a Keras file, without the file's name: {@link KerasFile} puts that before it.
 */
final class KerasFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KerasFault(String message) {
    super(message);
  }

  KerasFault(String message, Throwable cause) {
    super(message, cause);
  }
}
