package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Converts Keras' random augmentation layers. They are identities at inference; for training they
 * become the list that {@code cnnlab.augment.Augmentation} reads, as far as there is an equivalent.
 */
public final class RandomLayers {
  private static final String FACTOR = "factor";
  private static final String HEIGHT = "height_factor";
  private static final String WIDTH = "width_factor";

  /** Keras' fill modes and the border modes here. */
  private static final Map<String, String> BORDERS =
      Map.of("reflect", "reflect", "nearest", "nearest", "constant", "zero");

  /** Finds the equivalent of a layer; null if there is none. */
  private static final Map<String, Function<LayerConfig, Map<String, Object>>> KINDS =
      Map.of(
          "RandomFlip", RandomLayers::flip,
          "RandomRotation", RandomLayers::rotation,
          "RandomTranslation", RandomLayers::translation,
          "RandomZoom", RandomLayers::zoom,
          "RandomBrightness", RandomLayers::brightness,
          "RandomContrast", RandomLayers::contrast);

  /** Other layers that are identities at inference. RandomCrop is not: it crops the centre. */
  private static final Set<String> OTHERS =
      Set.of(
          "RandomColorDegeneration",
          "RandomColorJitter",
          "RandomElasticTransform",
          "RandomErasing",
          "RandomGaussianBlur",
          "RandomGrayscale",
          "RandomHue",
          "RandomInvert",
          "RandomPerspective",
          "RandomPosterization",
          "RandomSaturation",
          "RandomSharpness",
          "RandomShear");

  private RandomLayers() {}

  static boolean knows(String className) {
    return KINDS.containsKey(className) || OTHERS.contains(className);
  }

  static Set<String> names() {
    Set<String> all = new TreeSet<>(KINDS.keySet());
    all.addAll(OTHERS);
    return all;
  }

  /**
   * The augmentation that the layers describe.
   *
   * @param layers the layers, in their order
   * @param notes receives a note for each layer without an equivalent
   * @return entries such as {@code {rotate: {degrees: 36.0, border: reflect}}}
   */
  public static List<Map<String, Object>> augmentation(
      List<LayerConfig> layers, List<String> notes) {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (LayerConfig layer : layers) {
      Map<String, Object> entry =
          KINDS.getOrDefault(layer.className(), unknown -> null).apply(layer);
      if (entry == null) {
        notes.add(
            "layer '%s' (%s) leaves images unchanged; there is no equivalent for training here (%s)"
                .formatted(layer.path(), layer.className(), ranges(layer)));
      } else {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static String ranges(LayerConfig layer) {
    List<String> given = new ArrayList<>();
    for (String key : List.of(FACTOR, HEIGHT, WIDTH, "fill_mode")) {
      if (!layer.get(key).isMissingNode()) {
        given.add(key + " " + layer.get(key));
      }
    }
    return given.isEmpty() ? "no ranges" : String.join(", ", given);
  }

  private static Map<String, Object> flip(LayerConfig layer) {
    Set<String> known = Set.of("horizontal", "vertical", "horizontal_and_vertical");
    return Map.of("flip", Map.of("axes", layer.word("mode", "horizontal_and_vertical", known)));
  }

  /** RandomRotation; a factor of 1 is a full turn. */
  private static Map<String, Object> rotation(LayerConfig layer) {
    Double factor = symmetric(layer, FACTOR, 0.5);
    return factor == null ? null : geometric(layer, "rotate", "degrees", factor * 360);
  }

  private static Map<String, Object> translation(LayerConfig layer) {
    Double height = symmetric(layer, HEIGHT, 1);
    Double width = symmetric(layer, WIDTH, 1);
    return height == null || !height.equals(width)
        ? null
        : geometric(layer, "translate", "fraction", height);
  }

  /** RandomZoom; without a width factor it keeps the aspect ratio. */
  private static Map<String, Object> zoom(LayerConfig layer) {
    Double height = symmetric(layer, HEIGHT, 0.9);
    return height == null || !layer.get(WIDTH).isMissingNode()
        ? null
        : geometric(layer, "zoom", FACTOR, height);
  }

  private static Map<String, Object> brightness(LayerConfig layer) {
    Double factor = symmetric(layer, FACTOR, 1);
    return factor == null ? null : Map.of("brightness", Map.of("delta", factor));
  }

  /** RandomContrast; two numbers a and b mean the range from 1 − a to 1 + b. */
  private static Map<String, Object> contrast(LayerConfig layer) {
    JsonNode factor = layer.get(FACTOR);
    boolean two = factor.size() == 2 && factor.get(0).isNumber() && factor.get(1).isNumber();
    double range =
        two && factor.get(0).doubleValue() == factor.get(1).doubleValue()
            ? factor.get(0).doubleValue()
            : factor.asDouble(-1);
    return range < 0 || range > 1 || factor.isArray() && !two
        ? null
        : Map.of("contrast", Map.of(FACTOR, range));
  }

  private static Map<String, Object> geometric(
      LayerConfig layer, String name, String key, double value) {
    String border = BORDERS.get(layer.get("fill_mode").asText("reflect"));
    if (border == null || border.equals("zero") && layer.number("fill_value", 0) != 0) {
      return null;
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(key, value);
    parameters.put("border", border);
    return Map.of(name, parameters);
  }

  /** The range ±f, given as f or as [-f, f]; null for other ranges. */
  private static Double symmetric(LayerConfig layer, String key, double most) {
    JsonNode value = layer.get(key);
    boolean two = value.size() == 2 && value.get(0).isNumber() && value.get(1).isNumber();
    double range = two ? value.get(1).doubleValue() : value.asDouble(-1);
    boolean balanced = !value.isArray() || two && value.get(0).doubleValue() == -range;
    return balanced && range >= 0 && range <= most ? range : null;
  }
}
