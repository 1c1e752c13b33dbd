package cnnlab.augment;

import cnnlab.augment.colour.HueSaturation;
import cnnlab.augment.colour.Stain;
import cnnlab.augment.colour.StainTemplates;
import cnnlab.augment.colour.Tonal;
import cnnlab.augment.colour.Tone;
import cnnlab.augment.transform.AffineStep;
import cnnlab.augment.transform.AffineStep.Rotate;
import cnnlab.augment.transform.AffineStep.Shear;
import cnnlab.augment.transform.AffineStep.Translate;
import cnnlab.augment.transform.AffineStep.Zoom;
import cnnlab.augment.transform.Axes;
import cnnlab.augment.transform.Blur;
import cnnlab.augment.transform.Border;
import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.Cutout;
import cnnlab.augment.transform.Elastic;
import cnnlab.augment.transform.Jpeg;
import cnnlab.augment.transform.MatTransform;
import cnnlab.augment.transform.Symmetry;
import cnnlab.augment.transform.Thickness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All transforms by name; new ones are added here. */
final class Catalogue {
  private static final String TIMES = "1 is 100 %";
  private static final String OF_RANGE = "of the range from black to white";

  /** The part of a pipeline that an entry describes. */
  sealed interface Part {}

  /** An affine transform, combined with its neighbours into one warp. */
  record AffinePart(AffineStep step) implements Part {}

  /** An elastic deformation, also part of a warp. */
  record ElasticPart(Elastic elastic) implements Part {}

  /** A separate transform, created once for each pipeline because it is not thread-safe. */
  record PixelPart(Function<Chance, MatTransform> create) implements Part {}

  /**
   * How a kind of transform is read; {@code keys} are its parameters except probability and border.
   */
  private record Kind(List<String> keys, boolean geometric, Function<Parameters, Part> read) {}

  private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

  static {
    affine("rotate", List.of("degrees"), p -> new Rotate(p.number("degrees", 0, 180, "degrees")));
    affine("translate", List.of("pixels", "fraction"), Catalogue::translate);
    affine(
        "zoom",
        List.of("factor", "perAxis"),
        p -> new Zoom(p.number("factor", 0, 0.9, TIMES), p.number("perAxis", 0, 0, 0.9, TIMES)));
    affine(
        "shear",
        List.of("factor", "axes"),
        p ->
            new Shear(
                p.number("factor", 0, 2, "pixels per pixel"),
                p.choice("axes", Axes.HORIZONTAL, Axes.class)));
    KINDS.put(
        "elastic",
        new Kind(
            List.of("alpha", "sigma"),
            true,
            p ->
                new ElasticPart(
                    new Elastic(
                        p.number("alpha", 0, 10_000, "pixels"),
                        p.number("sigma", 0.5, 100, "pixels")))));
    pixels("flip", List.of("axes"), Catalogue::flip);
    pixels("quarterTurns", List.of(), p -> Symmetry.QuarterTurns::new);
    pixels("transpose", List.of(), p -> Symmetry.Transpose::new);
    pixels("brightness", List.of("delta"), Catalogue::brightness);
    pixels("contrast", List.of("factor"), Catalogue::contrast);
    pixels("thickness", List.of("amount"), Catalogue::thickness);
    pixels("stain", List.of("sigma", "bias"), Catalogue::stain);
    pixels("tonal", List.of("range", "about"), Catalogue::tonal);
    pixels("hueSaturation", List.of("hue", "saturation"), Catalogue::hueSaturation);
    pixels("channelShift", List.of("delta"), Catalogue::channelShift);
    pixels("cutout", List.of("size"), Catalogue::cutout);
    pixels("blur", List.of("sigma"), Catalogue::blur);
    pixels("jpeg", List.of("lowest", "highest"), Catalogue::jpeg);
    pixels(StainTemplates.NAME, List.of("count", "strength"), Catalogue::stainTemplates);
    pixels("randomised", List.of("transforms", "magnitude", "list"), Catalogue::randomised);
  }

  private Catalogue() {}

  /** The names of all transforms. */
  static List<String> names() {
    return List.copyOf(KINDS.keySet());
  }

  /**
   * An entry of a pipeline.
   *
   * @param description its name and parameters
   * @param part the part it describes
   * @param probability the probability of being applied, in (0, 1]
   * @param border the border mode; ignored for a {@link PixelPart}
   */
  record Item(Augmentation.Transform description, Part part, double probability, Border border) {}

