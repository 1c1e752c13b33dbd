package cnnlab.experiment;

import java.util.Set;

/**
 * Keys of a task that are read once for a whole run or sweep: neither a variant nor a point of a
 * sweep can have its own value of them. Set there they would be ignored, or comparisons would not
 * be of the same draws and images.
 */
public final class ReservedKeys {
  private static final Set<String> KEYS =
      Set.of(
          "experiment",
          "seed",
          "data",
          "repetitions",
          "validationFraction",
          "evaluationLimit",
          "threads",
          "dl4j",
          "variants",
          "claims");

  private ReservedKeys() {}

  /**
   * Whether a key is one of them, or inside one.
   *
   * @param key dotted, such as {@code dl4j.onednn}
   */
  public static boolean contains(String key) {
    return KEYS.contains(key.replaceFirst("\\..*", ""));
  }
}
