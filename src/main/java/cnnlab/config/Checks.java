package cnnlab.config;

/**
 * Range checks of configuration values; each message names the key, what was found and what is
 * allowed.
 */
public final class Checks {
  /** More than the machines have that this is for, and no more than any of them can start. */
  public static final int MOST_THREADS = 1024;

  private static final int MOST_REPETITIONS = 100_000;

  private Checks() {}

  /** Greater than 0. */
  public static void positive(String key, double value) {
    require(value > 0, key, value, "greater than 0");
  }

  /** At least {@code least}. */
  public static void atLeast(String key, long value, long least) {
    require(value >= least, key, value, "at least " + least);
  }

  /** From {@code least} to 100,000: each is a training, and a list of more fills the memory. */
  public static void repetitions(String key, long value, long least) {
    require(
        value >= least && value <= MOST_REPETITIONS,
        key,
        value,
        "at least %s and at most %s".formatted(least, MOST_REPETITIONS));
  }

  /**
   * The α of mix-up: 0, or from 1e-6 to 1e6, where quantiles of its beta distribution can be
   * computed. Beyond, an image stays as it is, or all are mixed in halves.
   */
  public static void mixUp(double value) {
    require(
        value == 0 || value >= 1e-6 && value <= 1e6, "mixUp", value, "0, or from 1.0E-6 to 1.0E6");
  }

  /** From 0 to {@link #MOST_THREADS}: started without a limit, they take the whole machine. */
  public static void threads(String key, long value) {
    require(
        value >= 0 && value <= MOST_THREADS,
        key,
        value,
        "at least 0 and at most %s".formatted(MOST_THREADS));
  }

  /** In [0, 1), also as the 32-bit float that a network computes with. */
  public static void inUnitInterval(String key, double value) {
    require(value >= 0 && (float) value < 1, key, value, "at least 0 and less than 1");
  }

  /**
   * A number of an optimiser, from 1e-30 to 1e30. Beyond, it or what is computed from it is 0 or
   * infinite as a 32-bit float; DL4J's Adam then takes steps of epsilon without a word.
   */
  public static void stepSize(String key, double value) {
    require(
        value > 0 && value >= 1e-30 && value <= 1e30,
        key,
        value,
        "greater than 0, from 1.0E-30 to 1.0E30");
  }

  /**
   * @throws IllegalArgumentException unless it is fine
   */
  public static void require(boolean fine, String key, Object found, String expected) {
    if (!fine) {
      throw new IllegalArgumentException("%s is %s, it must be %s".formatted(key, found, expected));
    }
  }

  /** A name of a folder under {@code results/}. */
  public static void folderName(String key, String value) {
    require(
        isFolderName(value),
        key,
        "'" + ConfigValue.shortened(value) + "'",
        "at most 100 lower-case letters, digits and hyphens (it names a folder)");
  }

  /** Whether a value can name a folder or a file. */
  public static boolean isFolderName(String value) {
    return value.matches("[a-z0-9][a-z0-9-]{0,99}");
  }
}
