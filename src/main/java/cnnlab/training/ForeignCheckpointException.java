package cnnlab.training;

import cnnlab.text.Explained;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An intact checkpoint that belongs to another training. The message names the file and a remedy.
 */
public final class ForeignCheckpointException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;

  /**
   * @param why how it differs from this training
   */
  ForeignCheckpointException(Path file, String why) {
    super(
        "%s: the checkpoint of another training (%s); delete it to start this training over"
            .formatted(file, why));
  }

  @Override
  public boolean isUsersFault() {
    return true;
  }
}
