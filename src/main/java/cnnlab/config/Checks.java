package cnnlab.config;

/**
 * Range checks of configuration values; each message names the key, what was found and what is
 * allowed.
 */
public final class Checks {
  /** More than the intended machines have cores, and few enough for any of them to start. */
  public static final int MOST_THREADS = 1024;

  private static final int MOST_REPETITIONS = 100_000;

  private Checks() {}

  /** Requires a value greater than 0. */
  public static void positive(String key, double value) {
    require(value > 0, key, value, "greater than 0");
  }

  /** Requires a value of at least {@code least}. */
  public static void atLeast(String key, long value, long least) {
    require(value >= least, key, value, "at least " + least);
  }

  /** Requires a value from {@code least} to 100,000; a list of more trainings fills the memory. */
  public static void repetitions(String key, long value, long least) {
    require(
        value >= least && value <= MOST_REPETITIONS,
        key,
        value,
        "at least %s and at most %s".formatted(least, MOST_REPETITIONS));
  }

  /**
   * Requires an α of mix-up of 0, or from 1e-6 to 1e6, where quantiles of the beta distribution can
   * be computed. Smaller values would leave images unchanged, larger ones mix all in equal parts.
   */
  public static void mixUp(double value) {
    require(
        value == 0 || value >= 1e-6 && value <= 1e6, "mixUp", value, "0, or from 1.0E-6 to 1.0E6");
  }

  /** Requires a number of threads from 0 to {@link #MOST_THREADS}. */
  public static void threads(String key, long value) {
    require(
        value >= 0 && value <= MOST_THREADS,
        key,
        value,
        "at least 0 and at most %s".formatted(MOST_THREADS));
  }

  /** Requires a value in [0, 1), also after rounding to the 32-bit float that networks use. */
  public static void inUnitInterval(String key, double value) {
    require(value >= 0 && (float) value < 1, key, value, "at least 0 and less than 1");
  }

  /**
   * Requires a value from 1e-30 to 1e30, for parameters of an optimiser. Outside this range, they
   * or values computed from them become 0 or infinite as 32-bit floats; DL4J's Adam then silently
   * takes steps of size epsilon.
   */
  public static void stepSize(String key, double value) {
    require(
        value > 0 && value >= 1e-30 && value <= 1e30,
        key,
        value,
        "greater than 0, from 1.0E-30 to 1.0E30");
  }

  /**
   * Requires a condition.
   *
   * @param key the key that is checked
   * @param found its value
   * @param expected the allowed values, in words
   * @throws IllegalArgumentException unless {@code valid}
   */
  public static void require(boolean valid, String key, Object found, String expected) {
    if (!valid) {
      throw new IllegalArgumentException("%s is %s; it must be %s".formatted(key, found, expected));
    }
  }

  /** Requires the name of a folder under {@code results/}. */
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
