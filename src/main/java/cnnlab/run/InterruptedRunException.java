package cnnlab.run;

/** The user stopped a run: exit code 130. What there is to say has been said. */
public final class InterruptedRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InterruptedRunException() {
    super("interrupted");
  }

  /**
   * @param cause what the work stopped with
   */
  public InterruptedRunException(Throwable cause) {
    super("interrupted", cause);
  }
}
