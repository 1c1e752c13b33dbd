package cnnlab.model.file;

import cnnlab.text.Explained;

/** A model file cannot be used. The message gives the file, the fault and a remedy. */
public final class ModelFileException extends RuntimeException implements Explained {
  private static final long serialVersionUID = 1L;

  /**
   * @param message the whole message
   * @param cause the underlying error, or null
   */
  public ModelFileException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isUsersFault() {
    return true;
  }
}
