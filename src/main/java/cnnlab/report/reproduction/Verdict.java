package cnnlab.report.reproduction;

/** What the runs say about a claim. */
enum Verdict {
  REPRODUCED(
      "reproduced",
      "good",
      "The report's number came out again: ours is within the limit, or the report's lies, as rounded, in our 95 % interval."),
  SUPPORTED(
      "supported",
      "good",
      "The whole 95 % interval lies on the side that the claim says; or our number is better than the report's."),
  NOT_SUPPORTED(
      "not supported",
      "bad",
      "The whole 95 % interval lies on the other side, or a limit is missed."),
  UNDECIDED(
      "undecided",
      "open",
      "The interval has room for both, or the runs cannot tell because their data are not the report's."),
  NOT_RECORDED("not recorded yet", "none", "No finished run among those shown answers it.");

  private final String label;
  private final String tone;
  private final String meaning;

  Verdict(String label, String tone, String meaning) {
    this.label = label;
    this.tone = tone;
    this.meaning = meaning;
  }

  /** In words. */
  String label() {
    return label;
  }

  /** The class of the style sheet that shows it. */
  String tone() {
    return tone;
  }

  /** When it is given. */
  String meaning() {
    return meaning;
  }

  /** Of a difference that the claim holds to be positive. */
  static Verdict ofDifference(Estimate difference) {
    if (difference.low() > 0) {
      return SUPPORTED;
    }
    return difference.high() < 0 ? NOT_SUPPORTED : UNDECIDED;
  }

  /**
   * Of a number that should come out again, where more is better.
   *
   * @param rounding how far the report's number may be off, having been rounded
   */
  static Verdict ofNumber(double report, double rounding, Estimate ours) {
    if (!ours.hasInterval()) {
      return UNDECIDED;
    }
    if (ours.low() > report + rounding) {
      return SUPPORTED;
    }
    return ours.high() < report - rounding ? NOT_SUPPORTED : REPRODUCED;
  }

  /** Of a claim that holds only if both parts do. */
  Verdict and(Verdict other) {
    if (this == NOT_SUPPORTED || other == NOT_SUPPORTED) {
      return NOT_SUPPORTED;
    }
    return this == other ? this : UNDECIDED;
  }
}
