package cnnlab.run;

/** Exit codes of commands. */
public final class ExitCode {
  /** Done; every check passed. */
  public static final int OK = 0;

  /** A run, a check, a comparison or a download failed, or a training diverged. */
  public static final int FAILED = 1;

  /** Wrong usage: options, configuration or unsuitable files. */
  public static final int USAGE = 2;

  /** The shells' code for a program ended by Ctrl-C: 128 + SIGINT. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
