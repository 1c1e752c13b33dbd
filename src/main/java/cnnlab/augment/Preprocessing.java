package cnnlab.augment;

import cnnlab.data.ImageSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Transforms without randomness that training and evaluation images both get, once and before
 * everything else. In YAML a list, as {@link Augmentation} is:
 *
 * <pre>{@code
 * preprocessing:
 *   - deslant    # digits upright by image moments
 * }</pre>
 */
public final class Preprocessing {
  static final String DESLANT = "deslant";

  /** Leaves every image as it is. */
  public static final Preprocessing NONE = new Preprocessing(List.of());

  private final List<String> names;

  private Preprocessing(List<String> names) {
    this.names = List.copyOf(names);
  }

  /**
   * Reads the list.
   *
   * @param list maps of one key, or names; may be empty
   * @throws IllegalArgumentException when a transform or parameter is unknown
   */
  public static Preprocessing of(List<?> list) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String where = "preprocessing[%d]".formatted(i + 1);
      Parameters parameters = Parameters.of(where, list.get(i), List.of(DESLANT));
      parameters.allow(List.of());
      names.add(parameters.name());
    }
    return new Preprocessing(names);
  }

  /** The transforms' names in their order. */
  public List<String> names() {
    return names;
  }

  /** Whether every image is left as it is. */
  public boolean isEmpty() {
    return names.isEmpty();
  }

  /** A new pipeline, for one thread; its results do not depend on the seed. */
  public Pipeline pipeline() {
    return new Pipeline(names.stream().<MatTransform>map(name -> new Deslant()).toList());
  }

  /**
   * Transforms all images.
   *
   * @return a set of the same name, shape and labels; the given one when there is nothing to do
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
