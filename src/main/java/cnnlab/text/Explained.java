package cnnlab.text;

/**
 * An exception whose message is written for the user and shown without a stack trace. The message
 * names the option, file, key or layer, what was found, what was expected and what to do.
 */
public interface Explained {
  /**
   * Whether the user can correct the cause: a wrong option, configuration or file (exit code 2).
   * Otherwise the run itself failed (exit code 1).
   */
  boolean isUsersFault();
}
