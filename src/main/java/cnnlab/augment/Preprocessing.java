package cnnlab.augment;

import cnnlab.augment.colour.StainMatch;
import cnnlab.augment.colour.StainNormalise;
import cnnlab.augment.transform.Deslant;
import cnnlab.augment.transform.MatTransform;
import cnnlab.data.ImageSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Deterministic transforms that are applied once to training and evaluation images, before
 * everything else. In YAML this is a list, like {@link Augmentation}:
 *
 * <pre>{@code
 * preprocessing:
 *   - deslant                          # digits upright by image moments
 *   - stainNormalise: {strength: 0.5}  # RGB tissue: half of the way to a common staining
 *   - stainMatch: {strength: 1}        # RGB tissue: all of the way to one template
 * }</pre>
 */
public final class Preprocessing {
  private static final String DESLANT = "deslant";

  /** The transforms. */
  static final List<String> NAMES = List.of(DESLANT, StainNormalise.NAME, StainMatch.NAME);

  /** Leaves every image unchanged. */
  public static final Preprocessing NONE = new Preprocessing(List.of());

  private final List<Step> steps;

  /** A transform: its name, and a factory for pipelines. */
  private record Step(String name, Supplier<MatTransform> create) {}

  private Preprocessing(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /**
   * Reads the list.
   *
   * @param list maps of one key, or names; may be empty
   * @throws IllegalArgumentException when a transform or parameter is unknown, or out of range
   */
  public static Preprocessing of(List<?> list) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String where = "preprocessing[%s]".formatted(i + 1);
      Parameters parameters = Parameters.of(where, list.get(i), NAMES);
      steps.add(
          switch (parameters.name()) {
            case DESLANT -> deslant(parameters);
            case StainNormalise.NAME -> stainNormalise(parameters);
            default -> stainMatch(parameters);
          });
    }
    return new Preprocessing(steps);
  }

  private static Step deslant(Parameters parameters) {
    parameters.allow(List.of());
    return new Step(DESLANT, Deslant::new);
  }

  private static Step stainNormalise(Parameters parameters) {
    parameters.allow(List.of("strength"));
    double strength = parameters.number("strength", 1, 0, 1, "1 is full strength");
    return new Step(StainNormalise.NAME, () -> new StainNormalise(strength));
  }

  private static Step stainMatch(Parameters parameters) {
    parameters.allow(List.of("strength"));
    double strength = parameters.number("strength", 1, 0, 1, "1 is all the way to the template");
    return new Step(StainMatch.NAME, () -> new StainMatch(strength));
  }

  /** The names of the transforms, in their order. */
  public List<String> names() {
    return steps.stream().map(Step::name).toList();
  }

  /** Whether every image is left unchanged. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** A new pipeline, for one thread; its results do not depend on the seed. */
  public Pipeline pipeline() {
    return new Pipeline(steps.stream().map(step -> step.create().get()).toList());
  }

  /**
   * Transforms all images.
   *
   * @return a set of the same name, shape and labels; the given set if there are no transforms
   */
  public ImageSet apply(ImageSet set) {
    if (isEmpty()) {
      return set;
    }
    Pipeline pipeline = pipeline();
    byte[] out = new byte[set.pixels().length];
    for (int i = 0; i < set.count(); i++) {
      int at = i * set.imageSize();
      pipeline.apply(set.pixels(), at, set.height(), set.width(), set.channels(), 0, out, at);
    }
    return new ImageSet(
        set.name(), set.channels(), set.height(), set.width(), set.classes(), out, set.labels());
  }
}
