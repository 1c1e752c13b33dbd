package cnnlab.run;

/** The user stopped a run: exit code 130. The user has been told already. */
public final class InterruptedRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Without a cause. */
  public InterruptedRunException() {
    super("interrupted");
  }

  /**
   * @param cause the exception that ended the work
   */
  public InterruptedRunException(Throwable cause) {
    super("interrupted", cause);
  }
}
