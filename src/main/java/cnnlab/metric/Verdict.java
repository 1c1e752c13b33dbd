package cnnlab.metric;

/** The verdict of recorded runs on a claim. */
public enum Verdict {
  REPRODUCED(
      "reproduced",
      "The number of the lab report was reproduced: ours is within the limit, or the whole 95 % interval of the difference lies within the margin that the claim states."),
  SUPPORTED("supported", "The whole 95 % interval lies on the claimed side of zero."),
  NOT_REPRODUCED(
      "not reproduced",
      "A limit is exceeded, or the whole 95 % interval of the difference lies outside the margin."),
  NOT_SUPPORTED("not supported", "The whole 95 % interval lies on the opposite side of zero."),
  UNDECIDED(
      "undecided",
      "The interval allows both answers, there are fewer than three runs, or the data differ from those of the lab report."),
  NOT_RECORDED(
      "not recorded yet",
      "None of the runs shown is a finished run of the claim's configuration; trial runs (--quick, synthetic data) do not count.");

  private final String label;
  private final String meaning;

  Verdict(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** The verdict in words, such as {@code not supported}. */
  @Override
  public String toString() {
    return label;
  }

  /** The condition under which the verdict is given. */
  public String meaning() {
    return meaning;
  }

  /**
   * The verdict on a difference that is claimed to be positive.
   *
   * @param low lower end of its 95 % interval; NaN without an interval
   * @param high upper end
   */
  public static Verdict ofDifference(double low, double high) {
    if (low > 0) {
      return SUPPORTED;
    }
    return high < 0 ? NOT_SUPPORTED : UNDECIDED;
  }

  /**
   * The verdict on a number that should be reproduced: a test of equivalence. It is not enough that
   * the two numbers could be equal, because a wide interval allows that for any two numbers; it
   * must be shown that they differ by no more than a margin. Requiring the whole 95 % interval to
   * lie within the margin is the procedure of two one-sided tests (TOST) of Schuirmann (1987,
   * Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680) at a level of 2.5 % each. That is
   * stricter than the usual 5 %, so that the displayed interval decides.
   *
   * @param low lower end of the interval of the difference or ratio; NaN without an interval
   * @param high upper end
   * @param least the smallest value that counts as equal
   * @param most the largest value that counts as equal
   */
  public static Verdict ofEquivalence(double low, double high, double least, double most) {
    if (low >= least && high <= most) {
      return REPRODUCED;
    }
    return low > most || high < least ? NOT_REPRODUCED : UNDECIDED;
  }

  /** The verdict on a claim that holds only if both parts hold. */
  public Verdict and(Verdict other) {
    for (Verdict against : new Verdict[] {NOT_SUPPORTED, NOT_REPRODUCED}) {
      if (this == against || other == against) {
        return against;
      }
    }
    return this == other ? this : UNDECIDED;
  }
}
