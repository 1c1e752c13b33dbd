package cnnlab.run;

/** How a command ends. */
public final class ExitCode {
  /** Done; every check passed. */
  public static final int OK = 0;

  /** A run, a check, a comparison or a download failed, or a training diverged. */
  public static final int FAILED = 1;

  /** Wrong usage: options, configuration, or files that do not fit. */
  public static final int USAGE = 2;

  /** What shells give for a program that Ctrl-C ended: 128 + SIGINT. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
