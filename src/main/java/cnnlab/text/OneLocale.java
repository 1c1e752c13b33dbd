package cnnlab.text;

import java.util.Locale;

/**
 * One locale for all that is written, whatever the user's: file names, names of layers, random
 * streams that are derived by name, reports. With {@code ar-EG}, say, {@code %d} gives Arabic
 * digits, with {@code tr-TR} the lower case of I is a letter without a dot.
 *
 * <p>Our own code names the locale, or leaves numbers to {@code %s}, which gives Latin digits; the
 * libraries do not.
 */
public final class OneLocale {
  private OneLocale() {}

  /** To be called first in every process that is ours. */
  public static void use() {
    Locale.setDefault(Locale.ROOT);
  }
}
