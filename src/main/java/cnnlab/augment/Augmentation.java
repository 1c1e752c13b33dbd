package cnnlab.augment;

import cnnlab.augment.Catalogue.AffinePart;
import cnnlab.augment.Catalogue.ElasticPart;
import cnnlab.augment.Catalogue.Item;
import cnnlab.augment.Catalogue.Part;
import cnnlab.augment.Catalogue.PixelPart;
import cnnlab.augment.colour.Stain;
import cnnlab.augment.colour.StainTemplates;
import cnnlab.augment.colour.Tonal;
import cnnlab.augment.colour.Tone;
import cnnlab.augment.transform.AffineStep;
import cnnlab.augment.transform.Blur;
import cnnlab.augment.transform.Border;
import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.Cutout;
import cnnlab.augment.transform.Elastic;
import cnnlab.augment.transform.Jpeg;
import cnnlab.augment.transform.MatTransform;
import cnnlab.augment.transform.Symmetry;
import cnnlab.augment.transform.Thickness;
import cnnlab.augment.transform.Warp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The configured random transforms of 8-bit images; immutable. Each thread needs its own {@link
 * #pipeline()}.
 *
 * <p>In YAML this is a list, applied from top to bottom:
 *
 * <pre>{@code
 * augmentation:
 *   - border: zero                   # for what follows: zero (default), reflect, nearest
 *   - rotate: {degrees: 15}          # uniform in ±15°; Keras RandomRotation(15/360)
 *   - shear: {factor: 0.3}           # ±0.3 pixels per row; axes: horizontal (default), vertical, ...
 *   - zoom: {factor: 0.2, perAxis: 0.12}   # ±20 %, then ±12 % for each axis
 *   - translate: {pixels: 2}         # or {fraction: 0.1} of the side
 *   - elastic: {alpha: 60, sigma: 5} # strength 0..60
 *   - thickness: {amount: 0.5, probability: 0.8}   # every transform has a probability, default 1
 *   - flip: {axes: horizontal_and_vertical}        # each axis with probability 1/2
 *   - quarterTurns                   # 0°, 90°, 180°, 270°
 *   - transpose                      # with probability 1/2
 *   - brightness: {delta: 0.1}       # ± of the whole range
 *   - contrast: {factor: 0.2}        # 1 ± 0.2 about the channel's mean
 *   - stain: {sigma: 0.05, bias: 0.05}   # RGB: amounts of haematoxylin, eosin and the rest
 *   - tonal: {range: 0.2}            # RGB: contrast between purple and white; about: mean, white
 *   - hueSaturation: {hue: 10, saturation: 0.2}    # RGB: ±10°, 1 ± 0.2
 *   - channelShift: {delta: 0.05}    # as brightness, for each channel on its own
 *   - cutout: {size: 8}              # hides a square of 8x8 pixels
 *   - blur: {sigma: 1}               # Gaussian, 0..1 pixels
 *   - jpeg: {lowest: 40, highest: 90}              # quality 40..90; highest: default 95
 *   - stainTemplates: {count: 8, strength: 1}      # RGB: to one of 8 stainings
 *   - randomised: {transforms: 2, magnitude: 5}    # RGB: RandAugment; list: all, colour
 * }</pre>
 *
 * <p>Adjacent rotations, shears, zooms, shifts and an elastic deformation with the same border
 * become one warp, so that the image is interpolated only once. All positions are relative to the
 * centre. Ranges have the same meaning as in Keras, if Keras has the transform; see {@link
 * AffineStep}, {@link Elastic}, {@link Symmetry}, {@link Tone}, {@link Thickness}, {@link Stain},
 * {@link Tonal}, {@link HueSaturation}, {@link Cutout}, {@link Blur}, {@link Jpeg}, {@link
 * StainTemplates}, {@link Randomising}. Transforms marked RGB reject grey images.
 */
public final class Augmentation {
  /** The name of the list in messages. */
  private static final String KEY = "augmentation";

  private static final String BORDER = "border";

  /** Leaves every image unchanged. */
  public static final Augmentation NONE = new Augmentation(List.of());

  private final List<Item> items;

  /**
   * A configured transform.
   *
   * @param name its name, such as {@code "rotate"}
   * @param parameters all its parameters, including defaults, numbers as Double
   */
  public record Transform(String name, Map<String, Object> parameters) {
    public Transform {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** A numeric parameter, or 0 if there is none of this name. */
    double number(String key) {
      return parameters.get(key) instanceof Number n ? n.doubleValue() : 0;
    }
  }

  private Augmentation(List<Item> items) {
    this.items = List.copyOf(items);
  }

  /**
   * Reads a pipeline.
   *
   * @param list the list as Jackson or SnakeYAML returns it: maps of one key, or names; may be
   *     empty
   * @throws IllegalArgumentException when a transform or parameter is unknown, missing or out of
   *     range; the message gives the entry (counted from 1), what was found and what is allowed
   */
  public static Augmentation of(List<?> list) {
    List<String> known = new ArrayList<>(Catalogue.names());
    known.add(BORDER);
    known.addAll(Preprocessing.NAMES);
    List<Item> items = new ArrayList<>();
    Border border = Border.ZERO;
    for (int i = 0; i < list.size(); i++) {
      String where = "%s[%s]".formatted(KEY, i + 1);
      Parameters parameters = Parameters.of(where, list.get(i), known);
      if (Preprocessing.NAMES.contains(parameters.name())) {
        throw new IllegalArgumentException(
            "%s: %s is not random and evaluation images need it too; put it under preprocessing"
                .formatted(where, parameters.name()));
      }
      if (parameters.name().equals(BORDER)) {
        border = Parameters.choose(where + ": border", parameters.given(), Border.class);
      } else {
        items.add(Catalogue.read(parameters, border));
      }
    }
    return new Augmentation(items);
  }

  /** The transforms, in their order. */
  public List<Transform> transforms() {
    return items.stream().map(Item::description).toList();
  }

  /** Whether every image is left unchanged. */
  public boolean isEmpty() {
    return items.isEmpty();
  }

  /** A new pipeline, for one thread. */
  public Pipeline pipeline() {
    List<Supplier<MatTransform>> stages = new ArrayList<>();
    Map<String, Integer> occurrences = new HashMap<>();
    WarpBuilder warp = null;
    for (Item item : items) {
      String name = item.description().name();
      int occurrence = occurrences.merge(name, 1, Integer::sum) - 1;
      Chance chance = Chance.of(name, occurrence, item.probability());
      if (item.part() instanceof PixelPart pixel) {
        stages.add(() -> pixel.create().apply(chance));
        warp = null;
      } else {
        if (warp == null || !warp.takes(item)) {
          warp = new WarpBuilder(item.border());
          stages.add(warp::build);
        }
        warp.add(item.part(), chance);
      }
    }
    return new Pipeline(stages.stream().map(Supplier::get).toList());
  }

  /** Collects adjacent transforms that become one warp. */
  private static final class WarpBuilder {
    private final Border border;
    private final List<Warp.Step> before = new ArrayList<>();
    private final List<Warp.Step> after = new ArrayList<>();
    private Elastic elastic;
    private Chance elasticChance;

    WarpBuilder(Border border) {
      this.border = border;
    }

    boolean takes(Item item) {
      return item.border() == border && (elastic == null || item.part() instanceof AffinePart);
    }

    void add(Part part, Chance chance) {
      if (part instanceof AffinePart affine) {
        (elastic == null ? before : after).add(new Warp.Step(affine.step(), chance));
      } else if (part instanceof ElasticPart deformation) {
        elastic = deformation.elastic();
        elasticChance = chance;
      }
    }

    Warp build() {
      return new Warp(List.copyOf(before), elastic, elasticChance, List.copyOf(after), border);
    }
  }
}
