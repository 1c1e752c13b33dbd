package cnnlab.text;

import java.util.Locale;

/** How constants are written wherever a person or a file reads them. */
public final class Enums {
  private Enums() {}

  /** As configurations have it: {@code scratch}, {@code validation_auc}. */
  public static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The same as words in a sentence: {@code validation auc}. */
  public static String words(Enum<?> constant) {
    return label(constant).replace('_', ' ');
  }
}
