package cnnlab.metric;

/** What the runs say about a claim. */
public enum Verdict {
  REPRODUCED(
      "reproduced",
      "The report's number came out again: ours is within the limit; or the whole 95 % interval of the difference lies within the margin that the claim states."),
  SUPPORTED("supported", "The whole 95 % interval lies on the side that the claim says."),
  NOT_REPRODUCED(
      "not reproduced",
      "A limit is missed, or the whole 95 % interval of the difference lies beyond the margin."),
  NOT_SUPPORTED("not supported", "The whole 95 % interval lies on the other side."),
  UNDECIDED(
      "undecided",
      "The interval has room for both, there are fewer than three runs, or the runs cannot tell because their data are not the report's."),
  NOT_RECORDED(
      "not recorded yet",
      "No finished run of the claim's own configuration among those shown answers it; trials (--quick, synthetic data) answer nothing.");

  private final String label;
  private final String meaning;

  Verdict(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** In words, such as {@code not supported}. */
  @Override
  public String toString() {
    return label;
  }

  /** When it is given. */
  public String meaning() {
    return meaning;
  }

  /**
   * Of a difference that the claim holds to be positive.
   *
   * @param low lower end of its 95 % interval; NaN without one
   * @param high upper end
   */
  public static Verdict ofDifference(double low, double high) {
    if (low > 0) {
      return SUPPORTED;
    }
    return high < 0 ? NOT_SUPPORTED : UNDECIDED;
  }

  /**
   * Of a number that should come out again: a test of equivalence. That ours could be the report's
   * is not enough, as a wide interval says so of any two numbers; it has to be shown that they do
   * not differ by more than a margin. The whole 95 % interval within it is the two one-sided tests
   * (TOST) of Schuirmann (1987, Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680) at a
   * level of 2.5 % each, stricter than the usual 5 % so that the interval that is shown decides.
   *
   * @param low lower end of the interval of ours compared with the report's; NaN without one
   * @param high upper end
   * @param least the least that is still the same
   * @param most the most that is
   */
  public static Verdict ofEquivalence(double low, double high, double least, double most) {
    if (low >= least && high <= most) {
      return REPRODUCED;
    }
    return low > most || high < least ? NOT_REPRODUCED : UNDECIDED;
  }

  /** Of a claim that holds only if both parts do. */
  public Verdict and(Verdict other) {
    for (Verdict against : new Verdict[] {NOT_SUPPORTED, NOT_REPRODUCED}) {
      if (this == against || other == against) {
        return against;
      }
    }
    return this == other ? this : UNDECIDED;
  }
}
