package cnnlab.model.file;

import cnnlab.text.Explained;

/** A model file that cannot be used; the message names the file, what is wrong and what to do. */
public final class ModelFileException extends RuntimeException implements Explained {
  private static final long serialVersionUID = 1L;

  /**
   * @param message the whole message
   * @param cause what went wrong below, or null
   */
  public ModelFileException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean isUsersFault() {
    return true;
  }
}
