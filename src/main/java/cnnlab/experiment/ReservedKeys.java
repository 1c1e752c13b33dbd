package cnnlab.experiment;

import java.util.Set;

/**
 * Keys of a task that have one value for a whole run or sweep. A variant or a point of a sweep must
 * not set them: the value would be ignored, or the comparison would not use the same draws and
 * images.
 */
public final class ReservedKeys {
  private static final Set<String> KEYS =
      Set.of(
          "experiment",
          "seed",
          "data",
          "repetitions",
          "validation",
          "groups",
          "validationFraction",
          "evaluationLimit",
          "keepWeightsEvery",
          "threads",
          "dl4j",
          "variants",
          "claims");

  private ReservedKeys() {}

  /**
   * Whether a key is reserved or lies inside a reserved section.
   *
   * @param key dotted, such as {@code dl4j.onednn}
   */
  public static boolean contains(String key) {
    return KEYS.contains(key.replaceFirst("\\..*", ""));
  }
}
