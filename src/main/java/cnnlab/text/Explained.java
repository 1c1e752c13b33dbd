package cnnlab.text;

/**
 * An exception whose message is written for the user and shown as it is, without a stack trace: it
 * names the option, file, key or layer, what was found, what was expected and what to do.
 */
public interface Explained {
  /**
   * Whether the user can mend it: an option, a configuration or a file that does not fit (exit code
   * 2). Otherwise the run itself failed (exit code 1).
   */
  boolean isUsersFault();
}