  /** Reads an entry; {@code border} is the default border mode. */
  static Item read(Parameters parameters, Border border) {
    Kind kind = KINDS.get(parameters.name());
    List<String> keys = new ArrayList<>(kind.keys);
    keys.add("probability");
    if (kind.geometric) {
      keys.add("border");
    }
    parameters.allow(keys);
    Part part = kind.read.apply(parameters);
    double probability = parameters.probability();
    Border own = kind.geometric ? parameters.choice("border", border, Border.class) : border;
    return new Item(
        new Augmentation.Transform(parameters.name(), parameters.resolved()),
        part,
        probability,
        own);
  }

  private static void affine(
      String name, List<String> keys, Function<Parameters, AffineStep> read) {
    KINDS.put(name, new Kind(keys, true, p -> new AffinePart(read.apply(p))));
  }

  private static void pixels(
      String name, List<String> keys, Function<Parameters, Function<Chance, MatTransform>> read) {
    KINDS.put(name, new Kind(keys, false, p -> new PixelPart(read.apply(p))));
  }

  private static AffineStep translate(Parameters p) {
    return p.isFirst("pixels", "fraction")
        ? new Translate(p.number("pixels", 0, 10_000, "pixels"), false)
        : new Translate(p.number("fraction", 0, 1, "of the image's side"), true);
  }

  private static Function<Chance, MatTransform> flip(Parameters p) {
    Axes axes = p.choice("axes", null, Axes.class);
    return chance -> new Symmetry.Flip(axes, chance);
  }

  private static Function<Chance, MatTransform> brightness(Parameters p) {
    double delta = p.number("delta", 0, 1, OF_RANGE);
    return chance -> new Tone.Brightness(delta, chance);
  }

  private static Function<Chance, MatTransform> contrast(Parameters p) {
    double factor = p.number("factor", 0, 1, TIMES);
    return chance -> new Tone.Contrast(factor, chance);
  }

  private static Function<Chance, MatTransform> thickness(Parameters p) {
    double amount = p.number("amount", 0, 1, "share of the 2x2 dilation or erosion");
    return chance -> new Thickness(amount, chance);
  }

  private static Function<Chance, MatTransform> stain(Parameters p) {
    double sigma = p.number("sigma", 0, 1, "share of each stain's amount");
    double bias = p.number("bias", 0, 0, 1, "optical density");
    return chance -> new Stain(sigma, bias, chance);
  }

  private static Function<Chance, MatTransform> tonal(Parameters p) {
    double range = p.number("range", 0, 1, TIMES);
    Tonal.Pivot pivot = p.choice("about", Tonal.Pivot.MEAN, Tonal.Pivot.class);
    return chance -> new Tonal(range, pivot, chance);
  }

  private static Function<Chance, MatTransform> hueSaturation(Parameters p) {
    double hue = p.number("hue", 0, 180, "degrees");
    double saturation = p.number("saturation", 0, 0, 1, TIMES);
    return chance -> new HueSaturation(hue, saturation, chance);
  }

  private static Function<Chance, MatTransform> channelShift(Parameters p) {
    double delta = p.number("delta", 0, 1, OF_RANGE);
    return chance -> new Tone.ChannelShift(delta, chance);
  }

  private static Function<Chance, MatTransform> cutout(Parameters p) {
    int size = p.whole("size", 1, 10_000, "pixels");
    return chance -> new Cutout(size, chance);
  }

  private static Function<Chance, MatTransform> blur(Parameters p) {
    double sigma = p.number("sigma", 0, 100, "pixels");
    return chance -> new Blur(sigma, chance);
  }

  private static Function<Chance, MatTransform> jpeg(Parameters p) {
    int lowest = p.whole("lowest", 1, 100, "JPEG quality");
    int highest = p.whole("highest", Math.max(lowest, 95), lowest, 100, "JPEG quality");
    return chance -> new Jpeg(lowest, highest, chance);
  }

  private static Function<Chance, MatTransform> stainTemplates(Parameters p) {
    int count = p.whole("count", 1, StainTemplates.MOST, "templates to draw from");
    double strength = p.number("strength", 1, 0, 1, "1 is all the way to the template");
    return chance -> new StainTemplates(count, strength, chance);
  }

  private static Function<Chance, MatTransform> randomised(Parameters p) {
    int transforms = p.whole("transforms", 1, 20, "drawn for each image");
    double magnitude = p.number("magnitude", 0, Randomising.STRONGEST, "10 is the strongest");
    Randomising.Choice list = p.choice("list", Randomising.Choice.ALL, Randomising.Choice.class);
    return chance -> Randomising.create(transforms, magnitude, list, chance);
  }
}
