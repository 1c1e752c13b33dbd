package cnnlab.text;

import java.util.Locale;

/**
 * One locale for all output, whatever the user's locale is: file names, layer names, random streams
 * derived from names, reports. In {@code ar-EG}, for example, {@code %d} prints Arabic digits, and
 * in {@code tr-TR} the lower case of I is a dotless letter.
 *
 * <p>This project's code names the locale, or formats numbers with {@code %s}, which prints Latin
 * digits; the libraries do not.
 */
public final class OneLocale {
  private OneLocale() {}

  /** Sets the default locale; every process of this project calls it first. */
  public static void use() {
    Locale.setDefault(Locale.ROOT);
  }
}
