package cnnlab.augment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Each transform with one number to choose, for people who try it on. */
public final class AugmentationChoices {
  private static final int GREY = 1;

  /** Every transform once, in the order in which they are applied. */
  private static final List<Choice> ALL =
      List.of(
          number("rotate", "degrees", new Range(0, 180, 18, "°")),
          number("shear", "factor", new Range(0, 2, 0.2, "pixels per row")),
          number("zoom", "factor", new Range(0, 0.9, 0.1, "of the size")),
          number("translate", "fraction", new Range(0, 1, 0.1, "of the side")),
          number("elastic", "alpha", new Range(0, 200, 40, "strength"), "sigma", 5),
          number("thickness", "amount", new Range(0, 1, 0.5, "of a 2x2 brush")),
          plain("flip", "axes", "horizontal_and_vertical"),
          plain("quarterTurns"),
          plain("transpose"),
          number("brightness", "delta", new Range(0, 1, 0.1, "of the range")),
          number("contrast", "factor", new Range(0, 1, 0.2, "times")),
          number("stain", "sigma", new Range(0, 1, 0.05, "of the amount"), "bias", 0.02),
          number("tonal", "range", new Range(0, 1, 0.2, "times")),
          number("hueSaturation", "hue", new Range(0, 180, 10, "°"), "saturation", 0.2),
          number("channelShift", "delta", new Range(0, 1, 0.05, "of the range")),
          number("cutout", "size", new Range(1, 28, 8, "pixels")),
          number("blur", "sigma", new Range(0, 10, 1, "pixels")),
          number("jpeg", "lowest", new Range(1, 100, 40, "quality at least")),
          number("stainTemplates", "count", new Range(1, 8, 8, "stainings")),
          number("randomised", "magnitude", new Range(0, 10, 5, "of 10"), "transforms", 2));

  /** What the lab report uses on digits, and what turns patches into their eight orientations. */
  private static final List<String> ON_DIGITS = List.of("rotate", "zoom", "translate");

  private static final List<String> ON_PATCHES = List.of("flip", "transpose");

  /** Transforms that need a border; black corners do not occur on tissue. */
  private static final List<String> GEOMETRIC =
      List.of("rotate", "shear", "zoom", "translate", "elastic");

  private AugmentationChoices() {}

  /** The values of a number. */
  private record Range(double least, double most, double usual, String unit) {}

  /**
   * A transform to choose.
   *
   * @param name as in a configuration
   * @param parameter the number to choose, or empty if there is none
   * @param least its least value
   * @param most its largest value
   * @param usual a value to begin with
   * @param unit what it counts
   * @param others the other parameters
   * @param first whether it is chosen at the beginning
   */
  public record Choice(
      String name,
      String parameter,
      double least,
      double most,
      double usual,
      String unit,
      Map<String, Object> others,
      boolean first) {
    /** The entry of a configuration with the usual value. */
    public Map<String, Object> entry() {
      Map<String, Object> parameters = new LinkedHashMap<>(others);
      if (!parameter.isEmpty()) {
        parameters.put(parameter, usual);
      }
      return Map.of(name, parameters);
    }

    private Choice with(Map<String, Object> more, boolean chosen) {
      Map<String, Object> all = new LinkedHashMap<>(others);
      all.putAll(more);
      return new Choice(name, parameter, least, most, usual, unit, all, chosen);
    }
  }

  private static Choice number(String name, String parameter, Range range) {
    return new Choice(
        name, parameter, range.least, range.most, range.usual, range.unit, Map.of(), false);
  }

  private static Choice number(
      String name, String parameter, Range range, String other, Object value) {
    return number(name, parameter, range).with(Map.of(other, value), false);
  }

  private static Choice plain(String name) {
    return new Choice(name, "", 0, 0, 0, "", Map.of(), false);
  }

  private static Choice plain(String name, String other, Object value) {
    return plain(name).with(Map.of(other, value), false);
  }

  /**
   * The transforms that images can have.
   *
   * @param channels 1 for digits, 3 for patches of tissue
   */
  public static List<Choice> of(int height, int width, int channels) {
    List<String> first = channels == GREY ? ON_DIGITS : ON_PATCHES;
    List<Choice> fitting = new ArrayList<>();
    for (Choice choice : ALL) {
      boolean border = channels != GREY && GEOMETRIC.contains(choice.name);
      Choice made =
          choice.with(border ? Map.of("border", "reflect") : Map.of(), first.contains(choice.name));
      if (fits(made, height, width, channels)) {
        fitting.add(made);
      }
    }
    return fitting;
  }

  /** Some transforms need colours, and thickness needs bright strokes on black. */
  private static boolean fits(Choice choice, int height, int width, int channels) {
    if (channels != GREY && choice.name.equals("thickness")) {
      return false;
    }
    byte[] image = new byte[height * width * channels];
    try {
      Augmentation.of(List.of(choice.entry()))
          .pipeline()
          .apply(image, 0, height, width, channels, 1, image, 0);
      return true;
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }
}
