package cnnlab.training;

import cnnlab.text.Explained;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A checkpoint that is whole, but of another training. The message names the file and what to do.
 */
public final class ForeignCheckpointException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;

  /**
   * @param why it is of another training
   */
  ForeignCheckpointException(Path file, String why) {
    super(
        "%s: the checkpoint of another training (%s); delete it to begin this training anew"
            .formatted(file, why));
  }

  @Override
  public boolean isUsersFault() {
    return true;
  }
}
