package cnnlab.experiment;

import cnnlab.augment.Augmentation;
import cnnlab.augment.AugmentationAdvice;
import cnnlab.config.Checks;
import cnnlab.config.ConfigException;
import cnnlab.config.ConfigLoader;
import cnnlab.console.FittedStream;
import cnnlab.engine.EngineKind;
import cnnlab.text.Enums;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One of the settings that an experiment compares.
 *
 * @param name the name, unique in the experiment; part of file names
 * @param config the configuration with the variant's keys set
 */
public record Variant<C extends Record>(String name, C config) {
  /**
   * The variants of a configuration; without any, the configuration itself is the only one.
   *
   * @param config the base configuration
   * @param name the only variant's name
   * @param entries the variants, each with {@code name} and {@code set}, the keys that differ
   * @throws ConfigException when a variant has no name or a name already used, or sets an unknown
   *     key or one of {@link ReservedKeys}
   */
  public static <C extends Record> List<Variant<C>> of(
      C config, String name, List<Map<String, Object>> entries) {
    if (entries.isEmpty()) {
      return List.of(new Variant<>(name, config));
    }
    List<Variant<C>> variants = new ArrayList<>();
    for (Map<String, Object> entry : entries) {
      variants.add(one(config, entry, names(variants)));
    }
    return variants;
  }

  private static <C extends Record> Variant<C> one(
      C config, Map<String, Object> entry, List<String> taken) {
    if (!(entry.get("name") instanceof String name)
        || !(entry.getOrDefault("set", Map.of()) instanceof Map<?, ?> sets)
        || !Checks.isFolderName(name)
        || taken.contains(name)) {
      throw new ConfigException(
          "variants: %s found; each needs a name of its own (lower-case letters, digits and hyphens) and may have set: {key: value}"
              .formatted(entry));
    }
    Map<String, Object> keys = new LinkedHashMap<>();
    sets.forEach((key, value) -> keys.put(String.valueOf(key), value));
    keys.keySet().stream()
        .filter(ReservedKeys::contains)
        .findFirst()
        .ifPresent(
            key -> {
              throw new ConfigException(
                  "variants: %s sets %s, which is the same for all variants of a run; set it outside the variants"
                      .formatted(name, key));
            });
    return new Variant<>(name, ConfigLoader.with(config, keys, "variants: " + name));
  }

  /** The engines that train the variants, for display: {@code scratch}, {@code scratch, dl4j}. */
  public static <C extends Record> String engines(
      List<Variant<C>> variants, Function<C, EngineKind> engine) {
    return variants.stream()
        .map(v -> Enums.label(engine.apply(v.config())))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** The names of the variants, in order. */
  public static List<String> names(List<? extends Variant<?>> variants) {
    return variants.stream().<String>map(Variant::name).toList();
  }

  /**
   * Prints each warning about the variants' augmentation once.
   *
   * @param dataset as in {@link AugmentationAdvice#warnings}
   */
  public static <C extends Record & TrainingConfig> void printWarnings(
      List<Variant<C>> variants, String dataset, PrintStream out) {
    variants.stream()
        .map(v -> Augmentation.of(v.config().augmentation()))
        .flatMap(augmentation -> AugmentationAdvice.warnings(dataset, augmentation).stream())
        .distinct()
        .forEach(warning -> FittedStream.prose(out, "Warning: " + warning));
  }
}
