package cnnlab.text;

import java.util.Locale;

/** The text form of enum constants, in files and messages. */
public final class Enums {
  private Enums() {}

  /** The form used in configurations: {@code scratch}, {@code validation_auc}. */
  public static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The form used in sentences: {@code validation auc}. */
  public static String words(Enum<?> constant) {
    return label(constant).replace('_', ' ');
  }
}
